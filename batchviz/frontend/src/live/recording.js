// One run as the browser holds it: what the feed said last, and every recorded point so far.

import { Column, decodeFloat32, interpolate } from "../core/columns.js";
import { secondsOf } from "../core/pace.js";
import { EPOCH_COLUMNS, FINAL_STATUSES, UPDATE_COLUMNS } from "../core/series.js";

/**
 * @typedef {import("../core/payload.js").RecordedRun} RecordedRun
 * @typedef {import("../core/payload.js").RunMessage} RunMessage
 * @typedef {import("../core/units.js").Axis} Axis
 * @typedef {Omit<RecordedRun, "epochs" | "updates"> & { queue_position?: number | null, queue_seconds?: number | null }} About
 */

/**
 * Empty columns by name.
 * @param {readonly string[]} names
 * @returns {Record<string, Column>}
 */
function columns(names) {
  return Object.fromEntries(names.map((name) => [name, new Column()]));
}

export class Recording {
  /** @type {Map<string, any>} */
  #derived = new Map();
  /** @type {About | null} the feed's latest message, without its points */
  about = null;
  missing = false;
  #digest = ""; // by the feed, of what `about` says
  revision = 0; // counts changes, so that drawing can be skipped when there is none

  attempt = 0;
  stride = 1; // updates that one row of them stands for
  epochs = columns(EPOCH_COLUMNS);
  updates = columns(UPDATE_COLUMNS);
  /** @type {{ recorded: number, stride: number } | null} of a run with more epochs than the feed sends */
  thinned = null;
  numbers = new Column(); // then those of the epochs that are here
  /** @type {import("../core/pace.js").Stretch[] | null} what its updates take on the chosen clock, where that is known */
  pace = null;

  /** @param {string} id */
  constructor(id) {
    this.id = id;
  }

