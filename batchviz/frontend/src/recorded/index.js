// A recorded race that plays until the live one has its first point, and then leaves the page to that.

import { element, setText } from "../core/dom.js";
import { mountOnce } from "../core/mount-once.js";
import { Replay } from "../opening/replay.js";

const PATIENCE = 700; // milliseconds in which a warm engine has its first point: a picture that comes and goes would only flash
const WATCH = 200; // milliseconds between looks whether that point is there

export const mount = mountOnce((/** @type {any} */ component) => new RecordedRace(component));

class RecordedRace {
  /** @type {Replay | null} */
  #replay = null;
  #race = "";
  #since = performance.now();

  /** @param {{ parentElement: HTMLElement }} component */
  constructor({ parentElement }) {
    this.root = /** @type {HTMLElement} */ (parentElement.querySelector(".batchviz-recorded"));
    this.root.hidden = true;
    this.heading = element("figcaption");
    this.picture = element("svg", { role: "img" });
    this.note = element("small");
    this.figure = element(
      "figure",
      { class: "batchviz-track" },
      this.heading,
      this.picture,
      element(
        "div",
        { class: "batchviz-replay" },
        element("button", { type: "button", "aria-label": "Play the race" }),
        element("output"),
        this.note,
      ),
    );
    this.root.replaceChildren(this.figure);
    this.watching = window.setInterval(() => this.#look(), WATCH);
  }

  /** @param {{ data: any }} component its data: {race, heading, described, note} */
  update({ data }) {
    setText(this.heading, data.heading);
    setText(this.note, data.note);
    this.picture.setAttribute("aria-label", data.described);
    const race = JSON.stringify(data.race);
    if (race === this.#race) return;
    this.#race = race;
    this.#replay?.close();
    this.#replay = new Replay(this.figure, data.race);
    if (!this.root.hidden) this.#replay.begin();
  }

  close() {
    window.clearInterval(this.watching);
    this.#replay?.close();
  }

  #look() {
    if (document.querySelector(".batchviz-live[data-first-point]")) {
      this.root.hidden = true;
      this.close();
    } else if (this.root.hidden && performance.now() - this.#since > PATIENCE) {
      this.root.hidden = false;
      this.#replay?.begin();
    }
  }
}
