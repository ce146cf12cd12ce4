// Rows dealt into batches: a square a row of the table, a strip an epoch, and what moves through them.

import { element, icon, setAttribute, setText } from "../core/dom.js";
import { mountOnce } from "../core/mount-once.js";
import { dealsOf, place, sentence } from "./deals.js";

/** @typedef {import("./deals.js").Dealing} Dealing */

const MAX_SEGMENTS = 240; // of a strip: more would be thinner than a pixel
const PLAY_MS = 10_000; // from the first batch to the last, where there are many
const SLOW_MS = 900; // and the longest that one stays

export const mount = mountOnce((/** @type {any} */ component) => new DealingPicture(component));

class DealingPicture {
  /** @type {import("./deals.js").Deal[]} */
  #deals = [];
  /** @type {Dealing | null} */
  #dealing = null;
  #received = "";
  #position = 0; // batches dealt
  /** @type {HTMLElement[]} */
  #cells = [];
  /** @type {HTMLElement[][]} */
  #segments = [];
  #timer = 0;

  /** @param {{ parentElement: HTMLElement }} component */
  constructor({ parentElement }) {
    this.root = /** @type {HTMLElement} */ (parentElement.querySelector(".batchviz-dealing"));
    this.told = element("p", { class: "bd-told", "aria-live": "polite" });
    this.table = element("div", { class: "bd-table", role: "img" });
    this.strips = element("div", { class: "bd-strips", "aria-hidden": "true" });
    this.slider = element("input", {
      type: "range",
      min: 0,
      "aria-label": "Batches dealt",
      oninput: () => this.#go(Number(this.slider.value)),
    });
    this.play = button("Play", "play", () => this.#toggle());
    this.root.replaceChildren(
      this.told,
      this.table,
      element("p", { class: "bd-key" }, this.#key()),
      this.strips,
      element(
        "div",
        { class: "bd-controls" },
        button("Batch back", "updateBack", () => this.#go(this.#position - 1)),
        this.play,
        button("Next batch", "updateForward", () => this.#go(this.#position + 1)),
        this.slider,
      ),
    );
  }

  /** @param {{ data: Dealing }} component */
  update({ data }) {
    const { color } = data;
    this.root.style.setProperty("--bd-color", `light-dark(${color.light}, ${color.dark})`);
    const { trainingRows, validationRows, seed, updates, epochs } = data;
    const received = JSON.stringify([trainingRows, validationRows, seed, updates, epochs]);
    if (received === this.#received) return;
    this.#received = received;
    this.#pause();
    this.#dealing = data;
    this.#deals = dealsOf(data);
    this.#cells = Array.from({ length: trainingRows + validationRows }, (_, row) =>
      element("i", row < trainingRows ? {} : { class: "held" }),
    );
    this.table.replaceChildren(...this.#cells);
    this.#segments = epochs.map((_, epoch) => {
      const deals = this.#deals.filter((deal) => deal.epoch === epoch);
      if (deals.length > MAX_SEGMENTS) return [];
      return deals.map(({ rows }) => element("i", { style: `flex-grow: ${rows.length}` }));
    });
    this.strips.replaceChildren(
      ...this.#segments.map((segments, epoch) =>
        element("div", {}, element("span", {}, `Epoch ${epoch + 1}`), element("b", {}, ...segments)),
      ),
    );
    this.slider.max = String(this.#deals.length);
    this.#go(0);
  }

  close() {
    this.#pause();
  }

  #key() {
    return "A square is a row of the table: filled in this batch, pale once it was seen in this epoch; a ring is held out for validation.";
  }

  /** @param {number} position */
  #go(position) {
    const dealing = this.#dealing;
    if (!dealing) return;
    this.#position = Math.max(0, Math.min(position, this.#deals.length));
    const deal = this.#deals[this.#position - 1];
    const seen = new Set(
      this.#deals
        .slice(0, this.#position)
        .filter(({ epoch }) => epoch === deal.epoch)
        .flatMap(({ rows }) => rows),
    );
    const now = new Set(deal?.rows ?? []);
    for (let row = 0; row < dealing.trainingRows; row += 1)
      setAttribute(this.#cells[row], "class", now.has(row) ? "now" : seen.has(row) ? "seen" : null);
    this.#segments.forEach((segments, epoch) =>
      segments.forEach((segment, batch) => {
        const here = deal && deal.epoch === epoch && deal.batch === batch;
        const before = deal && (epoch < deal.epoch || (epoch === deal.epoch && batch < deal.batch));
        setAttribute(segment, "class", here ? "now" : before ? "seen" : null);
      }),
    );
    const told = sentence(deal, dealing);
    setText(this.told, told);
    setAttribute(
      this.table,
      "aria-label",
      `${seen.size} of ${dealing.trainingRows} rows seen in this epoch.`,
    );
    this.slider.value = String(this.#position);
    setAttribute(this.slider, "aria-valuetext", deal ? place(deal) : "Nothing dealt yet");
    if (this.#position === this.#deals.length) this.#pause();
  }

  #toggle() {
    if (this.#timer) {
      this.#pause();
      return;
    }
    if (this.#position === this.#deals.length) this.#go(0);
    const each = Math.min(SLOW_MS, Math.max(60, PLAY_MS / this.#deals.length));
    const step = Math.max(1, Math.round((each * this.#deals.length) / PLAY_MS));
    this.#timer = window.setInterval(() => this.#go(this.#position + step), each);
    this.#drawPlay();
  }

  #pause() {
    window.clearInterval(this.#timer);
    this.#timer = 0;
    this.#drawPlay();
  }

  #drawPlay() {
    const playing = this.#timer !== 0;
    setAttribute(this.play, "aria-label", playing ? "Pause" : "Play");
    this.play.replaceChildren(icon(playing ? "pause" : "play"));
    // Every batch read aloud would be more than anybody can follow.
    setAttribute(this.told, "aria-live", playing ? "off" : "polite");
  }
}

/**
 * @param {string} label
 * @param {Parameters<typeof icon>[0]} picture
 * @param {() => void} act
 */
function button(label, picture, act) {
  return element("button", { type: "button", "aria-label": label, onclick: act }, icon(picture));
}
