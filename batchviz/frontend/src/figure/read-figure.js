// From a Plotly figure to a scene: its traces, its panels, and what `layout.meta` says about them.

import { decodeFloat32 } from "../core/columns.js";
import * as format from "../core/format.js";
import { shortened } from "../chart/label-layout.js";
import { suffix } from "../chart/plotly-axes.js";
import { bulk, ceilingOver, xRange, yRange } from "../chart/ranges.js";
import { budgetReference, floorReference, sideBySide, updateStyle } from "../chart/scene.js";

const MAX_NAME = 24; // characters at a line's end; the list under the pointer has the rest
const MAX_NAMES_A_PANEL = 12;
const MAX_NAMES = 24; // more at line ends are a wall of text: the list under the pointer has them
/** @type {Record<string, string>} */
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#39;": "'", "&#x27;": "'" };

/**
 * @typedef {import("../chart/scene.js").Scene} Scene
 * @typedef {import("../chart/scene.js").Curve} Curve
 * @typedef {import("../chart/scene.js").Panel} Panel
 * @typedef {import("../chart/scene.js").Range} Range
 * @typedef {{data: any[], layout: Record<string, any>}} Figure
 * @typedef {Curve & {end: string, bare: boolean}} NamedCurve `end` is its name beside the heading of its panel; at a `bare`
 *   end there is no dot
 */

/**
 * The scene of a figure in the light or in the dark.
 * @param {Figure} figure
 * @param {boolean} dark
 * @returns {Scene}
 */
export function readFigure(figure, dark) {
  const inTheme = /** @type {Figure} */ (resolved(figure, dark));
  return inTheme.layout.meta?.apart ? sideBySide(panelFigures(inTheme).map(readPlanes)) : readPlanes(inTheme);
}

/**
 * Each panel of a figure as one of its own.
 * @param {Figure} figure
 * @returns {Figure[]}
 */
function panelFigures({ data, layout }) {
  return panelNames(layout).map((name, i) => ({
    data: data.filter(({ xaxis = "x" }) => xaxis === `x${name}`).map((trace) => ({ ...trace, xaxis: "x" })),
    layout: {
      xaxis: layout[`xaxis${name}`],
      yaxis: layout[`yaxis${name}`],
      meta: { ...layout.meta, ...layout.meta.panels[i], panels: [layout.meta.panels[i]] },
    },
  }));
}

/**
 * @param {Figure} figure
 * @returns {Scene}
 */
function readPlanes({ data, layout }) {
  const meta = layout.meta ?? {};
  const names = panelNames(layout);
  const panelOf = (/** @type {any} */ trace) => Math.max(0, names.indexOf((trace.xaxis ?? "x").slice(1)));
  const traces = data.filter(({ visible }) => visible !== false);
  const updates = traces.filter(({ meta: role }) => role === "updates");
  const word = meta.x ?? titleOf(layout.xaxis);
  const value = meta.y ?? titleOf(layout.yaxis);
  const curves = traces
    .filter((trace) => trace.showlegend === true && trace.x?.length)
    .map((trace) => readCurve(trace, panelOf(trace), value));
  const named = nameable(curves, names.length > 1);
  /** @type {import("../chart/scene.js").Reference["label"]} */
  const label = names.length > 1 ? "none" : "plane";
  const budget = meta.budget ?? null;
  const [x, y] = [horizontal(layout, meta, traces, updates), vertical(layout, meta, traces, updates, curves)];
  return {
    panels: names.map((_, i) => ({
      heading: plain(meta.panels?.[i]?.heading ?? ""),
      color: meta.panels?.[i]?.color ?? null,
      x,
      y,
    })),
    linked: true,
    high: meta.high,
    traces: traces.map((trace) => readTrace(trace, panelOf(trace), updates.length)),
    references: names.flatMap((_, i) => [
      ...(meta.floors ?? []).map((/** @type {number} */ floor) => floorReference(i, floor, label)),
      ...(budget === null ? [] : [budgetReference(i, budget, label)]),
    ]),
    curves,
    ends: named.map(({ name, end, bare, color, panel, series: [{ x: xs, y: ys }] }) => ({
      panel,
      color,
      text: shortened(end || name, MAX_NAME),
      ids: [],
      lines: [{ x: xs, y: ys, hollow: true, named: true, bare }],
    })),
    units: { word, x: (at) => (word === "second" ? format.duration(at) : `${word} ${format.quantity(at)}`) },
    characters: Math.max(0, ...named.map(({ name, end }) => shortened(end || name, MAX_NAME).length)),
  };
}

/**
 * The curves with a name at their end. In panels those that their heading does not name.
 * @param {NamedCurve[]} curves
 * @param {boolean} apart
 */
function nameable(curves, apart) {
  if (!apart) return curves.length > MAX_NAMES ? [] : curves;
  const crowd = curves.map(({ panel }) => curves.filter((other) => other.panel === panel).length);
  return Math.max(0, ...crowd) > MAX_NAMES_A_PANEL ? [] : curves.filter(({ end }, i) => end && crowd[i] > 1);
}

/**
 * A name as people read it: figures escape what Plotly would take for HTML.
 * @param {unknown} text
 */
