import assert from "node:assert/strict";
import { test } from "node:test";

import { order } from "./order.js";

// Of NumPy 2.4: numpy.random.default_rng([seed, epoch]).permutation(rows). tests/frontend/test_training.py has more.
const RECORDED = [
  { rows: 1, seed: 0, epoch: 0, visit: [0] },
  { rows: 2, seed: 0, epoch: 0, visit: [0, 1] },
  { rows: 8, seed: 0, epoch: 0, visit: [2, 4, 3, 6, 5, 0, 1, 7] },
  { rows: 8, seed: 0, epoch: 1, visit: [1, 3, 7, 6, 0, 4, 2, 5] },
  { rows: 9, seed: 7, epoch: 3, visit: [4, 3, 5, 8, 0, 2, 7, 1, 6] },
  { rows: 17, seed: 2147483647, epoch: 0, visit: [16, 14, 1, 0, 3, 2, 7, 12, 8, 6, 5, 4, 15, 13, 11, 9, 10] },
  { rows: 12, seed: 123456789, epoch: 4999, visit: [10, 11, 1, 9, 5, 7, 8, 2, 3, 0, 4, 6] },
];

test("rows are visited as NumPy visits them", () => {
  for (const { rows, seed, epoch, visit } of RECORDED) {
    assert.deepEqual([...order(rows, seed, epoch)], visit, `${rows} rows, seed ${seed}, epoch ${epoch}`);
  }
});

test("each row is visited once", () => {
  const sorted = order(1437, 5, 2).sort();
  assert.deepEqual([...sorted], [...sorted.keys()]);
});
