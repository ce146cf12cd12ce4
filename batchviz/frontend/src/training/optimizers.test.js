import assert from "node:assert/strict";
import { test } from "node:test";

import { OPTIMIZERS } from "./optimizers.js";

/** @typedef {import("./problem.js").OptimizerName} OptimizerName */

const RATE = 0.01;

/**
 * A weight of 1 after steps with these gradients.
 * @param {OptimizerName} name
 * @param {number[]} gradients
 */
function after(name, ...gradients) {
  const weights = Float32Array.of(1);
  const step = OPTIMIZERS[name]({ count: 1, rate: Math.fround(RATE), momentum: 0.9 });
  for (const gradient of gradients) step(weights, Float32Array.of(gradient));
  return weights[0];
}

/** @type {[OptimizerName, number][]} what two steps with the gradients 2 and -1 come to, by hand */
const TWO_STEPS = [
  ["sgd", 1 - 0.02 + 0.01],
  ["momentum", 1 - 0.02 + (-0.9 * 0.02 + 0.01)],
  ["nesterov", 1 - (0.9 * 0.02 + 0.02) + (0.9 * (-0.9 * 0.02 + 0.01) + 0.01)],
  ["rmsprop", 1 - 0.02 / Math.sqrt(0.4) + 0.01 / Math.sqrt(0.36 + 0.1)],
  ["adam", 1 - 0.01 - (0.01 * (0.08 / 0.19)) / Math.sqrt(0.004996 / 0.001999)],
  [
    "adamw",
    (1 - 0.004 * 0.01 - 0.01) * (1 - 0.004 * 0.01) - (0.01 * (0.08 / 0.19)) / Math.sqrt(0.004996 / 0.001999),
  ],
];

for (const [name, expected] of TWO_STEPS) {
  test(`${name} steps by its formula`, () => {
    const weight = after(name, 2, -1);
    assert.ok(Math.abs(weight - expected) < 3e-7, `${weight} beside ${expected}`);
  });
}

test("every optimiser is tried", () => {
  assert.deepEqual(TWO_STEPS.map(([name]) => name).sort(), Object.keys(OPTIMIZERS).sort());
});

test("a gradient near 0 moves little where epsilon counts: under the root in RMSprop, beside it in Adam", () => {
  const gradient = 1e-5;
  const rmsprop = (RATE * gradient) / Math.sqrt(0.1 * gradient ** 2 + 1e-7);
  assert.ok(Math.abs(1 - after("rmsprop", gradient) - rmsprop) < 1e-7);
  const root = Math.sqrt(0.001) * gradient;
  assert.ok(Math.abs(1 - after("adam", gradient) - (RATE * root) / (root + 1e-7)) < 1e-7);
});
