// What the pointer points at: one quiet list over all curves at one x, and a line there in every panel and chart.

import { nearest } from "../core/columns.js";
import { element } from "../core/dom.js";
import * as format from "../core/format.js";

const MAX_ROWS = 16;

/**
 * @typedef {import("./chart.js").Chart} Chart
 * @typedef {import("./chart.js").Drawn} Drawn
 * @typedef {import("./scene.js").Curve} Curve
 * @typedef {object} Reading one row of the list
 * @property {Curve} curve
 * @property {number} x where it was measured
 * @property {{heading: string, dot: "full" | "hollow" | "none", y: number}[]} values
 * @property {string} ranged what the band is of
 * @property {[number, number] | null} band lowest and highest, where they differ
 * @property {number} rank the last value with a dot: the highest curve stands first
 */

export class Tooltip {
  #frame = 0;

  /** @param {Chart[]} charts those whose x-axes are the same: a line stands in all of them, the list in one */
  constructor(charts) {
    this.charts = charts;
    for (const chart of charts) {
      chart.picture.addEventListener("pointermove", (/** @type {PointerEvent} */ event) =>
        this.#point(chart, event),
      );
      chart.picture.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) =>
        this.#point(chart, event),
      );
      chart.picture.addEventListener("pointerleave", (/** @type {PointerEvent} */ event) => {
        if (event.pointerType === "mouse") this.clear(); // a finger has left when it is lifted: its list stays
      });
    }
    document.addEventListener("pointerdown", this.#elsewhere);
  }

  close() {
    cancelAnimationFrame(this.#frame);
    document.removeEventListener("pointerdown", this.#elsewhere);
  }

  #elsewhere = (/** @type {PointerEvent} */ event) => {
    if (!this.charts.some((chart) => chart.picture.contains(/** @type {Node} */ (event.target))))
      this.clear();
  };

  clear() {
    cancelAnimationFrame(this.#frame);
    for (const chart of this.charts) chart.overlay.replaceChildren();
  }

  /**
   * @param {Chart} chart
   * @param {PointerEvent} event
   */
  #point(chart, event) {
    if (event.buttons && event.pointerType === "mouse") return this.clear(); // a zoom box is being drawn
    const { clientX, clientY } = event;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const box = chart.picture.getBoundingClientRect();
      const scale = box.width / chart.picture.clientWidth || 1; // the presenter's
      const [left, top] = [(clientX - box.left) / scale, (clientY - box.top) / scale];
      const plane = chart.drawn?.planes.find(({ holds }) => holds(left, top, 4));
      if (!plane) return this.clear();
      for (const other of this.charts)
        if (other.drawn) draw(other, other.drawn, plane.xAt(left), other === chart ? plane : null);
      return undefined;
    });
    return undefined;
  }
}

/**
 * @param {Chart} chart
 * @param {Drawn} drawn
 * @param {number} x
 * @param {import("./scales.js").Plane | null} pointed the plane under the pointer, if it is this chart's
 */
function draw(chart, { scene, planes, until }, x, pointed) {
  const rows = readings(scene.curves, x, until);
  if (!rows.length) return chart.overlay.replaceChildren();
  const common = rows.every((row) => Math.abs(row.x - rows[0].x) <= 1e-6 * Math.abs(row.x));
  const at = common ? rows[0].x : x;
  const parts = planes.flatMap((plane, i) =>
    marksIn(
      plane,
      rows.filter(({ curve }) => curve.panel === i),
      at,
    ),
  );
  // Panels with axes of their own show other things: the list is of the one under the pointer.
  const panel = pointed && !scene.linked ? planes.indexOf(pointed) : -1;
  const listed = panel < 0 ? rows : rows.filter(({ curve }) => curve.panel === panel);
  if (pointed && listed.length)
    parts.push(list(chart, listed, scene.units, common, pointed.across(at), pointed.top));
  return chart.overlay.replaceChildren(...parts);
}

/**
 * A line across the plane, and a dot at every value that was read.
 * @param {import("./scales.js").Plane} plane
 * @param {Reading[]} rows
 * @param {number} x
 */
