// Rows dealt into batches: a square a row of the table, a strip an epoch, and what moves through them.

import { element, setAttribute, setText } from "../core/dom.js";
import { mountOnce } from "../core/mount-once.js";
import { Stepper } from "../core/stepper.js";
import { dealsOf, place, sentence } from "./deals.js";

/** @typedef {import("./deals.js").Dealing} Dealing */

const MAX_SEGMENTS = 240; // of a strip: more would be thinner than a pixel

export const mount = mountOnce((/** @type {any} */ component) => new DealingPicture(component));

class DealingPicture {
  /** @type {import("./deals.js").Deal[]} */
  #deals = [];
  /** @type {Dealing | null} */
  #dealing = null;
  #received = "";
  /** @type {HTMLElement[]} */
  #cells = [];
  /** @type {HTMLElement[][]} */
  #segments = [];

  /** @param {{ parentElement: HTMLElement }} component */
  constructor({ parentElement }) {
    this.root = /** @type {HTMLElement} */ (parentElement.querySelector(".batchviz-dealing"));
    this.told = element("p", { class: "bd-told", "aria-live": "polite" });
    this.table = element("div", { class: "bd-table", role: "img" });
    this.strips = element("div", { class: "bd-strips", "aria-hidden": "true" });
    this.stepper = new Stepper(
      { back: "Batch back", next: "Next batch", slider: "Batches dealt" },
      (dealt, playing) => this.#draw(dealt, playing),
    );
    this.root.replaceChildren(
      this.told,
      this.table,
      element("p", { class: "bd-key" }, this.#key()),
      this.strips,
      this.stepper.element,
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
    this.stepper.start(this.#deals.length);
  }

  close() {
    this.stepper.pause();
  }

  #key() {
    return "A square is a row of the table: filled in this batch, pale once it was seen in this epoch; a ring is held out for validation.";
  }

  /**
   * @param {number} dealt batches
   * @param {boolean} playing
   */
  #draw(dealt, playing) {
    const dealing = this.#dealing;
    if (!dealing) return "";
    const deal = this.#deals[dealt - 1];
    const seen = new Set(
      this.#deals
        .slice(0, dealt)
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
    // Every batch read aloud would be more than anybody can follow.
    setAttribute(this.told, "aria-live", playing ? "off" : "polite");
    setText(this.told, sentence(deal, dealing));
    setAttribute(
      this.table,
      "aria-label",
      `${seen.size} of ${dealing.trainingRows} rows seen in this epoch.`,
    );
    return deal ? place(deal) : "Nothing dealt yet";
  }
}
