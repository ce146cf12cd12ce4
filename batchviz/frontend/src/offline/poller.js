// The poller of a page that plays alone: every run stands in the page itself, whole.

import { embedded } from "./embedded.js";

/** @typedef {import("../live/recording.js").Recording} Recording */

export class Poller {
  #recordings;
  #onNews;

  lost = false;
  engine = "ready";
  offer = ""; // nothing trains here

  /**
   * @param {URL} base
   * @param {Map<string, Recording>} recordings filled from the page
   * @param {() => void} onNews called once they are
   */
  constructor(base, recordings, onNews) {
    this.#recordings = recordings;
    this.#onNews = onNews;
  }

  /** @returns {string} */
  get sentence() {
    return embedded("batchviz-sentence");
  }

  /** @returns {import("../core/payload.js").Means} */
  get means() {
    return { note: embedded("batchviz-means"), questions: {} };
  }

  close() {}

  fetchEveryUpdate() {}

  tellBy() {}

  imminent() {
    return false;
  }

  /** @param {string[]} ids */
  watch(ids) {
    for (const id of ids) this.#recordings.get(id)?.apply(embedded(`batchviz-run-${id}`));
    queueMicrotask(this.#onNews);
  }
}