export function plain(text) {
  return String(text ?? "").replace(/&(lt|gt|amp|quot|#39|#x27);/g, (entity) => ENTITIES[entity]);
}

/**
 * The figure with its packed arrays unpacked; {light, dark} becomes the colour of this theme.
 * @param {any} part
 * @param {boolean} dark
 * @returns {any}
 */
export function resolved(part, dark) {
  if (Array.isArray(part)) return part.map((item) => resolved(item, dark));
  if (part === null || typeof part !== "object" || ArrayBuffer.isView(part)) return part;
  if ("bdata" in part) return unpacked(part);
  if ("light" in part && "dark" in part) return dark ? part.dark : part.light;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, resolved(value, dark)]));
}

/**
 * Plotly's packed array; one of two dimensions becomes a list of rows.
 * @param {{bdata: string, shape: string}} packed
 */
function unpacked({ bdata, shape }) {
  const flat = decodeFloat32(bdata);
  const [rows, columns] = shape.split(",").map(Number);
  return columns
    ? Array.from({ length: rows }, (_, i) => flat.subarray(i * columns, (i + 1) * columns))
    : flat;
}

/**
 * The panels of a layout in reading order: ["", "2", "3"] for xaxis, xaxis2, xaxis3.
 * @param {Figure["layout"]} layout
 */
function panelNames(layout) {
  const count = Object.keys(layout).filter((name) => /^xaxis\d*$/.test(name)).length;
  return Array.from({ length: Math.max(1, count) }, (_, i) => suffix(i));
}

/** @param {any} axis */
function titleOf(axis) {
  return plain(typeof axis?.title === "string" ? axis.title : axis?.title?.text);
}

/**
 * @param {any} trace
 * @param {number} panel
 * @param {string} heading
 * @returns {NamedCurve}
 */
function readCurve({ name, line, marker, x: xs, y: ys, customdata, meta, ids }, panel, heading) {
  // A value that is none breaks the line, and is no point of it.
  const points = Array.from(ys, (_, i) => i).filter((i) => !Number.isNaN(ys[i]));
  const [x, y] = [points.map((i) => xs[i]), points.map((i) => ys[i])];
  const low = customdata?.map && points.map((i) => customdata[i]?.[0]);
  const high = customdata?.map && points.map((i) => customdata[i]?.[1]);
  return {
    name: plain(name),
    end: plain(meta?.end ?? ""),
    bare: meta?.bare === true,
    color: line?.color ?? marker?.color ?? "#888888",
    panel,
    ...(ids && { links: points.map((i) => ids[i]) }),
    series: [{ heading, x, y, low, high, dot: "full" }],
  };
}

/**
 * @param {any} trace
 * @param {number} panel
 * @param {number} crowd runs whose every update is drawn
 * @returns {import("../chart/scene.js").Trace}
 */
function readTrace(
  { name, mode = "lines", x = [], y = [], line = {}, fill, fillcolor, marker = {}, meta },
  panel,
  crowd,
) {
  const color = line.color ?? marker.color ?? "#888888";
  return {
    panel,
    name,
    x,
    y,
    color,
    width: mode.includes("lines") ? (line.width ?? 2) : 0,
    dash: line.dash,
    ...(meta === "updates" && updateStyle(color, crowd)),
    ...(fill && { fill: fill === "toself" ? "self" : "previous", fillColor: fillcolor }),
    ...(mode.includes("markers") && {
      marks: { size: marker.size ?? 6, hollow: marker.symbol === "circle-open" },
    }),
  };
}

/**
 * @param {Figure["layout"]} layout
 * @param {any} meta
 * @param {any[]} traces
 * @param {any[]} updates
 * @returns {Panel["x"]}
 */
function horizontal({ xaxis = {} }, { budget = null }, traces, updates) {
  const log = xaxis.type === "log";
  let [first, last] = [Infinity, 0];
  for (const trace of traces.filter((each) => !updates.includes(each))) {
    for (const at of trace.x ?? []) {
      if (at > 0 && at < first) first = at;
      if (at > last) last = at;
    }
  }
  // Curves end at the budget, or one update behind it where examples do not divide, or before it.
  const range = xRange(Math.max(last, budget ?? 0), { log, first, room: budget === null ? 0 : 0.03 });
  return { title: titleOf(xaxis), log, range: ownRange(xaxis) ?? range };
}

/**
 * Around every curve and floor, and of the updates around the bulk.
 * @param {Figure["layout"]} layout
 * @param {any} meta
 * @param {any[]} traces
 * @param {any[]} updates
 * @param {Curve[]} curves
 * @returns {Panel["y"]}
 */
function vertical({ yaxis = {} }, { floors = [], bounded = false }, traces, updates, curves) {
  const log = yaxis.type === "log";
  const starts = curves.map(({ series: [{ y, high }] }) => (high ?? y)[0]);
  const values = traces.flatMap((trace) =>
    updates.includes(trace) ? bulk(trace.y ?? [], log) : Array.from(trace.y ?? []),
  );
  const range = yRange([...values, ...floors], { log, ceiling: ceilingOver(starts, bounded) });
  return { title: "", log, range: ownRange(yaxis) ?? range }; // what y shows is the heading's
}

/**
 * The range that a figure came with.
 * @param {any} axis
 * @returns {Range | null}
 */
function ownRange({ range }) {
  return range?.length === 2 ? [range[0], range[1]] : null;
}
