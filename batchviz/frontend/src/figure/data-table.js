// The same numbers as text: one curve in a table, made only while it is open.

import { element, write } from "../core/dom.js";
import * as format from "../core/format.js";

const ROWS = 500; // a longer table belongs in an export

export class Table {
  #curves = [];
  #words = { x: "", y: "" };

  constructor() {
    this.choice = element("select", { class: "bv-select", onchange: () => this.#fill() });
    this.table = element("table", { class: "bv-table" });
    this.more = element("p", { class: "bv-note" });
    this.node = element("details", { class: "bv-disclosure", "data-testid": "chart-table", ontoggle: () => this.#fill() },
      element("summary", {}, "Table of the same numbers"),
      element("label", { class: "bv-field" }, element("span", { class: "bv-label" }, "Curve"), this.choice),
      element("div", { class: "bv-scroll", tabindex: 0, role: "region", "aria-label": "Numbers of a curve" }, this.table),
      this.more);
  }

  draw(curves, words) {
    this.#curves = curves;
    this.#words = words;
    this.#fill();
  }

  #fill() {
    if (!this.node.open) return;
    const names = this.#curves.map(({ name }) => name);
    if (this.choice.dataset.names !== names.join("|")) {
      const chosen = Math.max(0, names.indexOf(this.choice.selectedOptions[0]?.textContent));
      this.choice.dataset.names = names.join("|");
      this.choice.replaceChildren(...names.map((name, i) => element("option", { value: i, selected: i === chosen }, name)));
    }
    const curve = this.#curves[Number(this.choice.value)] ?? this.#curves[0];
    this.table.replaceChildren(...(curve ? rows(curve, this.#words) : []));
    write(this.more, curve && curve.x.length > ROWS ? `The first ${ROWS} of ${format.count(curve.x.length)} points; the export has all.` : "");
  }
}

function rows(curve, { x, y }) {
  const band = Boolean(curve.low);
  const cell = (text) => element("td", {}, text);
  const body = [];
  for (let i = 0; i < Math.min(curve.x.length, ROWS); i += 1) {
    body.push(element("tr", {}, element("th", { scope: "row" }, format.epochs(curve.x[i])), cell(format.value(curve.y[i])),
      band ? cell(format.value(curve.low[i])) : null, band ? cell(format.value(curve.high[i])) : null));
  }
  const head = [x, y, ...(band ? ["Lowest seed", "Highest seed"] : [])].map((text) => element("th", { scope: "col" }, text));
  return [
    element("caption", {}, curve.name),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  ];
}
