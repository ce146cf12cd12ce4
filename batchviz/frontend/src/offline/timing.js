// The clocks of a page that plays alone: what was known of them when it was made.

import { embedded } from "./embedded.js";

/** @typedef {import("../live/timing.js").Path} Path */

export class Timing {
  /** @type {import("../core/payload.js").Clocks} */
  #known = embedded("batchviz-clocks");

  close() {}

  watch() {}

  expect() {}

  /**
   * @param {string} id of a run
   * @param {Path} path
   */
  pace(id, path) {
    return this.#known.runs[id]?.[path] ?? null;
  }

  /** @param {Path} path */
  state(path) {
    return { ...this.#known.paths[path], offer: false, awaited: false };
  }
}
