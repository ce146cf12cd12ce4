// The poller of a page that plays alone: every run stands in the page itself, whole.

import { only } from "../core/dom.js";

/** @typedef {import("../live/recording.js").Recording} Recording */

/** @param {string} id of the element that holds JSON */
function embedded(id) {
  return JSON.parse(only(document, `#${CSS.escape(id)}`).textContent);
}

export class Poller {
  #recordings;
  #onNews;

  lost = false;
  engine = "ready";
  offer = ""; // nothing trains here
  sentence = embedded("batchviz-sentence");
  means = { note: embedded("batchviz-means"), questions: {} };

  /**
   * @param {URL} base
   * @param {Map<string, Recording>} recordings filled from the page
   * @param {() => void} onNews called once they are
   */
  constructor(base, recordings, onNews) {
    this.#recordings = recordings;
    this.#onNews = onNews;
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
