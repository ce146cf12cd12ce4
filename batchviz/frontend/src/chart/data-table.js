// The same numbers as text: one run or curve in a table, made only while it is open.

import { element, setAttribute, setText } from "../core/dom.js";

const MAX_ROWS = 500; // a longer table belongs in an export

/**
 * @typedef {{title: string, values: ArrayLike<number>, write: (value: number) => string}} TableColumn the first column heads the rows
 * @typedef {{id: string, name: string, caption: string, columns: TableColumn[], more: (shown: number) => string, links?: string[]}} TableEntry
 *   `more` is said under a table that is cut; `links`, where there are any, lead from the head of each row
 */

export class DataTable {
  #filled = "";
  #version = "";
  /** @type {() => TableEntry[]} */
  #entries = () => [];

  /** @param {{testId: string, choose: string, about: string}} words `choose` names what is chosen, `about` the region */
  constructor({ testId, choose, about }) {
    this.choice = /** @type {HTMLSelectElement} */ (
      element("select", { class: "bv-select", onchange: () => this.#fill() })
    );
    this.table = element("table", { class: "bv-table" });
    this.more = element("p", { class: "bv-note" });
    this.node = /** @type {HTMLDetailsElement} */ (
      element(
        "details",
        { class: "bv-disclosure", "data-testid": testId, ontoggle: () => this.#fill() },
        element("summary", {}, "Table of the same numbers"),
        element("label", { class: "bv-field" }, element("span", { class: "bv-label" }, choose), this.choice),
        element("div", { class: "bv-scroll", tabindex: 0, role: "region", "aria-label": about }, this.table),
        this.more,
      )
    );
  }

  /**
   * @param {() => TableEntry[]} entries asked for only while the table is open
   * @param {string} version differs when any entry does
   */
  draw(entries, version) {
    this.#entries = entries;
    this.#version = version;
    this.#fill();
  }

  #fill() {
    if (!this.node.open) return;
    const state = () => `${this.choice.value} ${this.#version}`;
    if (state() === this.#filled) return;
    const entries = this.#entries();
    const names = entries.map(({ name }) => name);
    if (this.choice.dataset.names !== names.join("|")) {
      this.choice.dataset.names = names.join("|");
      const chosen = this.choice.value;
      this.choice.replaceChildren(
        ...entries.map(({ id, name }) => element("option", { value: id, selected: id === chosen }, name)),
      );
    }
    this.#filled = state();
    const entry = entries.find(({ id }) => id === this.choice.value) ?? entries[0];
    this.table.replaceChildren(...(entry ? content(entry) : []));
    const count = entry ? entry.columns[0].values.length : 0;
    setText(this.more, count > MAX_ROWS ? entry.more(MAX_ROWS) : "");
    setAttribute(this.node, "data-rows", count);
  }
}

/** @param {TableEntry} entry */
function content({ caption, columns, links = [] }) {
  const body = [];
  for (let i = 0; i < Math.min(columns[0].values.length, MAX_ROWS); i += 1) {
    const cells = columns.map((column) => column.write(column.values[i]));
    body.push(
      element(
        "tr",
        {},
        element("th", { scope: "row" }, links[i] ? element("a", { href: links[i] }, cells[0]) : cells[0]),
        ...cells.slice(1).map((text) => element("td", {}, text)),
      ),
    );
  }
  return [
    element("caption", {}, caption),
    element(
      "thead",
      {},
      element("tr", {}, ...columns.map(({ title }) => element("th", { scope: "col" }, title))),
    ),
    element("tbody", {}, ...body),
  ];
}
