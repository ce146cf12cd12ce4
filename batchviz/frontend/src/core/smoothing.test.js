import assert from "node:assert/strict";
import { test } from "node:test";

import { exponentialAverage } from "./smoothing.js";

test("smoothing is the bias-corrected average", () => {
  const values = [3, 1, 4, 1, 5];
  const weight = 0.6;
  const smooth = exponentialAverage(Float64Array.from(values), weight);
  for (const [end] of values.entries()) {
    const weights = values.slice(0, end + 1).map((_, i) => weight ** (end - i));
    const sum = weights.reduce((total, share, i) => total + share * values[i], 0);
    const expected = sum / weights.reduce((total, share) => total + share);
    assert.ok(Math.abs(smooth[end] - expected) < 1e-12);
  }
});

test("a gap does not enter the average", () => {
  assert.deepEqual([...exponentialAverage(Float64Array.from([2, NaN, 2]), 0.9)], [2, NaN, 2]);
});

test("no weight leaves the values as they are", () => {
  const values = Float64Array.from([1, 2]);
  assert.equal(exponentialAverage(values, 0), values);
});
