// From recordings to a Plotly figure: a pure function of what was recorded and how the learner looks at it.

import { AXES, measureNames, trainingColumn, unit } from "../core/units.js";
import { hex, translucent } from "../core/color.js";
import { cut, epochCurve } from "./curves.js";
import { band, extremes } from "../core/downsample.js";
import * as format from "../core/format.js";
import { logTicks } from "../chart/ranges.js";
import { upperBound } from "../core/columns.js";
import { runColor } from "../chart/theme.js";

const POINTS_PER_TRACE = 600;

const MARGIN = { l: 50, t: 30, b: 42 };
const CHARACTER = 6.8; // pixels, of the labels' font
const THREAD = 22;

/** Around the plane, in pixels. On the right stand names and floors, as wide as the longest over both charts. */
export function marginFor(names, recordings, width) {
  const lows = ["loss", "metric"].flatMap((kind) => floors({ recordings, kind })).map(floorName);
  const longest = Math.max(10, ...[...names.values(), ...lows].map((name) => name.length));
  return { ...MARGIN, r: Math.min(Math.ceil(longest * CHARACTER) + THREAD, Math.round(width * 0.3)) };
}

/**
 * The lines and axes of one chart. What moves while a recording plays (ends and labels) is in marks.js.
 *
 * @param {object} scene
 *   recordings (visible ones), kind ("loss" or "metric"), view, position (null: everything), theme,
 *   width, height and margin in pixels, names at the line ends, x and y ranges (y in log10 units on a log axis)
 */
export function figure(scene) {
  const parts = scene.recordings.map((run) => runParts(run, scene));
  const data = [...parts.flatMap((part) => part.noise), ...parts.flatMap((part) => part.lines)];
  return { data, layout: layoutOf(scene) };
}

function runParts(run, { kind, view, position, theme, x, recordings }) {
  const crowd = recordings.length;
  const color = runColor(run, theme);
  const window = { from: x[0], to: x[1] };
  const curves = [
    { name: trainingColumn(kind, view), dash: "solid", width: 2 },
    { name: `val_${kind}`, dash: "3px,3px", width: 2 },
  ].map((style) => ({ ...style, ...cut(epochCurve(run, style.name, view.axis, view.smoothing), position) }));

  const lines = curves.map(({ name, dash, width, ...curve }) => ({
    ...extremes(curve.x, curve.y, { ...window, limit: POINTS_PER_TRACE }),
    type: "scatter",
    mode: "lines",
    name: `${run.id} ${name}`,
    line: { color: hex(color), width, dash },
    hoverinfo: "skip",
  }));
  const noise = view.noise ? noiseTraces(run, kind, view.axis, position, window, color, crowd) : [];
  return { noise, lines };
}

/** The loss of every update as a thin line; where one point stands for several updates, their range as a band. */
function noiseTraces(run, kind, axis, position, window, color, crowd) {
  const strength = crowd > 3 ? 0.2 : 0.36; // many runs at once must stay legible
  const every = run.updateX(axis);
  const count = position === null ? every.length : upperBound(every, position);
  const x = every.subarray(0, count);
  const style = { type: "scatter", mode: "lines", hoverinfo: "skip" };
  const traces = [];
  if (run.stride > 1) {
    const edge = band(x, run.updates[`${kind}_min`].values, run.updates[`${kind}_max`].values, window);
    const line = { width: 0, color: translucent(color, 0) };
    traces.push({ ...style, x: edge.x, y: edge.low, line, name: `${run.id} lowest` });
    traces.push({
      ...style, x: edge.x, y: edge.high, line, fill: "tonexty", fillcolor: translucent(color, strength / 2), name: `${run.id} highest`,
    });
  }
  traces.push({
    ...style,
    ...extremes(x, run.updates[kind].values.subarray(0, count), { ...window, limit: POINTS_PER_TRACE }),
    line: { width: 1, color: translucent(color, strength) },
    name: `${run.id} updates`,
  });
  return traces;
}

function layoutOf(scene) {
  const { view, theme, width, height, margin, x, y } = scene;
  const muted = hex(theme.muted);
  const shared = {
    zeroline: false, fixedrange: false, automargin: false, ticks: "", showline: false,
    tickfont: { color: muted, size: 11 }, autorange: false, exponentformat: "none",
    tickangle: 0, ticklabeloverflow: "allow", // both spare a drawing the measuring of every label; the margins have room
  };
  const log = view.scale === "log";
  return {
    width,
    height,
    margin: { ...margin, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: 12, color: muted },
    showlegend: false,
    hovermode: false,
    dragmode: scene.touch ? false : "zoom",
    uirevision: "kept", // ranges are ours, the rest of the learner's gestures survive every redraw
    xaxis: {
      ...shared,
      range: x,
      showgrid: false,
      showline: true,
      linecolor: hex(theme.line),
      nticks: width < 420 ? 5 : 7,
      rangemode: "tozero",
      title: { text: AXES[view.axis].title, font: { size: 12, color: muted }, standoff: 8 },
      ...(x[1] > 9999 ? { tickformat: "~s" } : { separatethousands: true }), // 10k, 1M
    },
    yaxis: {
      ...shared,
      range: y,
      type: log ? "log" : "linear",
      gridcolor: hex(theme.grid),
      gridwidth: 1,
      ...(log ? { tickvals: logTicks(y), ticktext: logTicks(y).map(String) } : { nticks: 6 }),
    },
    shapes: floors(scene).map(floorLine(theme)),
    annotations: [axisTitle(scene)],
  };
}

/** The unit stands above the axis, where it can be read without turning the head. */
function axisTitle({ recordings, kind, view, theme }) {
  const names = measureNames(recordings, kind);
  const titles = names.map((name) => (unit(name) ? `${name}, ${unit(name)}` : name));
  const smoothed = view.smoothing ? ` · smoothed, EMA ${view.smoothing.toFixed(2)}` : "";
  return {
    text: `${titles.join(" / ")}${smoothed}`,
    xref: "x domain", yref: "y domain", x: 0, y: 1, xanchor: "left", yanchor: "bottom", xshift: -MARGIN.l + 8, yshift: 8,
    showarrow: false, font: { size: 12, color: hex(theme.muted) },
  };
}

/** Distinct floors of the visible runs: the best any network can do on average on new data. */
export function floors({ recordings, kind }) {
  return [...new Set(recordings.map((run) => run.about?.floors?.[kind]).filter(Number.isFinite))];
}

export function floorName(floor) {
  return `floor ${format.fraction(floor)}`;
}

const floorLine = (theme) => (floor) => ({
  type: "line", layer: "below", xref: "x domain", x0: 0, x1: 1, yref: "y", y0: floor, y1: floor,
  line: { color: hex(theme.muted), width: 1, dash: "1px,2px" },
});