function marksIn(plane, rows, x) {
  const left = plane.across(x);
  if (left < plane.left - 1 || left > plane.left + plane.wide + 1) return [];
  const line = element("div", {
    class: "bv-cross",
    style: `left:${left}px;top:${plane.top}px;height:${plane.high}px`,
  });
  const dots = rows.flatMap(({ curve, x: measured, values }) =>
    values.flatMap(({ dot, y }) => {
      if (dot === "none" || !Number.isFinite(y)) return [];
      const place = { left: plane.across(measured), top: plane.down(y) };
      if (!plane.holds(place.left, place.top)) return [];
      const style = `left:${place.left}px;top:${place.top}px;--dot:${curve.color}`;
      return [element("div", { class: "bv-dot", "data-hollow": dot === "hollow", style })];
    }),
  );
  return [line, ...dots];
}

/**
 * @param {Chart} chart
 * @param {Reading[]} rows
 * @param {import("./scene.js").Units} units
 * @param {boolean} common
 * @param {number} left
 * @param {number} top
 */
function list(chart, rows, units, common, left, top) {
  const cell = (/** @type {string} */ text) => element("td", {}, text);
  const banded = rows.find(({ band }) => band);
  const head = element(
    "tr",
    {},
    element("th", {}, common ? units.x(rows[0].x) : ""),
    common ? null : element("th", {}, "at"),
    ...rows[0].values.map(({ heading }) => element("th", {}, heading)),
    banded ? element("th", {}, banded.ranged) : null,
  );
  const body = [...rows]
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MAX_ROWS)
    .map(({ curve, x, values, band }) =>
      element(
        "tr",
        {},
        element(
          "th",
          {},
          element("span", { class: "bv-swatch", style: `background:${curve.color}` }),
          curve.name,
        ),
        common ? null : cell(units.x(x)),
        ...values.map(({ y }) => cell(format.number(y))),
        banded ? cell(band ? `${format.number(band[0])} to ${format.number(band[1])}` : "") : null,
      ),
    );
  const more = rows.length > MAX_ROWS ? element("tr", {}, cell(`and ${rows.length - MAX_ROWS} more`)) : null;
  const wide = chart.picture.clientWidth;
  const side = left > wide * 0.52 ? `right:${wide - left + 12}px` : `left:${left + 12}px`;
  return element(
    "table",
    { class: "bv-tip", style: `${side};top:${top - 4}px` },
    element("tbody", {}, head, ...body, more),
  );
}

/**
 * The measured values of curves at one x: nothing between two measurements is made up, nothing after the last.
 * @param {Curve[]} curves
 * @param {number} x
 * @param {number | null} until rows beyond are not shown yet
 * @returns {Reading[]}
 */
export function readings(curves, x, until) {
  const limit = until ?? Infinity;
  return curves.flatMap((curve) => {
    const [first] = curve.series;
    const row = measuredRow(first.x, x, limit);
    if (row < 0) return [];
    const values = curve.series.map(({ heading, dot, x: xs, y }) => {
      const at = xs === first.x ? row : measuredRow(xs, x, limit);
      return { heading, dot, y: at < 0 ? NaN : y[at] };
    });
    const ranged = curve.series.find(({ low }) => low?.length);
    const at = ranged ? measuredRow(ranged.x, x, limit) : -1;
    const [low, high] = [ranged?.low?.[at] ?? NaN, ranged?.high?.[at] ?? NaN];
    const ranked = values.filter(({ dot, y }) => dot !== "none" && Number.isFinite(y));
    return [
      {
        curve,
        values,
        x: first.x[row],
        rank: ranked[ranked.length - 1]?.y ?? -Number.MAX_VALUE,
        ranged: ranged && ranged !== first ? `${ranged.heading}, lowest to highest` : "lowest to highest",
        band: Number.isFinite(low) && low !== high ? /** @type {[number, number]} */ ([low, high]) : null,
      },
    ];
  });
}

/**
 * The row nearest to x, not beyond the limit; -1 for none.
 * @param {ArrayLike<number>} xs
 * @param {number} x
 * @param {number} limit
 */
function measuredRow(xs, x, limit) {
  const row = nearest(xs, Math.min(x, limit));
  return row >= 0 && xs[row] > limit ? row - 1 : row;
}
