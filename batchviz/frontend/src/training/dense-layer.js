// One dense layer: its part of the weights, and products of matrices. Sums are taken in doubles, kept in float32.

/** @typedef {import("./activations.js").Activation} Activation */

export class DenseLayer {
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
    const bias = inputs * outputs;
    for (let row = 0; row < rows; row += 1) {
      const from = row * inputs;
      const to = row * outputs;
      let k = 0;
      // Four outputs at once: their sums do not wait for each other.
      for (; k + 3 < outputs; k += 4) {
        let a = weights[bias + k];
        let b = weights[bias + k + 1];
        let c = weights[bias + k + 2];
        let d = weights[bias + k + 3];
        for (let i = 0, w = k; i < inputs; i += 1, w += outputs) {
          const value = input[from + i];
          a += value * weights[w];
          b += value * weights[w + 1];
          c += value * weights[w + 2];
          d += value * weights[w + 3];
        }
        sums[to + k] = a;
        sums[to + k + 1] = b;
        sums[to + k + 2] = c;
        sums[to + k + 3] = d;
      }
      for (; k < outputs; k += 1) {
        let sum = weights[bias + k];
        for (let i = 0, w = k; i < inputs; i += 1, w += outputs) sum += input[from + i] * weights[w];
        sums[to + k] = sum;
      }
    }
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
    for (let i = 0; i <= inputs; i += 1) {
      const isBias = i === inputs; // whose input is always 1
      const to = i * outputs;
      let k = 0;
      for (; k + 3 < outputs; k += 4) {
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        for (let row = 0, s = k, from = i; row < rows; row += 1, s += outputs, from += inputs) {
          const value = isBias ? 1 : input[from];
          a += value * slopes[s];
          b += value * slopes[s + 1];
          c += value * slopes[s + 2];
          d += value * slopes[s + 3];
        }
        gradients[to + k] = a;
        gradients[to + k + 1] = b;
        gradients[to + k + 2] = c;
        gradients[to + k + 3] = d;
      }
      for (; k < outputs; k += 1) {
        let sum = 0;
        for (let row = 0; row < rows; row += 1) {
          sum += (isBias ? 1 : input[row * inputs + i]) * slopes[row * outputs + k];
        }
        gradients[to + k] = sum;
      }
    }
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
