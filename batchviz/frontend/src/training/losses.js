// The losses and their metrics, in the sizes of float32: what overflows there is infinite here as well.

/** @typedef {import("./problem.js").LossAndMetric} LossAndMetric */

/**
 * The means over some rows.
 * @typedef {(
 *   answers: Float32Array,
 *   targets: Float32Array,
 *   rows: number,
 *   outputs: number,
 *   gradients?: Float32Array,
 * ) => LossAndMetric} Loss `gradients` (rows, outputs) of the loss in the answers are written where they are asked for
 */

const { abs, exp, fround, log } = Math;

/** @type {Record<import("./problem.js").Task, Loss>} */
export const LOSSES = { regression: squaredError, classification: crossEntropy };

/**
 * Mean squared and mean absolute error, over rows and outputs.
 * @type {Loss}
 */
function squaredError(answers, targets, rows, outputs, gradients) {
  const count = rows * outputs;
  const scale = fround(2 / count);
  let squares = 0;
  let distances = 0;
  for (let i = 0; i < count; i += 1) {
    const error = fround(answers[i] - targets[i]);
    squares += fround(error * error);
    distances += abs(error);
    if (gradients) gradients[i] = error * scale;
  }
  return { loss: fround(fround(squares / 2) * scale), metric: fround(fround(distances) / count) };
}

/**
 * Cross-entropy of the softmax of the answers, and the share of rows whose class has the largest answer: the first
 * such class, where several have. Targets are class numbers.
 * @type {Loss}
 */
function crossEntropy(answers, targets, rows, outputs, gradients) {
  let losses = 0;
  let hits = 0;
  for (let row = 0; row < rows; row += 1) {
    const first = row * outputs;
    const label = targets[row];
    let best = 0;
    for (let k = 1; k < outputs; k += 1) if (answers[first + k] > answers[first + best]) best = k;
    const largest = answers[first + best];
    let sum = 0;
    for (let k = 0; k < outputs; k += 1) sum += exp(answers[first + k] - largest);
    losses += fround(log(sum) - (answers[first + label] - largest));
    if (best === label) hits += 1;
    if (!gradients) continue;
    for (let k = 0; k < outputs; k += 1) {
      const probability = exp(answers[first + k] - largest) / sum;
      gradients[first + k] = (probability - (k === label ? 1 : 0)) / rows;
    }
  }
  return { loss: fround(losses / rows), metric: fround(hits / rows) };
}
