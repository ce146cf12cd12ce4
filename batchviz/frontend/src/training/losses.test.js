import assert from "node:assert/strict";
import { test } from "node:test";

import { LOSSES } from "./losses.js";

const floats = (/** @type {number[]} */ ...values) => Float32Array.from(values);

test("an error is the mean over rows and outputs", () => {
  const { loss, metric } = LOSSES.regression(floats(1, 2, 3, 4), floats(1, 0, 0, 3), 2, 2);
  assert.equal(loss, (4 + 9 + 1) / 4);
  assert.equal(metric, (2 + 3 + 1) / 4);
});

test("of classes with equal answers the first counts, as in Keras", () => {
  const { loss, metric } = LOSSES.classification(floats(1, 1, 0, 0, 2, 2, 3, 3, 3), floats(0, 2, 0), 3, 3);
  assert.equal(metric, Math.fround(2 / 3));
  const expected = (Math.log(2 + Math.exp(-1)) + Math.log(2 + Math.exp(-2)) + Math.log(3)) / 3;
  assert.ok(Math.abs(loss - expected) < 1e-7);
});

test("large answers overflow no exponential", () => {
  const gradients = new Float32Array(2);
  const { loss } = LOSSES.classification(floats(1000, -1000), floats(1), 1, 2, gradients);
  assert.equal(loss, 2000);
  assert.deepEqual([...gradients], [1, -1]);
});

test("what is too large for float32 is infinite", () => {
  assert.equal(LOSSES.regression(floats(2e19, 0, 0, 0), floats(0, 0, 0, 0), 4, 1).loss, Infinity);
  assert.ok(Number.isNaN(LOSSES.classification(floats(NaN, 0), floats(1), 1, 2).loss));
});
