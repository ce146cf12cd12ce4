// Runs that differ in their seed alone, as one: their curves as mean and band, and how they stand together.

import { band } from "./band.js";
import { epochCurve } from "./curves.js";

/**
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("./band.js").Band} Band
 * @typedef {import("../core/units.js").Axis} Axis
 */

/** @template {Recording} [Run=Recording] */
export class Group {
  /** @type {Map<string, any>} */
  #derived;

  /**
   * @param {Run[]} runs in the order of the page; the first gives the group its name and its colour
   * @param {Map<string, any>} derived what was computed of these runs at these revisions
   */
  constructor(runs, derived) {
    this.runs = runs;
    this.#derived = derived;
  }

  get lead() {
    return this.runs[0];
  }

  get ids() {
    return this.runs.map((run) => run.id);
  }

  get several() {
    return this.runs.length > 1;
  }

  /**
   * An epoch column over the seeds, each smoothed by itself.
   * @param {string} column
   * @param {Axis} axis
   * @param {number} [smoothing]
   * @returns {Band}
   */
  band(column, axis, smoothing = 0) {
    const name = `${column} ${axis} ${smoothing}`;
    if (!this.#derived.has(name)) {
      const curves = this.runs.map((run) => epochCurve(run, column, axis, smoothing));
      this.#derived.set(name, band(curves.filter(({ x }) => x.length)));
    }
    return this.#derived.get(name);
  }

  /** @param {(run: Run) => boolean} condition */
  count(condition) {
    return this.runs.filter(condition).length;
  }

  /** How many seeds have points. */
  get measured() {
    return this.count((run) => run.epochRows > 0);
  }

  get final() {
    return this.runs.every((run) => run.final);
  }

  /** One word for all: what still happens, or else the first of these that any has. */
  get status() {
    const order = ["running", "queued", "loading", "diverged", "failed", "stopped", "missing"];
    return order.find((status) => this.runs.some((run) => run.status === status)) ?? "done";
  }

  /** The runs whose ends are summed up as one: those that are done, or while none is, all with points. */
  get summarized() {
    const done = this.runs.filter((run) => run.status === "done" && run.epochRows);
    return done.length ? done : this.runs.filter((run) => run.epochRows);
  }
}

/**
 * What was computed, by the group's first run: as long as no run of the group changes.
 * @type {WeakMap<Recording, { version: string, derived: Map<string, any> }>}
 */
const computed = new WeakMap();

/**
 * Groups in the order of their first runs. A seed that is there already (an import) starts a group of its own.
 * @template {Recording} Run
 * @param {Run[]} recordings
 * @returns {Group<Run>[]}
 */
export function groupRuns(recordings) {
  /** @type {Map<string, Map<number | string, Run>>} */
  const members = new Map();
  for (const run of recordings) {
    const { group, seed } = run.about ?? { group: run.id, seed: 0 };
    for (let copy = 0; ; copy += 1) {
      const key = `${group} ${copy}`;
      const seeds = members.get(key) ?? new Map();
      if (seeds.has(seed)) continue;
      members.set(key, seeds.set(seed, run));
      break;
    }
  }
  return [...members.values()].map((seeds) => {
    const runs = [...seeds.values()];
    const version = runs.map((run) => `${run.id} ${run.revision}`).join();
    const known = computed.get(runs[0]);
    const derived = known?.version === version ? known.derived : new Map();
    computed.set(runs[0], { version, derived });
    return new Group(runs, derived);
  });
}
