import assert from "node:assert/strict";
import { test } from "node:test";

import { broken, commonGaps, gapsOf, inGap } from "./joins.js";
import { cut } from "./curves.js";

const X = Float64Array.of(0, 1, 2);
const OLD = { x: X, y: Float64Array.of(4, 2, 1), gaps: gapsOf(X, [0, 25, 50]) };

test("a line joins measurements whose updates are near in log", () => {
  assert.deepEqual(gapsOf([0, 1, 2, 5, 20, 25, 50], [0, 1, 2, 5, 20, 25, 50]), []);
  assert.deepEqual(OLD.gaps, [[0, 1]]);
  assert.deepEqual(gapsOf([0, 1, 2], [NaN, NaN, NaN]), [], "a history has a row an epoch");
});

test("across a gap there is no line, and what no line reaches is a dot", () => {
  assert.deepEqual(broken(OLD, OLD.gaps), {
    x: [0, 1, 1, 2],
    y: [4, NaN, 2, 1],
    marks: { size: [5, 0, 0, 0] },
  });
  assert.deepEqual(broken({ x: X, y: OLD.y }), { x: X, y: OLD.y });
});

test("of several runs a gap is what all have", () => {
  assert.deepEqual(commonGaps([OLD.gaps, [[0, 1]]]), [[0, 1]]);
  assert.deepEqual(commonGaps([OLD.gaps, []]), []);
  assert.deepEqual(commonGaps([]), []);
  assert.deepEqual(
    [0, 0.5, 1].map((x) => inGap(OLD.gaps, x)),
    [false, true, false],
  );
});

test("a playback that stands in a gap shows the measurement before it", () => {
  assert.deepEqual([...cut(OLD, 0.5).x], [0]);
  assert.deepEqual([...cut(OLD, 1.5).x], [0, 1, 1.5]);
});
