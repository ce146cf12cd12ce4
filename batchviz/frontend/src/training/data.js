// The rows of a problem: those that are trained on, then those held out.

/** @typedef {{ x: Float32Array, y: Float32Array, rows: number }} Some rows, each with its inputs and its targets */

export class Data {
  #x;
  #y;
  #inputs;
  #targets; // numbers of y a row
  /** @type {Some} what `pick` fills */
  #batch;

  /**
   * @param {import("./problem.js").Problem} problem
   * @param {number} batchRows most that are picked at once
   */
  constructor({ widths, task, x, y, training_rows }, batchRows) {
    this.#x = x;
    this.#y = y;
    this.#inputs = widths[0];
    this.#targets = task === "regression" ? widths[widths.length - 1] : 1;
    this.training = training_rows;
    this.rows = x.length / this.#inputs;
    if (this.rows * this.#targets !== y.length || this.rows < training_rows) {
      throw new Error(
        `x has ${this.rows} rows and y ${y.length / this.#targets}, of which ${training_rows} are trained on.`,
      );
    }
    this.#batch = {
      x: new Float32Array(batchRows * this.#inputs),
      y: new Float32Array(batchRows * this.#targets),
      rows: 0,
    };
  }

  /**
   * The rows `visit[from]` to before `visit[to]`, which the next call overwrites.
   * @param {Int32Array} visit
   * @param {number} from
   * @param {number} to
   */
  pick(visit, from, to) {
    const batch = this.#batch;
    batch.rows = to - from;
    for (let at = from; at < to; at += 1) {
      copyRow(this.#x, visit[at], batch.x, at - from, this.#inputs);
      copyRow(this.#y, visit[at], batch.y, at - from, this.#targets);
    }
    return batch;
  }

  /**
   * The rows `from` to before `to`: views.
   * @param {number} from
   * @param {number} to
   * @returns {Some}
   */
  part(from, to) {
    return {
      x: this.#x.subarray(from * this.#inputs, to * this.#inputs),
      y: this.#y.subarray(from * this.#targets, to * this.#targets),
      rows: to - from,
    };
  }
}

/**
 * A loop, since rows are short.
 * @param {Float32Array} from
 * @param {number} row
 * @param {Float32Array} to
 * @param {number} place
 * @param {number} width
 */
function copyRow(from, row, to, place, width) {
  for (let i = 0; i < width; i += 1) to[place * width + i] = from[row * width + i];
}
