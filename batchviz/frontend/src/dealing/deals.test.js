import assert from "node:assert/strict";
import { test } from "node:test";

import { dealsOf, sentence } from "./deals.js";

/** @param {object} [changes] */
const dealing = (changes = {}) => ({
  trainingRows: 5,
  validationRows: 1,
  seed: 0,
  updates: null,
  color: { light: "#000000", dark: "#ffffff" },
  epochs: [
    { order: [3, 0, 4, 1, 2], batchSize: 2, accumulation: 1 },
    { order: [1, 2, 0, 3, 4], batchSize: 2, accumulation: 1 },
  ],
  ...changes,
});

test("rows are dealt in their order, the last batch holds what is left, and the next epoch begins anew", () => {
  assert.deepEqual(
    dealsOf(dealing()).map(({ rows }) => rows),
    [[3, 0], [4, 1], [2], [1, 2], [0, 3], [4]],
  );
});

test("a run that ends within an epoch deals no more", () => {
  assert.equal(dealsOf(dealing({ updates: 2 })).length, 2);
  assert.equal(dealsOf(dealing({ updates: 4 })).length, 4);
});

test("micro-batches wait for the update that they make together", () => {
  const accumulated = dealing({ epochs: [{ order: [3, 0, 4, 1, 2], batchSize: 2, accumulation: 2 }] });
  const deals = dealsOf(accumulated);
  assert.deepEqual(
    deals.map(({ update, completes }) => [update, completes]),
    [
      [0, false],
      [0, true],
      [1, true],
    ],
  );
  assert.match(sentence(deals[0], accumulated), /waits for the others of update 1 of 2/);
});

test("what is said names the rows as people count them", () => {
  const deals = dealsOf(dealing());
  assert.match(sentence(undefined, dealing()), /^5 training rows/);
  assert.equal(
    sentence(deals[0], dealing()),
    "Epoch 1, batch 1 of 3: 2 rows: 4, 1. The mean of their gradients makes update 1 of 3.",
  );
  assert.match(sentence(deals[2], dealing()), /row 3\..*Every training row was seen once\.$/);
});
