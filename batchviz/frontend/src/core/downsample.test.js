import assert from "node:assert/strict";
import { test } from "node:test";

import { band, extremes } from "./downsample.js";

const x = Float64Array.from({ length: 5000 }, (_, i) => i);
const y = x.map((i) => Math.sin(i * 12.9898) * 4); // looks like noise, and is the same every time
y[1234] = 50;
y[4321] = -50;

test("downsampling keeps the extremes and the ends", () => {
  const kept = extremes(x, y, { limit: 600 });
  assert.ok(kept.x.length <= 600);
  assert.equal(Math.max(...kept.y), 50);
  assert.equal(Math.min(...kept.y), -50);
  assert.deepEqual([kept.x.at(0), kept.x.at(-1)], [0, 4999]);
  assert.deepEqual(
    [...kept.x],
    [...kept.x].sort((a, b) => a - b),
  );
  assert.ok(kept.x.every((at, i) => kept.y[i] === y[at]));
});

test("few points are all kept", () => {
  assert.equal(extremes(x, y, { limit: 5000 }).x.length, 5000);
});

test("a zoomed range is drawn in full detail with its neighbours", () => {
  const kept = extremes(x, x, { from: 100, to: 110, limit: 600 });
  assert.deepEqual(
    [...kept.x],
    Array.from({ length: 12 }, (_, i) => 100 + i),
  );
});

test("a bucket without a number is left out", () => {
  const gaps = y.slice().fill(NaN, 1000, 2000);
  assert.ok(extremes(x, gaps, { limit: 600 }).y.every((value) => Number.isFinite(value)));
});

test("a band encloses every value", () => {
  const edge = band(x, y, y, { limit: 300 });
  assert.equal(edge.x.length, 300);
  assert.equal(edge.x.at(-1), 4999);
  assert.equal(Math.max(...edge.high), 50);
  assert.equal(Math.min(...edge.low), -50);
  assert.ok(edge.low.every((low, i) => low <= edge.high[i]));
});
