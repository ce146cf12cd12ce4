// A scene as PNG or SVG: with its headings, the labels at line ends, and a caption that says what is shown.

import { hex, translucent } from "../core/color.js";
import { layOutEnds } from "./label-layout.js";
import { LEADER_LINE } from "./line-end-labels.js";
import { arrange } from "./panels.js";
import { suffix } from "./plotly-axes.js";
import { escaped, plotlyFigure } from "./plotly-figure.js";
import { planes } from "./scales.js";

const FONT = "system-ui, sans-serif"; // not the page's: laid out in a web font and drawn in another, texts would run out of it
const TOP = 46; // pixels, for the headings
const LINE = 16; // of the caption
const CHARACTER = 6.6; // pixels, of the caption's font
const MAX_LINES = 6;
const EDGE = 8; // pixels left of headings and caption

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {object} Picture
 * @property {string[]} headings one over everything, or one a panel
 * @property {string} caption
 * @property {number} width pixels
 * @property {number} height of the chart itself, in pixels
 * @property {"png" | "svg"} format
 * @property {string} fileName without its ending
 */

/**
 * Save what a scene shows.
 * @param {import("../plotly.js").Plotly} plotly
 * @param {Scene} scene
 * @param {Theme} theme
 * @param {Picture} picture
 */
export function exportImage(
  plotly,
  scene,
  theme,
  { headings, caption, width, height: high, format, fileName },
) {
  const arrangement = arrange(scene, { width, height: high });
  const { data, layout } = plotlyFigure(scene, arrangement, theme);
  const shown = planes(scene, arrangement);
  const { dots, labels } = layOutEnds(scene, shown, theme);
  const lines = wrapped(
    `${caption} Recorded from real Keras training with BatchViz.`,
    Math.floor((width - 2 * EDGE) / CHARACTER),
  );
  const bottom = LINE * lines.length + 18;
  const height = high + TOP + bottom;
  const { margin } = arrangement;
  const all = width - margin.left - margin.right;
  const text = {
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    xshift: EDGE - margin.left,
    align: "left",
    showarrow: false,
  };
  const annotations = [
    ...layout.annotations,
    ...labels.map((label) => leaderLine(label, scene, shown, theme)),
    ...headings.map((heading, i) => ({
      ...text,
      text: `<b>${escaped(heading)}</b>`,
      x: (shown[i].left - margin.left) / all,
      y: 1,
      yanchor: "bottom",
      yshift: margin.top + 8,
      font: { size: headings.length > 1 ? 16 : 18, color: hex(theme.ink) },
    })),
    {
      ...text,
      text: lines.map(escaped).join("<br>"),
      x: 0,
      y: 0,
      yanchor: "top",
      yshift: -margin.bottom - 6,
      font: { size: 12, color: hex(theme.muted) },
    },
  ];
  return plotly.downloadImage(
    {
      data,
      layout: {
        ...layout,
        font: { ...layout.font, family: FONT },
        width,
        height,
        margin: { ...layout.margin, t: margin.top + TOP, b: margin.bottom + bottom },
        paper_bgcolor: hex(theme.panel),
        plot_bgcolor: hex(theme.panel),
        shapes: [...layout.shapes, ...dots.map((dot) => circle(dot, arrangement, theme))],
        annotations,
      },
    },
    { format, width, height, scale: format === "png" ? 2 : 1, filename: fileName },
  );
}

/**
 * A label with its leader line as Plotly's annotation.
 * @param {import("./label-layout.js").Label} label
 * @param {Scene} scene
 * @param {import("./scales.js").Plane[]} shown
 * @param {Theme} theme
 */
function leaderLine(label, { panels }, shown, theme) {
  const { x, y } = panels[label.panel];
  const plane = shown[label.panel];
  const between = (/** @type {import("./scene.js").Range} */ [from, to], /** @type {number} */ share) =>
    from + share * (to - from);
  return {
    text: escaped(label.text),
    xref: `x${suffix(label.panel)}`,
    yref: `y${suffix(label.panel)}`,
    x: between(x.range, (label.left - plane.left) / plane.wide),
    y: between(y.range, 1 - (label.top - plane.top) / plane.high),
    showarrow: true,
    arrowhead: 0,
    arrowwidth: 1,
    arrowcolor: hex(label.leader),
    standoff: 5,
    ax: LEADER_LINE,
    ay: label.shift,
    xanchor: "left",
    yanchor: "middle",
    borderpad: 1,
    bgcolor: label.inside ? translucent(theme.panel, 0.78) : "rgba(0,0,0,0)",
    font: { size: 12, color: hex(label.color) },
  };
}

/**
 * The end of a line.
 * @param {import("./label-layout.js").Dot} dot
 * @param {import("./panels.js").Arrangement} arrangement
 * @param {Theme} theme
 */
function circle({ left, top, color, hollow }, { width, height, margin }, theme) {
  const [x, y] = [
    (left - margin.left) / (width - margin.left - margin.right),
    1 - (top - margin.top) / (height - margin.top - margin.bottom),
  ];
  return {
    type: "circle",
    xref: "paper",
    yref: "paper",
    xanchor: x,
    yanchor: y,
    xsizemode: "pixel",
    ysizemode: "pixel",
    x0: -3,
    x1: 3,
    y0: -3,
    y1: 3,
    fillcolor: hex(hollow ? theme.panel : color),
    line: { width: 1.5, color: hex(color) },
  };
}

/**
 * A caption in lines of at most so many characters.
 * @param {string} text
 * @param {number} longest
 */
export function wrapped(text, longest) {
  const lines = [""];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines[lines.length - 1];
    if (line.length + word.length >= longest && line) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES - 1), "…"] : lines;
}
