import assert from "node:assert/strict";
import { test } from "node:test";

import { bulk, ceilingOver, logTicks, tickText, xRange, yRange } from "./ranges.js";

test("a range leaves a little room around its values, and none below 0", () => {
  assert.deepEqual(
    yRange([1, 2, NaN, null], { log: false }).map((end) => end.toFixed(2)),
    ["0.94", "2.06"],
  );
  assert.equal(yRange([0.01, 2], { log: false })[0], 0);
  assert.ok(yRange([-1, 2], { log: false })[0] < -1);
});

test("nothing to show still has a range", () => {
  assert.deepEqual(yRange([NaN], { log: false }), [0, 1]);
  assert.deepEqual(yRange([0, -1], { log: true }), [-2, 0]);
});

test("a single value does not make an axis without extent", () => {
  const [low, high] = yRange([5], { log: false });
  assert.ok(low < 5 && high > 5);
});

test("a value near 0 by luck does not stretch a logarithmic axis without end", () => {
  const [low, high] = yRange([1e-30, 1], { log: true });
  assert.ok(low > -3.5 && low <= -3 && high > 0);
});

test("a diverging run does not flatten the others, but accuracy may grow as far as it likes", () => {
  assert.ok(yRange([1, 0.1, 1e6], { log: false, ceiling: ceilingOver([1, 0.9], false) })[1] < 5);
  assert.ok(yRange([0.1, 0.97], { log: false, ceiling: ceilingOver([0.1], true) })[1] > 0.97);
  assert.equal(ceilingOver([NaN], false), Infinity);
});

test("the x-axis begins at 0, or where a logarithm begins", () => {
  assert.deepEqual(xRange(10), [0, 10]);
  assert.deepEqual(xRange(0), [0, 1]);
  assert.deepEqual(xRange(10, { room: 0.03 }), [0, 10.3]);
  assert.deepEqual(xRange(100, { log: true, first: 1 }), [0, 2.08]);
  assert.deepEqual(xRange(1, { log: true, first: 1 }), [0, 1]);
});

test("of the noise only the bulk counts", () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => i);
  values[0] = -1e9;
  values[999] = 1e9;
  assert.deepEqual(bulk(values, false), [20, 989]);
  assert.deepEqual(bulk([NaN], false), []);
  assert.deepEqual(bulk([0, -1, 3], true), [3, 3]);
});

test("a log axis has plain ticks inside its range", () => {
  assert.deepEqual(logTicks([-2, 0]), [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  assert.deepEqual(logTicks([0, 4]), [1, 10, 100, 1000, 10000]);
  for (const range of /** @type {[number, number][]} */ ([
    [-1.5, -0.6],
    [0, 0.5],
    [-3.2, 1],
  ])) {
    const shown = logTicks(range).map(Math.log10);
    assert.ok(shown.length >= 2);
    assert.ok(shown.every((tick) => tick >= range[0] && tick <= range[1]));
  }
});

test("ticks are plain decimals with thousands apart", () => {
  assert.deepEqual([0.05, 1, 1000, 20000].map(tickText), ["0.05", "1", "1,000", "20,000"]);
});
