import assert from "node:assert/strict";
import { test } from "node:test";

import { readings } from "./tooltip.js";

/** @type {import("./scene.js").Curve} */
const CURVE = {
  name: "B = 8",
  color: "#123456",
  panel: 0,
  series: [
    {
      heading: "training",
      x: [0, 1, 2, 3],
      y: [9, 8, 7, NaN],
      dot: "full",
      low: [9, 7, 7, 7],
      high: [9, 9, 7, 7],
    },
    { heading: "batch", x: [0.4, 0.8, 1.2], y: [5, 6, 7], dot: "none" },
  ],
};

test("the nearest measurement is read: nothing in between is made up, nothing after the last", () => {
  const [{ x, values }] = readings([CURVE], 0.9, null);
  assert.deepEqual([x, values.map(({ y }) => y)], [1, [8, 6]]);
  assert.equal(readings([CURVE], 99, null)[0].x, 3);
});

test("what the playback has not reached is not read", () => {
  assert.equal(readings([CURVE], 2.1, 1.9)[0].x, 1);
  assert.deepEqual(readings([CURVE], 2, -1), []);
});

test("a band is told where its ends differ", () => {
  assert.deepEqual(readings([CURVE], 1, null)[0].band, [7, 9]);
  assert.equal(readings([CURVE], 2, null)[0].band, null);
});

test("the highest value that has a dot stands first; what was not measured stands last", () => {
  assert.equal(readings([CURVE], 1, null)[0].rank, 8);
  assert.ok(readings([CURVE], 3, null)[0].rank < -1e300);
});
