// One dense layer: its part of the weights, and products of matrices. Sums are taken in doubles, kept in float32.

/** @typedef {import("./activations.js").Activation} Activation */

const ONE = Float32Array.of(1); // what goes into a bias

export class DenseLayer {
  #bias;
  #biasGradients;

  /**
   * @param {number} inputs
   * @param {number} outputs
   * @param {Activation | null} activation null: linear
   * @param {Float32Array} weights its part of all: the kernel (inputs, outputs) row by row, then the bias
   * @param {Float32Array} gradients of the loss in them, written by `backward`
   * @param {number} rows most that it is ever given at once
   */
  constructor(inputs, outputs, activation, weights, gradients, rows) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.activation = activation;
    this.weights = weights;
    this.gradients = gradients;
    this.#bias = weights.subarray(inputs * outputs);
    this.#biasGradients = gradients.subarray(inputs * outputs);
    /** What goes into the activation, and what comes out of it. */
    this.sums = new Float32Array(rows * outputs);
    this.values = activation ? new Float32Array(rows * outputs) : this.sums;
    /** Gradients of the loss in `values`; `backward` turns them into those in `sums`. */
    this.slopes = new Float32Array(rows * outputs);
  }

  /**
   * @param {Float32Array} input (rows, inputs)
   * @param {number} rows
   */
  forward(input, rows) {
    const { inputs, outputs, weights, sums, values, activation } = this;
    for (let row = 0; row < rows; row += 1) sums.set(this.#bias, row * outputs);
    addProduct(sums, rows, outputs, input, inputs, 1, weights, inputs);
    if (!activation) return;
    const { value } = activation;
    for (let i = 0; i < rows * outputs; i += 1) values[i] = value(sums[i]);
  }

  /**
   * From `slopes` the gradients of this layer's weights, and into `below` those in its input.
   * @param {Float32Array} input what `forward` was given
   * @param {number} rows
   * @param {Float32Array | null} below null where nobody asks
   */
  backward(input, rows, below) {
    const { outputs, sums, values, slopes, activation } = this;
    if (activation) {
      const { slope } = activation;
      for (let i = 0; i < rows * outputs; i += 1) slopes[i] *= slope(sums[i], values[i]);
    }
    this.#weightGradients(input, rows);
    if (below) this.#inputGradients(below, rows);
  }

  /**
   * @param {Float32Array} input
   * @param {number} rows
   */
  #weightGradients(input, rows) {
    const { inputs, outputs, slopes, gradients } = this;
    gradients.fill(0);
    addProduct(gradients, inputs, outputs, input, 1, inputs, slopes, rows);
    addProduct(this.#biasGradients, 1, outputs, ONE, 0, 0, slopes, rows);
  }

  /**
   * @param {Float32Array} below
   * @param {number} rows
   */
  #inputGradients(below, rows) {
    const { inputs, outputs, weights, slopes } = this;
    for (let row = 0; row < rows; row += 1) {
      const from = row * outputs;
      for (let i = 0; i < inputs; i += 1) {
        let sum = 0;
        for (let k = 0, w = i * outputs; k < outputs; k += 1) sum += slopes[from + k] * weights[w + k];
        below[row * inputs + i] = sum;
      }
    }
  }
}

/**
 * Add the product of `left` (rows, length) and `right` (length, columns) to `to` (rows, columns). `left` is read in
 * steps: rowStep from row to row, step along a row.
 * @param {Float32Array} to
 * @param {number} rows
 * @param {number} columns
 * @param {Float32Array} left
 * @param {number} rowStep
 * @param {number} step
 * @param {Float32Array} right
 * @param {number} length
 */
function addProduct(to, rows, columns, left, rowStep, step, right, length) {
  const end = length * columns;
  for (let row = 0; row < rows; row += 1) {
    const from = row * rowStep;
    let k = row * columns;
    let column = 0;
    // Four columns at once: their sums do not wait for each other.
    for (; column + 3 < columns; column += 4, k += 4) {
      let a = to[k];
      let b = to[k + 1];
      let c = to[k + 2];
      let d = to[k + 3];
      for (let at = from, w = column; w < end; at += step, w += columns) {
        const value = left[at];
        a += value * right[w];
        b += value * right[w + 1];
        c += value * right[w + 2];
        d += value * right[w + 3];
      }
      to[k] = a;
      to[k + 1] = b;
      to[k + 2] = c;
      to[k + 3] = d;
    }
    for (; column < columns; column += 1, k += 1) {
      let sum = to[k];
      for (let at = from, w = column; w < end; at += step, w += columns) sum += left[at] * right[w];
      to[k] = sum;
    }
  }
}
