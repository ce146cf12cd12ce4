import assert from "node:assert/strict";
import { test } from "node:test";

import { even, upTo } from "./track.js";

const line = { x: [0, 1, 3], y: [0.1, 0.5, 0.9] };

test("between two measurements a line is straight, and what was measured last is told", () => {
  assert.deepEqual(upTo(line, 0), { xs: [0, 0], ys: [0.1, 0.1], head: 0.1, measured: 0.1 });
  assert.deepEqual(upTo(line, 2), { xs: [0, 1, 2], ys: [0.1, 0.5, 0.7], head: 0.7, measured: 0.5 });
});

test("at the end it is whole", () => {
  assert.deepEqual(upTo(line, 3), { xs: [0, 1, 3], ys: [0.1, 0.5, 0.9], head: 0.9, measured: 0.9 });
});

test("the axis is marked at whole epochs", () => {
  assert.deepEqual(
    [10, 6, 12, 7].map((end) => even(end, 5)),
    [5, 3, 4, 1],
  );
});
