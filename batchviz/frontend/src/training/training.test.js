import assert from "node:assert/strict";
import { test } from "node:test";

import { Training } from "./training.js";

/** @typedef {import("./problem.js").Problem} Problem */

const wave = (/** @type {number} */ length, /** @type {number} */ pace) =>
  Float32Array.from({ length }, (_, i) => Math.sin(pace * i));

/**
 * 11 rows of 2 inputs, of which 8 are trained on.
 * @param {Partial<Problem>} [changes]
 * @returns {Problem}
 */
function problem(changes) {
  return {
    widths: [2, 3, 1],
    activation: "tanh",
    task: "regression",
    optimizer: { name: "adam", momentum: 0 },
    learning_rate: 0.01,
    batch_size: 3,
    updates: 9,
    seed: 4,
    training_rows: 8,
    x: wave(22, 1.3),
    y: wave(11, 2.1),
    weights: wave(13, 0.7),
    moments: [],
    ...changes,
  };
}

/** @param {Partial<Problem>} [changes] */
function trained(changes) {
  const training = new Training(problem(changes));
  assert.equal(training.train(), false);
  return training;
}

test("an epoch is whole batches and a partial one, which makes a full update", () => {
  const { rows, updates, progress, status } = trained();
  assert.deepEqual(rows.updates, [0, 3, 6, 9]);
  assert.deepEqual(rows.examples, [0, 8, 16, 24]);
  assert.deepEqual(progress, { updates: 9, examples: 24, epochs: 3, fraction: 1 });
  assert.equal(status, "done");
  assert.equal(updates.loss.length, 9);
  const [a, b, c] = updates.loss;
  assert.ok(Math.abs(Number(rows.loss[1]) - (3 * a + 3 * b + 2 * c) / 8) < 1e-7, "weighted by its rows");
  assert.deepEqual(
    [rows.loss[0], rows.metric[0]],
    [null, null],
    "nothing was averaged before the first update",
  );
});

test("slices make what one go makes", () => {
  const changes = { moments: [2, 4], updates: 8 };
  const whole = trained(changes);
  for (const size of [1, 2, 5]) {
    const sliced = new Training(problem(changes));
    const fractions = [];
    while (sliced.train(size)) fractions.push(sliced.progress.fraction);
    assert.deepEqual(sliced.rows, whole.rows);
    assert.deepEqual(sliced.updates, whole.updates);
    assert.deepEqual(sliced.weights, whole.weights);
    assert.deepEqual(fractions, [...fractions].sort(), "it only grows");
    assert.equal(fractions.length, Math.ceil(8 / size) - 1);
  }
});

test("it is measured inside epochs, which changes nothing that is trained", () => {
  const plain = trained();
  const measured = trained({ moments: [1, 2, 3, 5, 9] });
  assert.deepEqual(measured.rows.updates, [0, 1, 2, 3, 5, 6, 9], "at an epoch's end once");
  assert.deepEqual(measured.rows.examples, [0, 3, 6, 8, 14, 16, 24]);
  assert.deepEqual(
    measured.rows.loss.map((loss) => loss === null),
    [true, true, true, false, true, false, false],
  );
  assert.ok(measured.rows.val_loss.every(Number.isFinite));
  assert.deepEqual(measured.weights, plain.weights);
  assert.equal(measured.rows.loss.at(-1), plain.rows.loss.at(-1));
});

test("updates may end inside an epoch, whose means are then those of its beginning", () => {
  const { rows, updates, progress, status } = trained({ updates: 4 });
  assert.deepEqual(rows.updates, [0, 3, 4]);
  assert.deepEqual(rows.examples, [0, 8, 11]);
  assert.ok(Math.abs(Number(rows.loss[2]) - updates.loss[3]) < 1e-7);
  assert.equal(progress.epochs, 11 / 8);
  assert.equal(status, "done");
});

test("a batch of more rows than there are is all of them", () => {
  const { rows, updates } = trained({ batch_size: 100, updates: 2 });
  assert.deepEqual(rows.examples, [0, 8, 16]);
  assert.ok(Math.abs(updates.loss[0] - Number(rows.train_loss[0])) < 1e-7, "taken before the update");
});

test("without rows held out there is nothing to say of them", () => {
  const { rows } = trained({ x: wave(16, 1.3), y: wave(8, 2.1) });
  assert.deepEqual(rows.val_loss, [null, null, null, null]);
  assert.ok(rows.train_loss.every(Number.isFinite));
});

test("it ends with a loss that is not finite, whose update is recorded and made", () => {
  const { rows, updates, progress, status, reason, weights } = trained({
    optimizer: { name: "sgd", momentum: 0 },
    activation: "linear",
    learning_rate: 100,
    updates: 1000,
    moments: [1],
  });
  assert.equal(status, "diverged");
  const made = updates.loss.length;
  assert.ok(made < 1000);
  assert.deepEqual(
    [...updates.loss].map(Number.isFinite),
    updates.loss.reduce((/** @type {boolean[]} */ all, _, i) => [...all, i < made - 1], []),
  );
  assert.equal(progress.updates, made);
  assert.equal(rows.updates.at(-1), made);
  assert.equal(rows.loss.at(-1), null);
  assert.equal(rows.train_loss.at(-1), null);
  assert.ok(!weights.every(Number.isFinite));
  assert.match(reason, new RegExp(`^The loss was no longer a finite number at update ${made}\\. A smaller`));
});

test("a loss that ends far above its start has diverged, finite as it is", () => {
  const settings = { optimizer: /** @type {const} */ ({ name: "sgd", momentum: 0 }), updates: 3 };
  for (const [learning_rate, ended] of /** @type {const} */ ([
    [2, /^The training loss ended at \d[\d.]*, more than 1\.5 times its start of 0\.775\. A smaller/],
    [20, /ended at 1\.54e\+08, more/],
  ])) {
    const { rows, status, reason } = trained({ ...settings, learning_rate });
    assert.ok(rows.train_loss.every(Number.isFinite));
    assert.equal(status, "diverged");
    assert.match(reason, ended);
  }
});

test("rows that do not fit are refused", () => {
  assert.throws(() => new Training(problem({ y: wave(10, 1) })), /x has 11 rows and y 10, of which 8/);
});
