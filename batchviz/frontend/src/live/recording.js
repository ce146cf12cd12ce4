// One run as the browser holds it: what the feed said last, and every recorded point so far.

import { Column, decodeFloat32, interpolate } from "../core/columns.js";

const EPOCH_COLUMNS = [
  "updates",
  "examples",
  "seconds",
  "loss",
  "metric",
  "train_loss",
  "train_metric",
  "val_loss",
  "val_metric",
];
const UPDATE_COLUMNS = ["loss", "metric", "loss_min", "loss_max", "metric_min", "metric_max"];
const FINAL = new Set(["done", "stopped", "failed", "diverged"]);

export class Recording {
  #derived = new Map();

  constructor(id) {
    this.id = id;
    this.about = null; // the feed's latest message, without its points
    this.missing = false;
    this.revision = 0; // counts changes, so that drawing can be skipped when there is none
    this.#clear();
  }

  #clear() {
    this.attempt = 0;
    this.stride = 1;
    this.epochs = Object.fromEntries(EPOCH_COLUMNS.map((name) => [name, new Column()]));
    this.thinned = null; // {recorded, stride} of a run with more epochs than the feed sends
    this.numbers = new Column(); // then those of the epochs that are here
    this.updates = Object.fromEntries(UPDATE_COLUMNS.map((name) => [name, new Column()]));
  }

  /** What to ask the feed for: id, attempt, and how many rows of each kind are here. */
  get request() {
    return `${this.id}:${this.attempt}:${this.epochRows}:${this.updateRows}`;
  }

  get epochRows() {
    return this.epochs.updates.length;
  }

  get updateRows() {
    return this.updates.loss.length;
  }

  get status() {
    return this.missing ? "missing" : (this.about?.status ?? "loading");
  }

  get final() {
    return this.missing || FINAL.has(this.status);
  }

  /** Take one message of the feed in. */
  apply(message) {
    const { epochs, updates, ...about } = message;
    const restarted = message.reset || (this.attempt !== 0 && message.attempt !== this.attempt);
    const gap = (epochs?.from ?? 0) > this.epochRows || (updates?.from ?? 0) > this.updateRows;
    if (restarted || gap) this.#clear();
    const changed = restarted || JSON.stringify(about) !== JSON.stringify(this.about);
    this.missing = false;
    this.about = about;
    let points = 0;
    // After a gap the counters are zero, so the next request fetches everything again.
    if (!gap || restarted) {
      this.attempt = message.attempt;
      points += this.#writeEpochs(epochs);
      points += this.#writeUpdates(updates);
    }
    if (changed || points) this.#touch();
  }

  #writeEpochs(rows) {
    if (!rows?.updates?.length) return 0;
    for (const name of EPOCH_COLUMNS) this.epochs[name].write(rows.from, rows[name]);
    if (rows.number) {
      this.thinned = { recorded: rows.recorded, stride: rows.stride };
      this.numbers.write(rows.from, rows.number);
    }
    return rows.updates.length;
  }

  #writeUpdates(rows) {
    if (!rows?.loss) return 0;
    this.stride = rows.stride ?? 1;
    let written = 0;
    for (const name of UPDATE_COLUMNS) {
      if (!rows[name]) continue;
      const values = decodeFloat32(rows[name]);
      written = Math.max(written, values.length);
      if (values.length) this.updates[name].write(rows.from, values);
    }
    return written;
  }

  /** The feed does not know this id. */
  lose() {
    if (!this.missing) {
      this.missing = true;
      this.#touch();
    }
  }

  #touch() {
    this.revision += 1;
    this.#derived.clear();
  }

  /** Compute once a revision: smoothed curves and x positions are the same on every frame of a playback. */
  derive(name, compute) {
    if (!this.#derived.has(name)) this.#derived.set(name, compute());
    return this.#derived.get(name);
  }

  /** x of every epoch row. Epochs come from the examples seen, so a row in mid-epoch sits where it was measured. */
  epochX(axis) {
    return this.derive(`epoch x ${axis}`, () => {
      if (axis !== "epochs") return this.epochs[axis].values.slice();
      const rows = this.about?.plan?.training_rows;
      return this.epochs.examples.values.map((examples, i) =>
        rows && Number.isFinite(examples) ? examples / rows : (this.numbers.values[i] ?? i),
      );
    });
  }

  /** x of every recorded update (of the last update in a bucket when several share one). */
  updateX(axis) {
    return this.derive(`update x ${axis}`, () => {
      const counts = new Float64Array(this.updateRows);
      const done = Math.max(this.epochs.updates.last || 0, this.about?.progress?.updates ?? 0);
      for (let i = 0; i < counts.length; i += 1) counts[i] = (i + 1) * this.stride;
      if (counts.length && this.stride > 1 && done) {
        counts[counts.length - 1] = Math.max(
          Math.min(counts[counts.length - 1], done),
          (counts.length - 1) * this.stride + 1,
        );
      }
      if (axis === "updates") return counts;
      const { knots, values } = this.#knots(axis);
      return counts.map((count) => interpolate(knots, values, count));
    });
  }

  #knots(axis) {
    const knots = [...this.epochs.updates.values];
    const values = [...this.epochX(axis)];
    if (!knots.length) {
      knots.push(0);
      values.push(0);
    }
    const progress = this.about?.progress;
    if (progress && progress.updates > knots.at(-1)) {
      knots.push(progress.updates);
      values.push(Math.max(progress[axis] ?? NaN, values.at(-1)));
    }
    return { knots, values };
  }

  /** How many updates had been made when the run stood at `x`. */
  updatesAt(axis, x) {
    const { knots, values } = this.#knots(axis);
    return Math.floor(interpolate(values, knots, x) + 1e-6);
  }

  /** The largest x recorded so far. */
  end(axis) {
    const rows = this.epochX(axis);
    const updates = this.updateX(axis);
    return Math.max(0, rows.length ? rows.at(-1) : 0, updates.length ? updates.at(-1) : 0);
  }

  /** Where the run is planned to end, so that the x-axis stands still while it trains; the record's end once final. */
  plannedEnd(axis) {
    const end = this.end(axis);
    if (this.final || !this.about) return end;
    const { plan, progress } = this.about;
    const planned = {
      epochs: plan?.epochs,
      updates: plan?.updates,
      examples:
        plan?.examples ?? (plan?.epochs && plan?.training_rows ? plan.epochs * plan.training_rows : null),
      seconds:
        (progress?.remaining_seconds ?? null) === null ? null : progress.seconds + progress.remaining_seconds,
    }[axis];
    return Math.max(end, planned ?? 0);
  }
}
