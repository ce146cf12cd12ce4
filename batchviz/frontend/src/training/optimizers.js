// The optimisers of batchviz/experiment/optimizers.py, as Keras 3 computes them: its formulas, its epsilon of 1e-7,
// and its constants in float32, in which 1 - 0.999 ** updates is another number than in doubles.

/** @typedef {(weights: Float32Array, gradients: Float32Array) => void} Step takes one, in place */
/** @typedef {{ count: number, rate: number, momentum: number }} Settings of a step; `count` is that of the weights */

const { fround, sqrt } = Math;
const EPSILON = fround(1e-7);
const RHO = 0.9; // RMSprop
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const WEIGHT_DECAY = fround(0.004); // AdamW

/** @type {Record<import("./problem.js").OptimizerName, (settings: Settings) => Step>} */
export const OPTIMIZERS = {
  sgd,
  momentum: (settings) => sgdWithMomentum(settings, false),
  nesterov: (settings) => sgdWithMomentum(settings, true),
  rmsprop,
  adam: (settings) => adam(settings, 0),
  adamw: (settings) => adam(settings, WEIGHT_DECAY),
};

/**
 * @param {Settings} settings
 * @returns {Step}
 */
function sgd({ rate }) {
  return (weights, gradients) => {
    for (let i = 0; i < weights.length; i += 1) weights[i] -= fround(gradients[i] * rate);
  };
}

/**
 * The rate is inside the velocity: what was gathered keeps the rate that it was gathered at.
 * @param {Settings} settings
 * @param {boolean} looksAhead Nesterov's
 * @returns {Step}
 */
function sgdWithMomentum({ count, rate, momentum }, looksAhead) {
  const velocities = new Float32Array(count);
  const kept = fround(momentum);
  return (weights, gradients) => {
    for (let i = 0; i < count; i += 1) {
      const step = fround(gradients[i] * rate);
      velocities[i] = fround(velocities[i] * kept) - step;
      weights[i] += looksAhead ? fround(fround(velocities[i] * kept) - step) : velocities[i];
    }
  };
}

/**
 * @param {Settings} settings
 * @returns {Step}
 */
function rmsprop({ count, rate }) {
  const squares = new Float32Array(count);
  const kept = fround(RHO);
  const added = fround(1 - RHO);
  return (weights, gradients) => {
    for (let i = 0; i < count; i += 1) {
      const gradient = gradients[i];
      squares[i] = squares[i] * kept + fround(gradient * gradient) * added;
      weights[i] -= (gradient * rate) / sqrt(squares[i] + EPSILON); // Keras has epsilon under the root here
    }
  };
}

/**
 * @param {Settings} settings
 * @param {number} decay share of the weights, at a rate of 1, that each step takes off first; biases included
 * @returns {Step}
 */
function adam({ count, rate }, decay) {
  const means = new Float32Array(count);
  const squares = new Float32Array(count);
  const added = fround(1 - BETA_1);
  const addedSquare = fround(1 - BETA_2);
  let steps = 0;
  return (weights, gradients) => {
    steps += 1;
    const power = fround(fround(BETA_1) ** steps);
    const squarePower = fround(fround(BETA_2) ** steps);
    const alpha = fround(fround(rate * fround(sqrt(fround(1 - squarePower)))) / fround(1 - power));
    for (let i = 0; i < count; i += 1) {
      const gradient = gradients[i];
      means[i] += (gradient - means[i]) * added;
      squares[i] += (fround(gradient * gradient) - squares[i]) * addedSquare;
      // Rounded twice, as there: at small rates the decay is a few units in the last place.
      const weight = fround(weights[i] - fround(weights[i] * decay) * rate);
      weights[i] = weight - (means[i] * alpha) / (sqrt(squares[i]) + EPSILON);
    }
  };
}
