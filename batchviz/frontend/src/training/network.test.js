// Gradients against central differences of a network that is written out here once more, in doubles.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ACTIVATIONS } from "./activations.js";
import { LOSSES } from "./losses.js";
import { Network } from "./network.js";

/** @typedef {import("./problem.js").Activation} Activation */
/** @typedef {import("./problem.js").Task} Task */

const WIDTHS = [3, 5, 4, 6]; // a row of four outputs and what is left of it, in each layer
const ROWS = 7;
const INPUTS = Float64Array.from({ length: 3 * ROWS }, (_, i) => Math.sin(7.3 * i + 1));
const TARGETS = {
  regression: Float64Array.from({ length: 6 * ROWS }, (_, i) => Math.cos(3.1 * i)),
  classification: Float64Array.from({ length: ROWS }, (_, row) => (5 * row) % 6),
};
const WEIGHTS = Float64Array.from({ length: 20 + 24 + 30 }, (_, i) => Math.fround(0.8 * Math.sin(2.7 * i)));

/** @type {Record<Activation, (x: number) => number>} as Keras' documentation says */
const FORMULAS = {
  relu: (x) => Math.max(x, 0),
  tanh: (x) => (Math.exp(x) - Math.exp(-x)) / (Math.exp(x) + Math.exp(-x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.exp(x) - 1),
  gelu: (x) => 0.5 * x * (1 + errorFunction(x / Math.SQRT2)),
  silu: (x) => x / (1 + Math.exp(-x)),
  linear: (x) => x,
};

/**
 * Its power series.
 * @param {number} x
 */
function errorFunction(x) {
  let term = x;
  let sum = x;
  for (let n = 1; n < 100; n += 1) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/**
 * @param {Task} task
 * @param {Activation} activation
 * @param {Float64Array} weights
 */
function lossOf(task, activation, weights) {
  let loss = 0;
  for (let row = 0; row < ROWS; row += 1) {
    let values = [...INPUTS.subarray(3 * row, 3 * row + 3)];
    let start = 0;
    for (const [at, outputs] of WIDTHS.slice(1).entries()) {
      const end = start + values.length * outputs;
      const sums = Array.from({ length: outputs }, (_, k) =>
        values.reduce((sum, value, i) => sum + value * weights[start + i * outputs + k], weights[end + k]),
      );
      values = at === 2 ? sums : sums.map(FORMULAS[activation]);
      start = end + outputs;
    }
    const targets = TARGETS[task];
    if (task === "regression") {
      loss += values.reduce((sum, value, k) => sum + (value - targets[6 * row + k]) ** 2, 0) / 6;
    } else {
      const all = values.reduce((sum, value) => sum + Math.exp(value), 0);
      loss -= Math.log(Math.exp(values[targets[row]]) / all);
    }
  }
  return loss / ROWS;
}

for (const activation of /** @type {Activation[]} */ (Object.keys(ACTIVATIONS))) {
  for (const task of /** @type {Task[]} */ (Object.keys(LOSSES))) {
    test(`gradients of ${task} with ${activation} are slopes of the loss`, () => {
      const network = new Network(WIDTHS, activation, Float32Array.from(WEIGHTS), ROWS);
      const answers = network.forward(Float32Array.from(INPUTS), ROWS);
      const { loss } = LOSSES[task](answers, Float32Array.from(TARGETS[task]), ROWS, 6, network.slopes);
      network.backward(ROWS);
      assert.ok(Math.abs(loss - lossOf(task, activation, WEIGHTS)) < 1e-6);
      for (const [i, gradient] of network.gradients.entries()) {
        const [more, less] = [1e-5, -1e-5].map((shift) => {
          const weights = Float64Array.from(WEIGHTS);
          weights[i] += shift;
          return lossOf(task, activation, weights);
        });
        const slope = (more - less) / 2e-5;
        assert.ok(Math.abs(gradient - slope) < 1e-6, `weight ${i}: ${gradient} beside ${slope}`);
      }
    });
  }
}

test("activations are what they are called, far out as well", () => {
  for (const [name, { value, slope }] of Object.entries(ACTIVATIONS)) {
    const formula = FORMULAS[/** @type {Activation} */ (name)];
    for (const x of [-3.9, -1.7, -0.4, -1e-3, 1e-3, 0.6, 2.2, 3.8]) {
      const expected = formula(x);
      assert.ok(Math.abs(value(x) - expected) <= 3e-7 * Math.abs(x), `${name}(${x})`);
      const rise = (formula(x + 1e-6) - formula(x - 1e-6)) / 2e-6;
      assert.ok(Math.abs(slope(x, value(x)) - rise) < 1e-6, `the slope of ${name} at ${x}`);
    }
    for (const x of [-90, 90])
      assert.ok(Math.abs(value(x)) <= 90 && Number.isFinite(slope(x, value(x))), name);
    assert.ok(Number.isNaN(value(NaN)), `${name} of no number`);
  }
});

test("weights that do not fit the widths are refused", () => {
  assert.throws(() => new Network([2, 3, 1], "relu", new Float32Array(12), 1), /have 13 weights; got 12/);
});
