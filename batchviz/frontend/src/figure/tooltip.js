// What the pointer points at: the values of all curves at one x, in every panel.

import { element } from "../core/dom.js";
import * as format from "../core/format.js";
import { nearest } from "../core/columns.js";

const ROWS = 16;

export class Hover {
  #frame = null;

  /** @param {Element} picture @param {Element} overlay @param {() => object|null} scene what stands in the picture */
  constructor(picture, overlay, scene) {
    Object.assign(this, { picture, overlay, scene });
    for (const name of ["pointermove", "pointerdown"]) picture.addEventListener(name, (event) => this.#point(event));
    picture.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") this.clear(); // a finger has left when it is lifted: its list stays
    });
    document.addEventListener("pointerdown", this.#elsewhere);
  }

  close() {
    cancelAnimationFrame(this.#frame);
    document.removeEventListener("pointerdown", this.#elsewhere);
  }

  #elsewhere = (event) => {
    if (!this.picture.contains(event.target)) this.clear();
  };

  clear() {
    cancelAnimationFrame(this.#frame);
    this.overlay.replaceChildren();
  }

  #point(event) {
    if (event.buttons && event.pointerType === "mouse") return this.clear(); // a zoom box is being drawn
    const { clientX, clientY } = event;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#show(clientX, clientY));
    return undefined;
  }

  #show(clientX, clientY) {
    const scene = this.scene();
    if (!scene) return this.clear();
    const box = this.picture.getBoundingClientRect();
    const [left, top] = [clientX - box.left, clientY - box.top];
    const panel = scene.panels.find((one) => left >= one.left - 4 && left <= one.left + one.wide + 4 && top >= one.top && top <= one.top + one.high);
    if (!panel) return this.clear();
    const x = panel.xAt(left);
    const rows = scene.curves.flatMap((curve) => measured(curve, x));
    if (!rows.length) return this.clear();
    const common = rows.every((row) => Math.abs(row.x - rows[0].x) <= 1e-6 * Math.abs(row.x));
    const at = common ? rows[0].x : x;
    const parts = scene.panels.flatMap((one) => this.#marks(one, rows, at));
    parts.push(this.#list(rows, { scene, common, left: panel.place(at, null).left, top: panel.top }));
    this.overlay.replaceChildren(...parts);
    return undefined;
  }

  #marks(panel, rows, x) {
    const { left } = panel.place(x, null);
    if (left < panel.left - 1 || left > panel.left + panel.wide + 1) return [];
    const line = element("div", { class: "bv-cross", style: `left:${left}px;top:${panel.top}px;bottom:auto;height:${panel.high}px` });
    const dots = rows.filter((row) => row.curve.panel === panel.name).flatMap((row) => {
      const spot = panel.place(row.x, row.y);
      const inside = spot.top >= panel.top - 1 && spot.top <= panel.top + panel.high + 1 && spot.left <= panel.left + panel.wide + 1;
      return inside ? [element("div", { class: "bv-dot", style: `left:${spot.left}px;top:${spot.top}px;--dot:${row.curve.color}` })] : [];
    });
    return [line, ...dots];
  }

  #list(rows, { scene, common, left, top }) {
    const written = (x) => (scene.x === "second" ? format.duration(x) : `${scene.x} ${format.epochs(x)}`);
    const cell = (text) => element("td", {}, text);
    const bands = rows.some((row) => Number.isFinite(row.low) && row.low !== row.high);
    const head = element("tr", {},
      element("th", {}, common ? written(rows[0].x) : ""), common ? null : element("th", {}, "at"),
      element("th", {}, scene.y), bands ? element("th", {}, "lowest to highest") : null);
    const body = [...rows].sort((a, b) => b.y - a.y).slice(0, ROWS).map((row) => element("tr", {},
      element("th", {}, element("span", { class: "bv-swatch", style: `background:${row.curve.color}` }), row.curve.name),
      common ? null : cell(written(row.x)),
      cell(format.value(row.y)),
      bands ? cell(Number.isFinite(row.low) && row.low !== row.high ? `${format.value(row.low)} to ${format.value(row.high)}` : "") : null));
    const more = rows.length > ROWS ? element("tr", {}, cell(`and ${rows.length - ROWS} more`)) : null;
    const wide = this.picture.clientWidth;
    const side = left > wide * 0.52 ? `right:${wide - left + 12}px` : `left:${left + 12}px`;
    return element("table", { class: "bv-tip", style: `${side};top:${top - 4}px` }, element("tbody", {}, head, ...body, more));
  }
}

/** The measured point nearest to x: nothing between two measurements is made up, nothing after the last. */
function measured(curve, x) {
  const i = nearest(curve.x, x);
  if (i < 0 || !Number.isFinite(curve.y[i])) return [];
  return [{ curve, x: curve.x[i], y: curve.y[i], low: curve.low?.[i], high: curve.high?.[i] }];
}
