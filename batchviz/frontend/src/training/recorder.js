// What a Training measured, in the columns of batchviz/experiment/series.py, and how it ended.

/** @typedef {import("./problem.js").LossAndMetric} LossAndMetric */

const DIVERGED_AT = 1.5; // times its start that the training loss may end at

export class Recorder {
  /** @type {"running" | "done" | "diverged"} */
  status = "running";
  /** Why it diverged. */
  reason = "";
  /** @type {import("./problem.js").Rows} */
  rows = {
    updates: [],
    examples: [],
    loss: [],
    metric: [],
    train_loss: [],
    train_metric: [],
    val_loss: [],
    val_metric: [],
  };
  #losses;
  #metrics;
  #updates = 0;
  #examples = 0;
  /** Of the epoch under way, over its rows. */
  #sums = { loss: 0, metric: 0, rows: 0 };

  /** @param {number} updates most there can be */
  constructor(updates) {
    this.#losses = new Float32Array(updates);
    this.#metrics = new Float32Array(updates);
  }

  /** How many updates were made, and on how many examples. */
  get made() {
    return { updates: this.#updates, examples: this.#examples };
  }

  /** Of every update, taken before it: views without a copy. */
  get updates() {
    return {
      loss: this.#losses.subarray(0, this.#updates),
      metric: this.#metrics.subarray(0, this.#updates),
    };
  }

  /**
   * @param {LossAndMetric} mean of the batch
   * @param {number} rows
   */
  update({ loss, metric }, rows) {
    this.#losses[this.#updates] = loss;
    this.#metrics[this.#updates] = metric;
    this.#updates += 1;
    this.#examples += rows;
    this.#sums.loss += loss * rows;
    this.#sums.metric += metric * rows;
    this.#sums.rows += rows;
  }

  /**
   * A row of what was evaluated: before the first update, or inside an epoch.
   * @param {LossAndMetric} trained
   * @param {LossAndMetric | null} heldOut
   * @param {LossAndMetric | null} [running] means
   */
  measure(trained, heldOut, running = null) {
    const { rows } = this;
    rows.updates.push(this.#updates);
    rows.examples.push(this.#examples);
    rows.loss.push(finite(running?.loss));
    rows.metric.push(finite(running?.metric));
    rows.train_loss.push(finite(trained.loss));
    rows.train_metric.push(finite(trained.metric));
    rows.val_loss.push(finite(heldOut?.loss));
    rows.val_metric.push(finite(heldOut?.metric));
  }

  /**
   * The row of an epoch that ended, or was cut short: with its running means, which Keras calls its loss and metric.
   * @param {LossAndMetric} trained
   * @param {LossAndMetric | null} heldOut
   */
  endEpoch(trained, heldOut) {
    const { loss, metric, rows } = this.#sums;
    this.measure(trained, heldOut, { loss: loss / rows, metric: metric / rows });
    this.#sums = { loss: 0, metric: 0, rows: 0 };
  }

  /** @param {boolean} isFinite the last loss; a training loss well above its start has diverged as well */
  end(isFinite) {
    const losses = this.rows.train_loss;
    const start = losses[0] ?? NaN;
    const end = losses[losses.length - 1] ?? NaN;
    this.status = isFinite && end <= DIVERGED_AT * Math.abs(start) ? "done" : "diverged";
    if (this.status === "done") return;
    const what = isFinite
      ? `The training loss ended at ${short(end)}, more than ${DIVERGED_AT} times its start of ${short(start)}.`
      : `The loss was no longer a finite number at update ${this.#updates.toLocaleString("en")}.`;
    this.reason = `${what} A smaller learning rate usually helps.`;
  }
}

/** @param {number | undefined} value */
function finite(value) {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/**
 * Three digits, as Python writes them.
 * @param {number} value
 */
function short(value) {
  const rounded = Number(value.toPrecision(3));
  if (rounded < 1000) return String(rounded);
  return rounded.toExponential().replace(/\+(\d)$/, "+0$1");
}
