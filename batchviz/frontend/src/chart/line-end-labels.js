// Draws the marks of one chart over Plotly's lines: plain elements, so that a playing recording moves them cheaply.

import { hex } from "../core/color.js";
import { element, mark, write } from "../core/dom.js";

const DOUBLE_CLICK = 260; // milliseconds in which a second click on a label isolates instead of hiding
const THREAD = 16; // pixels from a line's end to its label

export class Ends {
  #click = null;
  #dots = [];
  #labels = [];

  constructor({ onToggle, onIsolate }) {
    this.onToggle = onToggle;
    this.onIsolate = onIsolate;
    this.threads = element("svg", { class: "bv-threads" });
    // The cards offer the same to keyboard and screen reader, so the labels stay out of their way.
    this.node = element("div", { class: "bv-ends", "aria-hidden": "true", onclick: (event) => this.#clicked(event) }, this.threads);
  }

  draw({ dots, labels }, margin) {
    this.node.style.inset = `${margin.t}px ${margin.r}px ${margin.b}px ${margin.l}px`;
    this.#fit(this.#dots, dots.length, () => element("i", { class: "bv-line-end" }));
    dots.forEach((dot, i) => {
      const { style } = this.#dots[i];
      style.transform = `translate(${dot.left.toFixed(1)}px,${dot.top.toFixed(1)}px)`;
      style.setProperty("--dot", hex(dot.color));
      mark(this.#dots[i], "data-hollow", dot.hollow);
    });
    this.#fit(this.#labels, labels.length, () => element("span", { class: "bv-line-label" }));
    labels.forEach((label, i) => {
      const node = this.#labels[i];
      write(node, label.text);
      node.style.transform = `translate(${(label.left + THREAD + 2).toFixed(1)}px,${(label.top + label.shift).toFixed(1)}px) translateY(-50%)`;
      node.style.color = hex(label.color);
      mark(node, "data-runs", label.ids.join(" ") || null);
      mark(node, "data-inside", label.inside);
    });
    this.threads.replaceChildren(...labels.map((label) => element("path", {
      d: `M${label.left + 5} ${label.top}L${label.left + THREAD} ${label.top + label.shift}`, stroke: hex(label.thread), fill: "none",
    })));
  }

  #fit(nodes, count, make) {
    while (nodes.length > count) nodes.pop().remove();
    while (nodes.length < count) {
      nodes.push(make());
      this.node.append(nodes.at(-1));
    }
  }

  /** One click hides the label's runs, two isolate them. */
  #clicked(event) {
    const ids = event.target.dataset?.runs?.split(" ");
    if (!ids) return;
    if (this.#click) {
      clearTimeout(this.#click);
      this.#click = null;
      this.onIsolate(ids);
    } else {
      this.#click = setTimeout(() => {
        this.#click = null;
        this.onToggle(ids);
      }, DOUBLE_CLICK);
    }
  }

  close() {
    clearTimeout(this.#click);
  }
}
