// Draws the ends of lines over Plotly's lines: plain elements, so that a playing recording moves them cheaply.

import { hex } from "../core/color.js";
import { element, setAttribute, setText } from "../core/dom.js";

const DOUBLE_CLICK = 260; // milliseconds in which a second click on a label isolates instead of hiding
export const LEADER_LINE = 16; // pixels from a line's end to its label
const OUTSIDE = 8; // pixels that a long label may reach over the picture's edge, into the card's

/** @typedef {{onToggle: (ids: string[]) => void, onIsolate: (ids: string[]) => void}} LabelGestures */

export class LineEndLabels {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #click;
  /** @type {HTMLElement[]} */
  #dots = [];
  /** @type {HTMLElement[]} */
  #labels = [];

  /** @param {LabelGestures} gestures */
  constructor({ onToggle, onIsolate }) {
    this.onToggle = onToggle;
    this.onIsolate = onIsolate;
    this.leaders = element("svg", { class: "bv-leader-lines" });
    // The cards offer the same to keyboard and screen reader, so the labels stay out of their way.
    this.node = element(
      "div",
      {
        class: "bv-ends",
        "aria-hidden": "true",
        onclick: (/** @type {Event} */ event) => this.#clicked(event),
      },
      this.leaders,
    );
  }

  /** @param {{dots: import("./label-layout.js").Dot[], labels: import("./label-layout.js").Label[]}} ends */
  draw({ dots, labels }) {
    this.#fit(this.#dots, dots.length, () => element("i", { class: "bv-line-end" }));
    dots.forEach((dot, i) => {
      const { style } = this.#dots[i];
      style.transform = `translate(${dot.left.toFixed(1)}px,${dot.top.toFixed(1)}px)`;
      style.setProperty("--dot", hex(dot.color));
      setAttribute(this.#dots[i], "data-hollow", dot.hollow);
    });
    this.#fit(this.#labels, labels.length, () => element("span", { class: "bv-line-label" }));
    labels.forEach((label, i) => {
      const node = this.#labels[i];
      setText(node, label.text);
      node.style.transform = `translate(${(label.left + LEADER_LINE + 2).toFixed(1)}px,${(label.top + label.shift).toFixed(1)}px) translateY(-50%)`;
      node.style.color = hex(label.color);
      node.style.maxWidth = `calc(100% - ${(label.left + LEADER_LINE + 2 - OUTSIDE).toFixed(1)}px)`;
      setAttribute(node, "data-runs", label.ids.join(" ") || null);
      setAttribute(node, "data-inside", label.inside);
    });
    this.leaders.replaceChildren(
      ...labels.map((label) =>
        element("path", {
          d: `M${label.left + 5} ${label.top}L${label.left + LEADER_LINE} ${label.top + label.shift}`,
          stroke: hex(label.leader),
          fill: "none",
        }),
      ),
    );
  }

  /**
   * @param {HTMLElement[]} nodes
   * @param {number} count
   * @param {() => any} make
   */
  #fit(nodes, count, make) {
    while (nodes.length > count) nodes.pop()?.remove();
    while (nodes.length < count) {
      const node = make();
      nodes.push(node);
      this.node.append(node);
    }
  }

  /**
   * One click hides the label's runs, two isolate them.
   * @param {Event} event
   */
  #clicked(event) {
    const ids = /** @type {HTMLElement} */ (event.target).dataset?.runs?.split(" ");
    if (!ids) return;
    if (this.#click) {
      clearTimeout(this.#click);
      this.#click = undefined;
      this.onIsolate(ids);
    } else {
      this.#click = setTimeout(() => {
        this.#click = undefined;
        this.onToggle(ids);
      }, DOUBLE_CLICK);
    }
  }

  close() {
    clearTimeout(this.#click);
  }
}
