// A dense network: all weights in one list, as its layers have them one after another.

import { ACTIVATIONS } from "./activations.js";
import { DenseLayer } from "./dense-layer.js";

export class Network {
  /** @type {DenseLayer[]} */
  #layers = [];
  /** @type {Float32Array} what `forward` was given */
  #input = new Float32Array(0);

  /**
   * @param {number[]} widths inputs, hidden widths, outputs
   * @param {import("./problem.js").Activation} activation of the hidden layers; the last one is linear
   * @param {Float32Array} weights those it starts with; it trains a copy
   * @param {number} rows most that it is ever given at once
   */
  constructor(widths, activation, weights, rows) {
    this.weights = Float32Array.from(weights);
    this.gradients = new Float32Array(weights.length);
    let end = 0;
    for (const [at, inputs] of widths.slice(0, -1).entries()) {
      const outputs = widths[at + 1];
      const isLast = at === widths.length - 2;
      const start = end;
      end += (inputs + 1) * outputs;
      this.#layers.push(
        new DenseLayer(
          inputs,
          outputs,
          isLast || activation === "linear" ? null : ACTIVATIONS[activation],
          this.weights.subarray(start, end),
          this.gradients.subarray(start, end),
          rows,
        ),
      );
    }
    if (end !== weights.length) {
      throw new Error(`Widths ${widths.join(", ")} have ${end} weights; got ${weights.length}.`);
    }
  }

  /** Where the gradients of the loss in the answers belong, before `backward`. */
  get slopes() {
    return this.#layers[this.#layers.length - 1].slopes;
  }

  /**
   * Its answers (rows, outputs), which the next call overwrites.
   * @param {Float32Array} input (rows, inputs)
   * @param {number} rows
   */
  forward(input, rows) {
    this.#input = input;
    let values = input;
    for (const layer of this.#layers) {
      layer.forward(values, rows);
      values = layer.values;
    }
    return values;
  }

  /**
   * Write `gradients`, from `slopes` and what `forward` left.
   * @param {number} rows
   */
  backward(rows) {
    for (let at = this.#layers.length - 1; at >= 0; at -= 1) {
      const below = at ? this.#layers[at - 1] : null;
      this.#layers[at].backward(below ? below.values : this.#input, rows, below ? below.slopes : null);
    }
  }
}
