// The live page's parts in their order, with the words between them; what stands here before the first run.

import { element, setAttribute, setText } from "../core/dom.js";
import { setSentence } from "../core/terms-in-text.js";

const LOST = "Connection lost, trying again. Nothing recorded is lost.";
/** @type {Record<string, string>} */
const ENGINE = {
  warming: "The training engine is warming up. The first run starts in a few seconds.",
  down: "The training engine is not running. Queued runs start as soon as it is back.",
  unreachable: "The training cluster does not answer. Queued runs start as soon as it is back.",
  workerless: "The training cluster has no workers. Queued runs start as soon as it has one.",
};
const TRAINING = "M8 16C40 78 70 96 120 104S220 112 312 114";
const VALIDATION = "M8 24C44 70 76 90 124 96S224 100 312 98";

/**
 * @typedef {object} PageState
 * @property {boolean} empty nothing is shown yet
 * @property {boolean} alone without the list of runs
 * @property {boolean} opening the recorded race stands here before the first run, where the page has it
 * @property {string} [invitation] instead of the usual words before the first run
 * @property {string} sentence what the runs show
 * @property {string} offer what could be trained to know more; "" for nothing
 * @property {boolean} accepted it was pressed, and the answer is awaited
 * @property {boolean} lost no answer from the server
 * @property {string | null} engine
 * @property {boolean} waiting a run is not over
 */

export class Page {
  /** @type {import("../opening/opening.js").Opening | null} */
  #race = null;
  #wanted = false; // the recorded race
  /**
   * @param {HTMLElement} root
   * @param {{stage: HTMLElement[], again: HTMLElement, runs: HTMLElement[]}} parts what stands in the frame, under
   *   the sentence, and in the list of runs
   * @param {() => void} accept the offer
   * @param {import("../opening/opening.js").Start} start trains a preset
   */
  constructor(root, { stage, again, runs }, accept, start) {
    this.again = again;
    this.start = start;
    this.root = root;
    this.notice = element("p", { class: "bv-notice", role: "status", "data-testid": "live-notice" });
    this.sentence = element("p", {
      class: "bv-sentence",
      "aria-live": "polite",
      "data-testid": "live-sentence",
    });
    this.offer = element("button", {
      type: "button",
      class: "bv-button bv-offer",
      "data-testid": "live-offer",
      onclick: accept,
    });
    this.invitation = element("p", { class: "bv-invitation" }, "Choose a batch size and press Train");
    this.empty = emptyState(this.invitation);
    this.opening = element("div", { class: "bv-opening" });
    this.stage = element("div", { class: "bv-stage" }, ...stage);
    const heading = element("h2", { class: "bv-heading", id: "bv-runs-heading" }, "Runs");
    this.runs = element(
      "section",
      { class: "bv-runs", "aria-labelledby": "bv-runs-heading" },
      heading,
      ...runs,
    );
    root.replaceChildren(
      this.notice,
      this.opening,
      this.empty,
      this.stage,
      this.sentence,
      this.offer,
      again,
      this.runs,
    );
  }

  /** @param {PageState} state */
  draw({ empty, opening, alone, invitation, sentence, offer, accepted, lost, engine, waiting }) {
    this.#wanted = empty && opening;
    if (this.#wanted && !this.#race) this.#fetchRace();
    this.#placeRace();
    this.empty.hidden = !empty || this.#wanted;
    this.stage.hidden = empty;
    this.runs.hidden = empty || alone;
    if (empty) this.again.hidden = true;
    if (invitation) setText(this.invitation, invitation);
    setAttribute(this.root, "data-state", empty ? "empty" : "runs");
    setText(this.notice, lost ? LOST : (waiting && ENGINE[engine ?? ""]) || "");
    setAttribute(this.notice, "data-kind", lost ? "lost" : engine);
    setSentence(this.sentence, empty ? "" : sentence);
    setText(this.offer, offer);
    this.offer.hidden = empty || !offer;
    this.offer.disabled = accepted || lost;
  }

  /** A press that trains: a race that plays on would keep its first point waiting. */
  hold() {
    this.#race?.hold();
  }

  /** Only a page without runs needs it; the one that arrived without any has it already. */
  async #fetchRace() {
    const { theOpening } = await import("../opening/opening.js");
    this.#race = theOpening();
    this.#placeRace();
  }

  #placeRace() {
    if (this.#wanted) this.#race?.moveInto(this.opening, this.start);
    else if (this.#race) this.#race.remove();
    else document.getElementById("batchviz-opening")?.setAttribute("hidden", "");
    this.opening.hidden = !this.#wanted;
  }
}

/** @param {HTMLElement} invitation */
function emptyState(invitation) {
  const curve = (/** @type {string} */ d, dash = "") =>
    element("path", {
      d,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 2,
      "stroke-linecap": "round",
      "stroke-dasharray": dash || null,
    });
  return element(
    "div",
    { class: "bv-empty", "data-testid": "live-empty" },
    element(
      "svg",
      { viewBox: "0 0 320 128", "aria-hidden": "true", class: "bv-sketch" },
      curve(TRAINING),
      curve(VALIDATION, "1 6"),
    ),
    invitation,
    element(
      "p",
      { class: "bv-quiet" },
      "The loss after every epoch, and of every single update, is drawn here while Keras trains.",
    ),
  );
}