  #clear() {
    this.attempt = 0;
    this.stride = 1;
    this.epochs = columns(EPOCH_COLUMNS);
    this.updates = columns(UPDATE_COLUMNS);
    this.thinned = null;
    this.numbers = new Column();
  }

  /** What to ask the feed for: id, attempt, and how many rows of each kind are here. */
  get request() {
    const digest = this.#digest && `:${this.#digest}`;
    return `${this.id}:${this.attempt}:${this.epochRows}:${this.updateRows}${digest}`;
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
    return this.missing || FINAL_STATUSES.has(this.status);
  }

  /**
   * Take one message of the feed in.
   * @param {RecordedRun | RunMessage} message
   */
  apply(message) {
    const { epochs, updates, digest = "", ...about } = { digest: "", ...message };
    const reset = "reset" in message && message.reset;
    const restarted = reset || (this.attempt !== 0 && message.attempt !== this.attempt);
    const gap = epochs.from > this.epochRows || updates.from > this.updateRows;
    if (restarted || gap) this.#clear();
    const changed = restarted || JSON.stringify(about) !== JSON.stringify(this.about);
    this.missing = false;
    this.about = about;
    this.#digest = digest;
    let points = 0;
    // After a gap the counters are zero, so the next request fetches everything again.
    if (!gap || restarted) {
      this.attempt = message.attempt;
      points += this.#writeEpochs(epochs);
      points += this.#writeUpdates(updates);
    }
    if (changed || points) this.#touch();
  }

  /** @param {RecordedRun["epochs"]} rows */
  #writeEpochs(rows) {
    if (!rows.updates.length) return 0;
    for (const name of EPOCH_COLUMNS) this.epochs[name].write(rows.from, rows[name]);
    if (rows.number) {
      this.thinned = { recorded: rows.recorded, stride: rows.stride };
      this.numbers.write(rows.from, rows.number);
    }
    return rows.updates.length;
  }

  /** @param {RecordedRun["updates"]} rows */
  #writeUpdates(rows) {
    if (!rows.loss) return 0;
    this.stride = rows.stride;
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

  /**
   * The clock that seconds are told on from now on.
   * @param {Recording["pace"]} pace
   */
  setPace(pace) {
    if (pace === this.pace) return;
    this.pace = pace;
    this.#touch();
  }

  /**
   * Seconds on the clock after so many updates; what the run itself took is told on its card alone.
   * @param {number} updates
   */
  #seconds(updates) {
    return this.pace ? secondsOf(this.pace, updates) : NaN;
  }

  /**
   * Compute once a revision: smoothed curves and x positions are the same on every frame of a playback.
   * @template Value
   * @param {string} name
   * @param {() => Value} compute
   * @returns {Value}
   */
  derive(name, compute) {
    if (!this.#derived.has(name)) this.#derived.set(name, compute());
    return this.#derived.get(name);
  }

  /**
   * x of every epoch row. Epochs come from the examples seen, so a row in mid-epoch sits where it was measured.
   * @param {Axis} axis
   */
  epochX(axis) {
    return this.derive(`epoch x ${axis}`, () => {
      if (axis === "seconds") return this.epochs.updates.values.map((updates) => this.#seconds(updates));
      if (axis !== "epochs") return this.epochs[axis].values.slice();
      const rows = this.about?.plan.training_rows;
      return this.epochs.examples.values.map((examples, i) =>
        rows && Number.isFinite(examples) ? examples / rows : (this.numbers.values[i] ?? i),
      );
    });
  }

  /**
   * x of every recorded update (of the last update in a bucket when several share one).
   * @param {Axis} axis
   */
  updateX(axis) {
    return this.derive(`update x ${axis}`, () => {
      const counts = new Float64Array(this.updateRows);
      const made = Math.max(this.epochs.updates.last || 0, this.about?.progress.updates ?? 0);
      for (let i = 0; i < counts.length; i += 1) counts[i] = (i + 1) * this.stride;
      if (counts.length && this.stride > 1 && made) {
        const last = counts.length - 1; // its bucket may have fewer
        counts[last] = Math.max(Math.min(counts[last], made), last * this.stride + 1);
      }
      if (axis === "updates") return counts;
      if (axis === "seconds") return counts.map((count) => this.#seconds(count));
      const { knots, values } = this.#knots(axis);
      return counts.map((count) => interpolate(knots, values, count));
    });
  }

  /**
   * Counts of updates, and where on the axis the run stood after so many.
   * @param {Axis} axis
   */
  #knots(axis) {
    const knots = [...this.epochs.updates.values];
    const values = [...this.epochX(axis)];
    if (!knots.length) {
      knots.push(0);
      values.push(0);
    }
    const progress = this.about?.progress;
    if (progress && (progress.updates ?? NaN) > knots[knots.length - 1]) {
      knots.push(progress.updates ?? NaN);
      const at = axis === "seconds" ? this.#seconds(progress.updates ?? NaN) : progress[axis];
      values.push(Math.max(at ?? NaN, values[values.length - 1]));
    }
    return { knots, values };
  }

  /**
   * How many updates had been made when the run stood at `x`.
   * @param {Axis} axis
   * @param {number} x
   */
  updatesAt(axis, x) {
    if (axis === "seconds" && !this.pace) return NaN;
    const { knots, values } = this.#knots(axis);
    return Math.floor(interpolate(values, knots, x) + 1e-6);
  }

  /**
   * The largest x recorded so far.
   * @param {Axis} axis
   */
  end(axis) {
    return Math.max(0, this.epochX(axis).at(-1) || 0, this.updateX(axis).at(-1) || 0);
  }

  /**
   * Where the run is planned to end, so that the x-axis stands still while it trains; the record's end once final.
   * @param {Axis} axis
   */
  plannedEnd(axis) {
    const end = this.end(axis);
    if (this.final || !this.about) return end;
    const { plan } = this.about;
    const planned = {
      epochs: plan.epochs,
      updates: plan.updates,
      examples: plan.epochs && plan.epochs * plan.training_rows,
      seconds: plan.updates && this.pace && secondsOf(this.pace, plan.updates),
    };
    return Math.max(end, planned[axis] ?? 0);
  }
}
