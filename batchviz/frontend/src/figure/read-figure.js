// What a figure says: its curves and its panels, read from Plotly's dict.

import { decodeFloat32 } from "../core/columns.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#39;": "'", "&#x27;": "'" };

/** A name as people read it: figures escape what Plotly would take for HTML. */
export function plain(text) {
  return String(text ?? "").replace(/&(lt|gt|amp|quot|#39|#x27);/g, (entity) => ENTITIES[entity]);
}

/**
 * The figure with its packed arrays unpacked; {light, dark} becomes the colour of this theme. A copy, lists too: Plotly
 * writes what the visitor zooms into into the ranges that it was given.
 */
export function resolved(part, dark) {
  if (Array.isArray(part)) return part.map((item) => resolved(item, dark));
  if (part === null || typeof part !== "object" || ArrayBuffer.isView(part)) return part;
  if ("bdata" in part) return unpacked(part);
  if ("light" in part && "dark" in part) return dark ? part.dark : part.light;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, resolved(value, dark)]));
}

/** Plotly's packed array; one of two dimensions becomes a list of rows. */
function unpacked({ bdata, shape }) {
  const flat = decodeFloat32(bdata);
  const [rows, columns] = shape.split(",").map(Number);
  return columns ? Array.from({ length: rows }, (_, i) => flat.subarray(i * columns, (i + 1) * columns)) : flat;
}

/** The panels of a layout in reading order: ["", "2", "3"] for xaxis, xaxis2, xaxis3. */
export function panels(layout) {
  return Object.keys(layout).filter((name) => /^xaxis\d*$/.test(name)).map((name) => name.slice(5))
    .sort((a, b) => Number(a || 1) - Number(b || 1));
}

/** Curves: [{name, color, x, y, low, high, panel}] of a resolved figure. */
export function curves({ data }) {
  return data.filter((trace) => trace.showlegend === true && trace.visible !== false && trace.x?.length).map((trace) => ({
    name: plain(trace.name),
    color: trace.line?.color ?? trace.marker?.color ?? "#888888",
    x: trace.x,
    y: trace.y,
    low: trace.customdata?.map?.((pair) => pair?.[0]),
    high: trace.customdata?.map?.((pair) => pair?.[1]),
    panel: (trace.xaxis ?? "x").slice(1),
  }));
}
