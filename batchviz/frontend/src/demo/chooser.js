// The controls of a demonstration: data, what is raced, the sliders, and where the runs are compared.

import { element, only, setText } from "../core/dom.js";
import { segmented } from "../core/segmented.js";
import { Slider } from "./slider.js";

const MAX_SEGMENTS = 3; // set-ups beside each other; more stand in a list
const RACES = { batch_size: "Batch sizes", learning_rate: "Learning rates", nothing: "One setting" };

/** @typedef {import("./choices.js").Choices} Choices */
/** @typedef {import("./choices.js").Wish} Wish */
/** @typedef {import("./document.js").Over} Over */

export class Chooser {
  /** @type {Map<string, { said: string, check: (id: string) => void }>} */
  #groups = new Map();

  /**
   * @param {HTMLElement} root of the controls, the headline among them
   * @param {string[]} setups
   * @param {(change: Partial<Wish>) => void} choose
   */
  constructor(root, setups, choose) {
    this.setups = setups;
    this.choose = choose;
    this.places = { setup: place(), over: place(), unit: place() };
    this.size = new Slider("Batch size", (examples) => choose({ examples }));
    this.rate = new Slider("Learning rate", (rate) => choose({ rate }));
    this.headline = only(root, "#batchviz-headline");
    only(root, "#batchviz-controls").append(
      this.places.setup,
      this.places.over,
      this.size.node,
      this.rate.node,
      this.places.unit,
    );
  }

  /** @param {Choices} choices */
  draw(choices) {
    const { chosen, verdict, overs } = choices;
    const setups = this.setups.map((name, at) => ({ id: String(at), name }));
    this.#options("setup", "Data", setups, String(chosen.setup), (id) => this.choose({ setup: Number(id) }));
    const races = overs.map((over) => ({ id: over, name: RACES[over] }));
    this.#options("over", "Race", races, chosen.over, (id) =>
      this.choose({ over: /** @type {Over} */ (id) }),
    );
    const units = chosen.findings.map(({ unit, name }) => ({ id: unit, name }));
    this.#options("unit", "Compare at", units, verdict.unit, (unit) => this.choose({ unit }));
    this.size.draw(
      choices
        .stops("examples")
        .map(({ examples, batch_size }) => ({ at: Number(examples), name: batch_size })),
      chosen.examples,
    );
    this.rate.draw(
      choices.stops("rate").map(({ rate, learning_rate }) => ({ at: Number(rate), name: learning_rate })),
      chosen.rate,
    );
    setText(this.headline, verdict.headline);
  }

  /**
   * One of several, drawn anew where others are offered; nothing where there is no choice.
   * @param {"setup" | "over" | "unit"} name
   * @param {string} label
   * @param {{ id: string, name: string }[]} options
   * @param {string} chosen
   * @param {(id: string) => void} choose
   */
  #options(name, label, options, chosen, choose) {
    const said = JSON.stringify(options);
    if (this.#groups.get(name)?.said !== said) {
      const make = name === "setup" && options.length > MAX_SEGMENTS ? listed : segmented;
      const { node, check } = make(label, options, choose);
      this.places[name].replaceChildren(node);
      this.#groups.set(name, { said, check });
    }
    this.places[name].hidden = options.length < 2;
    this.#groups.get(name)?.check(chosen);
  }
}

/**
 * Like a segmented control, for many.
 * @param {string} label
 * @param {{ id: string, name: string }[]} options
 * @param {(id: string) => void} choose
 */
function listed(label, options, choose) {
  const select = element(
    "select",
    { class: "bv-select", onchange: () => choose(select.value) },
    ...options.map(({ id, name }) => element("option", { value: id }, name)),
  );
  const node = element("label", { class: "bv-field" }, element("span", { class: "bv-label" }, label), select);
  const check = (/** @type {string} */ chosen) => {
    select.value = chosen;
  };
  return { node, check };
}

function place() {
  return element("div", { class: "bv-choice" });
}
