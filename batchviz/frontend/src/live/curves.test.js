import assert from "node:assert/strict";
import { test } from "node:test";

import { cut } from "./curves.js";
import { explainUpdates, updatesHeading, updatesOfAStep } from "./describe.js";

const CURVE = { x: Float64Array.from([0, 1, 3]), y: Float64Array.from([4, 2, 0]) };
const at = (/** @type {number | null} */ position) => {
  const { x, y } = cut(CURVE, position);
  return [[...x], [...y]];
};

test("a curve is cut on its straight line", () => {
  assert.deepEqual(at(2), [
    [0, 1, 2],
    [4, 2, 1],
  ]);
  assert.deepEqual(at(0), [
    [0, 0],
    [4, 4],
  ]);
});

test("before its first point nothing is left, after its last everything, as without a position", () => {
  assert.deepEqual(at(-1), [[], []]);
  assert.equal(cut(CURVE, 3), CURVE);
  assert.equal(cut(CURVE, null), CURVE);
});

test("one point stands for one update, or for several, and that is said", () => {
  const short = /** @type {any} */ ({ id: "short", updateRows: 10, stride: 1 });
  const long = /** @type {any} */ ({ id: "long", updateRows: 10, stride: 2048 });
  assert.match(explainUpdates([short], { seeds: false }), /every single update/);
  assert.match(explainUpdates([short, long], { seeds: false }), /the mean of up to 2,048 updates a point/);
  assert.deepEqual([updatesHeading([short]), updatesHeading([long])], ["batch", "mean of 2,048 updates"]);
  assert.deepEqual(
    [updatesOfAStep([short, long]), updatesOfAStep([long]), updatesOfAStep([])],
    ["one update", "2,048 updates", "one update"],
  );
});
