// A run as batchviz/training trains and records it: the same order, batches, updates, measurements and end. It is made
// update by update, so that a page can train in slices and stay responsive.

import { Data } from "./data.js";
import { LOSSES } from "./losses.js";
import { Network } from "./network.js";
import { OPTIMIZERS } from "./optimizers.js";
import { order } from "./order.js";
import { Recorder } from "./recorder.js";

const PIECE_ROWS = 256; // evaluated at once: what they leave in the layers stays in a processor's cache

export class Training {
  #problem;
  #batchRows;
  #data;
  #network;
  #outputs;
  #loss;
  #optimizer;
  #moments;
  #recorder;
  #epoch = 0;
  #visited = 0; // rows, in this epoch
  #order = new Int32Array(0);

  /**
   * Row 0 is there at once: it is evaluated here.
   * @param {import("./problem.js").Problem} problem
   */
  constructor(problem) {
    const { widths, activation, weights, training_rows, optimizer } = problem;
    this.#problem = problem;
    this.#batchRows = Math.min(problem.batch_size, training_rows);
    this.#data = new Data(problem, this.#batchRows);
    this.#network = new Network(widths, activation, weights, Math.max(this.#batchRows, PIECE_ROWS));
    this.#outputs = widths[widths.length - 1];
    this.#loss = LOSSES[problem.task];
    const { name, momentum } = optimizer;
    const rate = Math.fround(problem.learning_rate);
    this.#optimizer = OPTIMIZERS[name]({ count: weights.length, rate, momentum });
    this.#moments = new Set(problem.moments);
    this.#recorder = new Recorder(problem.updates);
    this.#recorder.measure(...this.#evaluate());
  }

  /** "running", "done" or "diverged". */
  get status() {
    return this.#recorder.status;
  }

  /** Why it diverged; "" otherwise. */
  get reason() {
    return this.#recorder.reason;
  }

  /** @returns {import("./problem.js").Progress} */
  get progress() {
    const { updates, examples } = this.#recorder.made;
    const { training_rows, updates: all } = this.#problem;
    return { updates, examples, epochs: examples / training_rows, fraction: updates / all };
  }

  /** Every measurement so far: lists that grow. */
  get rows() {
    return this.#recorder.rows;
  }

  /** Loss and metric of every update so far, taken before it: views. */
  get updates() {
    return this.#recorder.updates;
  }

  /** As they are now, in the order of the problem's: they change with every update. */
  get weights() {
    return this.#network.weights;
  }

  /**
   * Make so many updates with the measurements that are due, fewer where it ends: at its last update, or with a loss
   * that is not finite.
   * @param {number} [updates]
   * @returns {boolean} whether it goes on
   */
  train(updates = Infinity) {
    for (let made = 0; made < updates && this.status === "running"; made += 1) this.#update();
    return this.status === "running";
  }

  #update() {
    const { training_rows, seed, updates } = this.#problem;
    if (this.#visited === 0) this.#order = order(training_rows, seed, this.#epoch);
    const recorder = this.#recorder;
    const loss = this.#learn();
    const isLast = !Number.isFinite(loss) || recorder.made.updates === updates;
    if (isLast || this.#visited === training_rows) {
      recorder.endEpoch(...this.#evaluate());
      this.#epoch += 1;
      this.#visited = 0;
    } else if (this.#moments.has(recorder.made.updates)) {
      recorder.measure(...this.#evaluate());
    }
    if (isLast) recorder.end(Number.isFinite(loss));
  }

  /** One update on the next rows, the partial last batch of an epoch included; returns the loss before it. */
  #learn() {
    const network = this.#network;
    const end = Math.min(this.#visited + this.#batchRows, this.#data.training);
    const { x, y, rows } = this.#data.pick(this.#order, this.#visited, end);
    const mean = this.#loss(network.forward(x, rows), y, rows, this.#outputs, network.slopes);
    network.backward(rows);
    this.#optimizer(network.weights, network.gradients);
    this.#recorder.update(mean, rows);
    this.#visited = end;
    return mean.loss;
  }

  /**
   * Means over the training rows, and over those held out.
   * @returns {[import("./problem.js").LossAndMetric, import("./problem.js").LossAndMetric | null]}
   */
  #evaluate() {
    const { training, rows } = this.#data;
    return [this.#mean(0, training), rows > training ? this.#mean(training, rows) : null];
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  #mean(from, to) {
    const sums = { loss: 0, metric: 0 };
    for (let start = from; start < to; start += PIECE_ROWS) {
      const { x, y, rows } = this.#data.part(start, Math.min(start + PIECE_ROWS, to));
      const { loss, metric } = this.#loss(this.#network.forward(x, rows), y, rows, this.#outputs);
      sums.loss += loss * rows;
      sums.metric += metric * rows;
    }
    return { loss: sums.loss / (to - from), metric: sums.metric / (to - from) };
  }
}
