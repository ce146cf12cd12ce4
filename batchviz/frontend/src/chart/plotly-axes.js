// The axes of a scene's panels, as Plotly's layout has them.

import { hex } from "../core/color.js";
import { logTicks, tickText } from "./ranges.js";

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./panels.js").Arrangement} Arrangement
 * @typedef {import("./theme.js").Theme} Theme
 */

/**
 * What Plotly appends to the names of a panel's axes.
 * @param {number} panel
 */
export function suffix(panel) {
  return panel ? String(panel + 1) : "";
}

/**
 * @param {import("./scene.js").Axis} axis
 * @param {Theme} theme
 */
function sharedAxis({ log, range }, theme) {
  const ticks = log ? logTicks(range) : [];
  return {
    range: [...range], // Plotly writes what the visitor zooms into into the list that it was given
    type: log ? "log" : "linear",
    autorange: false,
    zeroline: false,
    fixedrange: false,
    automargin: false,
    ticks: "",
    showline: false,
    exponentformat: "none",
    tickfont: { color: hex(theme.muted), size: 11 },
    tickangle: 0,
    ticklabeloverflow: "allow", // both spare a drawing the measuring of every label; the margins have room
    ...(log && { tickvals: ticks, ticktext: ticks.map(tickText) }),
  };
}

/**
 * @param {Scene} scene
 * @param {number} panel
 * @param {Arrangement} arrangement
 * @param {Theme} theme
 */
export function xAxis({ panels, linked }, panel, { width, boxes, margin }, theme) {
  const { x } = panels[panel];
  const { left, wide, lowest } = boxes[panel];
  const all = width - margin.left - margin.right;
  return {
    ...sharedAxis(x, theme),
    ...(!x.log && {
      nticks: wide < 330 ? 5 : wide < 600 ? 7 : 8,
      ...(wide < 600 && x.range[1] > 9999 ? { tickformat: "~s" } : { separatethousands: true }), // 10k, 1M
    }),
    showgrid: false,
    showline: true,
    linecolor: hex(theme.line),
    domain: [(left - margin.left) / all, (left - margin.left + wide) / all],
    anchor: `y${suffix(panel)}`,
    showticklabels: lowest,
    title: { text: lowest ? x.title : "", font: { size: 12, color: hex(theme.muted) }, standoff: 8 },
    ...(linked && panel && { matches: "x" }),
  };
}

/**
 * @param {Scene} scene
 * @param {number} panel
 * @param {Arrangement} arrangement
 * @param {Theme} theme
 */
export function yAxis({ panels, linked }, panel, { height, boxes, margin }, theme) {
  const { y } = panels[panel];
  const { top, high, first } = boxes[panel];
  const all = height - margin.top - margin.bottom;
  return {
    ...sharedAxis(y, theme),
    ...(!y.log && { nticks: 6 }),
    gridcolor: hex(theme.grid),
    gridwidth: 1,
    domain: [Math.max(0, 1 - (top - margin.top + high) / all), 1 - (top - margin.top) / all],
    anchor: `x${suffix(panel)}`,
    showticklabels: first,
    ...(linked && panel && { matches: "y" }),
  };
}
