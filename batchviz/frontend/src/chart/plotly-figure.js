// A scene as Plotly's data and layout, in the page's fonts, inks and grids.

import { hex, parse, translucent } from "../core/color.js";
import { suffix, xAxis, yAxis } from "./plotly-axes.js";
import { scaled } from "./scales.js";

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./panels.js").Arrangement} Arrangement
 * @typedef {import("./theme.js").Theme} Theme
 */

/** How every chart is drawn: gestures, and the way back from them, are ours. */
export const CONFIG = {
  displayModeBar: false,
  doubleClick: false,
  scrollZoom: false,
  showTips: false,
  responsive: false,
};

/**
 * @param {Scene} scene
 * @param {Arrangement} arrangement
 * @param {Theme} theme
 * @param {{touch?: boolean}} [gestures]
 * @returns {import("../plotly.js").PlotlyFigure}
 */
export function plotlyFigure(scene, arrangement, theme, { touch = false } = {}) {
  const { width, height, margin } = arrangement;
  // On a logarithmic axis 0 and less have no place.
  const references = scene.references.filter(
    ({ panel, axis, value }) => !scene.panels[panel][axis].log || value > 0,
  );
  /** @type {Record<string, object>} */
  const axes = {};
  scene.panels.forEach((_, i) => {
    axes[`xaxis${suffix(i)}`] = xAxis(scene, i, arrangement, theme);
    axes[`yaxis${suffix(i)}`] = yAxis(scene, i, arrangement, theme);
  });
  return {
    data: scene.traces.map(plotlyTrace),
    layout: {
      ...axes,
      width,
      height,
      margin: { l: margin.left, t: margin.top, r: margin.right, b: margin.bottom, pad: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: theme.font, size: 12, color: hex(theme.muted) },
      showlegend: false,
      hovermode: false,
      dragmode: touch ? false : "zoom",
      uirevision: "kept", // ranges are ours, the rest of the visitor's gestures survives every redraw
      shapes: references.map((reference) => referenceLine(reference, theme)),
      annotations: [
        ...scene.panels.flatMap((panel, i) => panelTexts(panel, i, margin, theme)),
        ...references
          .filter(({ label }) => label === "plane")
          .map((reference) => referenceLabel(scene, reference, theme)),
      ],
    },
  };
}

/** @param {import("./scene.js").Trace} trace */
function plotlyTrace({
  panel,
  name,
  x,
  y,
  color,
  width,
  opacity = 1,
  dash = "solid",
  fill,
  fillColor = color,
  fillOpacity = 1,
  marks,
}) {
  return {
    type: "scatter",
    mode: marks ? (width ? "lines+markers" : "markers") : "lines",
    name,
    x,
    y,
    xaxis: `x${suffix(panel)}`,
    yaxis: `y${suffix(panel)}`,
    line: { color: paled(color, opacity), width, dash },
    hoverinfo: "skip", // tooltip.js has a list of its own
    ...(fill && { fill: fill === "self" ? "toself" : "tonexty", fillcolor: paled(fillColor, fillOpacity) }),
    ...(marks && {
      marker: {
        size: marks.size,
        color,
        symbol: marks.hollow ? "circle-open" : "circle",
        line: { width: marks.hollow ? 2 : 0 },
      },
    }),
  };
}

/**
 * @param {string} color
 * @param {number} opacity
 */
function paled(color, opacity) {
  return opacity === 1 ? color : translucent(parse(color), opacity);
}

/**
 * What stands over a plane: the y-axis' title, where it can be read without turning the head, and a heading.
 * @param {import("./scene.js").Panel} panel
 * @param {number} i
 * @param {import("./panels.js").Margin} margin
 * @param {Theme} theme
 */
function panelTexts({ heading, color, y }, i, margin, theme) {
  const over = {
    xref: `x${suffix(i)} domain`,
    yref: `y${suffix(i)} domain`,
    x: 0,
    y: 1,
    xanchor: "left",
    yanchor: "bottom",
    showarrow: false,
  };
  return [
    ...(y.title
      ? [
          {
            ...over,
            text: escaped(y.title),
            xshift: 8 - margin.left,
            yshift: 8,
            font: { size: 12, color: hex(theme.muted) },
          },
        ]
      : []),
    ...(heading
      ? [{ ...over, text: escaped(heading), yshift: 4, font: { size: 12.5, color: color ?? hex(theme.ink) } }]
      : []),
  ];
}

/**
 * @param {import("./scene.js").Reference} reference
 * @param {Theme} theme
 */
function referenceLine({ panel, axis, value }, theme) {
  const [x, y] = [`x${suffix(panel)}`, `y${suffix(panel)}`];
  const ends =
    axis === "y"
      ? { xref: `${x} domain`, x0: 0, x1: 1, yref: y, y0: value, y1: value }
      : { xref: x, x0: value, x1: value, yref: `${y} domain`, y0: 0, y1: 1 };
  return {
    ...ends,
    type: "line",
    layer: "below",
    line: { color: hex(theme.muted), width: 1, dash: axis === "y" ? "1px,2px" : "dash" },
  };
}

/**
 * @param {Scene} scene
 * @param {import("./scene.js").Reference} reference
 * @param {Theme} theme
 */
function referenceLabel({ panels }, { panel, axis, value, text }, theme) {
  const [x, y] = [`x${suffix(panel)}`, `y${suffix(panel)}`];
  const at = scaled(panels[panel][axis], value);
  const place =
    axis === "y"
      ? { xref: `${x} domain`, x: 0, xanchor: "left", xshift: 6, yref: y, y: at, yanchor: "top" }
      : { xref: x, x: at, xanchor: "right", xshift: -4, yref: `${y} domain`, y: 1, yanchor: "top" };
  return { ...place, text: escaped(text), showarrow: false, font: { color: hex(theme.muted), size: 11 } };
}

/**
 * Plotly reads a little HTML in its texts.
 * @param {string} text
 */
export function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
