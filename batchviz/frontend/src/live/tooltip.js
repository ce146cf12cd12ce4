// What the pointer points at: one quiet list over all curves, on both charts at once.

import { AXES, trainingColumn } from "../core/units.js";
import { hex } from "../core/color.js";
import { epochCurve } from "./curves.js";
import { element } from "../core/dom.js";
import * as format from "../core/format.js";
import { heading } from "./update-noise.js";
import { nearest } from "../core/columns.js";
import { runColor } from "../chart/theme.js";

const ROWS = 14;

export class Hover {
  #frame = null;

  /** @param {Chart[]} charts @param {() => object} shown the present scene of all charts */
  constructor(charts, shown) {
    this.charts = charts;
    this.shown = shown;
    for (const chart of charts) {
      chart.picture.addEventListener("pointermove", (event) => this.#point(chart, event));
      chart.picture.addEventListener("pointerdown", (event) => this.#point(chart, event));
      chart.picture.addEventListener("pointerleave", (event) => {
        if (event.pointerType === "mouse") this.clear(); // a finger has left when it is lifted: its list stays
      });
    }
    document.addEventListener("pointerdown", this.#elsewhere);
  }

  close() {
    cancelAnimationFrame(this.#frame);
    document.removeEventListener("pointerdown", this.#elsewhere);
  }

  #elsewhere = (event) => {
    if (!this.charts.some((chart) => chart.picture.contains(event.target))) this.clear();
  };

  clear() {
    cancelAnimationFrame(this.#frame);
    for (const chart of this.charts) chart.overlay.replaceChildren();
  }

  #point(chart, event) {
    if (event.buttons && event.pointerType === "mouse") return this.clear(); // a zoom box is being drawn
    const { clientX, clientY } = event;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const x = chart.xAt(clientX, clientY);
      if (x === null) this.clear();
      else this.charts.forEach((other) => this.#show(other, x, other === chart));
    });
    return undefined;
  }

  /** Measured rows nearest to x: nothing between two measurements is made up. */
  #rows(chart, x) {
    const { recordings, view, position, theme } = this.shown();
    const limit = position ?? Infinity;
    return recordings.flatMap((run) => {
      const xs = run.epochX(view.axis);
      const at = nearest(xs, Math.min(x, limit));
      if (at < 0) return [];
      const row = xs[at] > limit ? at - 1 : at;
      const training = epochCurve(run, trainingColumn(chart.kind, view), view.axis, view.smoothing);
      const validation = epochCurve(run, `val_${chart.kind}`, view.axis, view.smoothing);
      const pick = (curve) => curve.y[curve.rows.indexOf(row)] ?? NaN;
      const result = { run, x: xs[row], color: hex(runColor(run, theme)), training: pick(training), validation: pick(validation) };
      if (view.noise) {
        const every = run.updateX(view.axis);
        const at = nearest(every, Math.min(x, limit));
        result.update = at < 0 ? NaN : run.updates[chart.kind].values[at];
      }
      return [result];
    });
  }

  #show(chart, x, pointed) {
    const { view } = this.shown();
    const rows = this.#rows(chart, x);
    if (!rows.length) return chart.overlay.replaceChildren();
    const common = rows.every((row) => Math.abs(row.x - rows[0].x) < 1e-9);
    const place = chart.pixel(common ? rows[0].x : x, NaN);
    const dots = rows.flatMap((row) => [this.#dot(chart, row, "training"), this.#dot(chart, row, "validation")]);
    const line = place && element("div", { class: "bv-cross", style: `left:${place.left}px` });
    const parts = [line, ...dots].filter(Boolean);
    if (pointed) parts.push(this.#list(chart, rows, view, common, place));
    chart.overlay.replaceChildren(...parts.filter(Boolean));
    return undefined;
  }

  #dot(chart, row, name) {
    const place = Number.isFinite(row[name]) ? chart.pixel(row.x, row[name]) : null;
    if (place?.top === null || !place) return null;
    return element("div", { class: `bv-dot bv-dot-${name}`, style: `left:${place.left}px;top:${place.top}px;--dot:${row.color}` });
  }

  #list(chart, rows, view, common, place) {
    const axis = AXES[view.axis];
    const written = (x) => (view.axis === "seconds" ? format.duration(x) : `${axis.one} ${axis.write(x)}`);
    const cell = (text) => element("td", {}, text);
    const head = element("tr", {},
      element("th", {}, common ? written(rows[0].x) : ""),
      common ? null : element("th", {}, "at"),
      element("th", {}, "training"),
      element("th", {}, "validation"),
      view.noise ? element("th", {}, heading(rows.map(({ run }) => run))) : null);
    const body = rows
      .sort((a, b) => (b.validation || b.training) - (a.validation || a.training))
      .slice(0, ROWS)
      .map((row) => element("tr", {},
        element("th", {}, element("span", { class: "bv-swatch", style: `background:${row.color}` }), row.run.about.label),
        common ? null : cell(written(row.x)),
        cell(format.value(row.training)),
        cell(format.value(row.validation)),
        view.noise ? cell(format.value(row.update)) : null));
    const more = rows.length > ROWS ? element("tr", {}, cell(`and ${rows.length - ROWS} more`)) : null;
    const right = place && place.left > chart.picture.clientWidth * 0.52;
    const offset = place?.left ?? 0;
    const side = right ? `right:${chart.picture.clientWidth - offset + 12}px` : `left:${offset + 12}px`;
    return element("table", { class: "bv-tip", style: side }, element("tbody", {}, head, ...body, more));
  }
}
