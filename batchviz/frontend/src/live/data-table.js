// The same numbers as text: one run's epochs in a table, made only while it is open.

import { element, mark, write } from "../core/dom.js";
import * as format from "../core/format.js";

const COLUMNS = [
  ["updates", "Updates", format.count],
  ["examples", "Examples", format.count],
  ["seconds", "Time", format.duration],
  ["train_loss", "Training {loss}", format.value],
  ["loss", "Running mean {loss}", format.value],
  ["val_loss", "Validation {loss}", format.value],
  ["train_metric", "Training {metric}", format.value],
  ["metric", "Running mean {metric}", format.value],
  ["val_metric", "Validation {metric}", format.value],
];
const ROWS = 500; // a longer table belongs in the CSV

export class Table {
  #drawn = "";
  #recordings = [];

  constructor() {
    this.choice = element("select", { class: "bv-select", onchange: () => this.#fill() });
    this.table = element("table", { class: "bv-table" });
    this.more = element("p", { class: "bv-note" });
    this.node = element("details", { class: "bv-disclosure", "data-testid": "live-table", ontoggle: () => this.#fill() },
      element("summary", {}, "Table of the same numbers"),
      element("label", { class: "bv-field" }, element("span", { class: "bv-label" }, "Run"), this.choice),
      element("div", { class: "bv-scroll", tabindex: 0, role: "region", "aria-label": "Numbers of each epoch" }, this.table),
      this.more);
  }

  draw(recordings) {
    this.#recordings = recordings.filter((run) => run.about);
    if (this.node.open) this.#fill();
  }

  #fill() {
    if (!this.node.open) return;
    const runs = this.#recordings;
    const names = runs.map((run) => `${run.about.label}, ${run.about.details}`);
    if (this.choice.dataset.names !== names.join("|")) {
      this.choice.dataset.names = names.join("|");
      const chosen = this.choice.value;
      this.choice.replaceChildren(...runs.map((run, i) => element("option", { value: run.id, selected: run.id === chosen }, names[i])));
    }
    const run = runs.find(({ id }) => id === this.choice.value) ?? runs[0];
    const state = run ? `${run.id} ${run.revision}` : "";
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.table.replaceChildren(...(run ? rows(run) : []));
    write(this.more, run && run.epochRows > ROWS ? `The first ${ROWS} of ${format.count(run.thinned?.recorded ?? run.epochRows)} rows; the CSV has all.${thinned(run)}` : "");
    mark(this.node, "data-rows", run ? run.epochRows : 0);
  }
}

/** What a point of a very long run stands for. */
function thinned({ thinned }) {
  if (!thinned) return "";
  return ` The chart draws the first epochs one by one; of every ${thinned.stride} later ones the last, and the lowest and highest of each curve.`;
}

function rows(run) {
  const named = (title) => title.replace("{loss}", run.about.loss_name).replace("{metric}", run.about.metric_name);
  const head = ["Epoch", ...COLUMNS.map(([, title]) => named(title))];
  const epochs = run.epochX("epochs");
  const body = [];
  for (let i = 0; i < Math.min(run.epochRows, ROWS); i += 1) {
    body.push(element("tr", {},
      element("th", { scope: "row" }, format.epochs(epochs[i])),
      ...COLUMNS.map(([name, , write]) => element("td", {}, write(run.epochs[name].values[i])))));
  }
  return [
    element("caption", {}, `${run.about.label}: epoch 0 is before the first update`),
    element("thead", {}, element("tr", {}, ...head.map((title) => element("th", { scope: "col" }, title)))),
    element("tbody", {}, ...body),
  ];
}
