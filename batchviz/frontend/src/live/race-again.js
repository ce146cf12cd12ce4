// "Race again": the same race with something made equal that was not, a button each, as Python offers them.

import { element } from "../core/dom.js";

/** @typedef {{ change: string, name: string, title: string }} Offer */

export class RaceAgain {
  #drawn = "";

  /** @param {(change: string) => void} start */
  constructor(start) {
    this.start = start;
    this.node = element("div", { class: "bv-again", role: "group", "aria-label": "Race again" });
  }

  /** @param {{ lead: string, offers: Offer[] } | undefined} again */
  draw(again) {
    const { lead = "", offers = [] } = again ?? {};
    this.node.hidden = !offers.length;
    const drawn = JSON.stringify([lead, offers]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.node.replaceChildren(
      element("span", { class: "bv-quiet" }, lead),
      ...offers.map(({ change, name, title }) =>
        element(
          "button",
          { type: "button", class: "bv-button", "data-hint": title, onclick: () => this.start(change) },
          name,
        ),
      ),
    );
  }
}
