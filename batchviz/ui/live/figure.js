// From recordings to a Plotly figure: a pure function of what was recorded and how the learner looks at it.

import { AXES, measureNames, trainingColumn, unit } from "./axes.js";
import { hex, mix, readable, translucent } from "./color.js";
import { cut, epochCurve } from "./curve.js";
import { band, extremes } from "./downsample.js";
import * as format from "./format.js";
import { columns, spread } from "./labels.js";
import { upperBound } from "./series.js";
import { runColor } from "./theme.js";

const LABEL_HEIGHT = 15;
const LABEL_WIDTH = 74;
const POINTS_PER_TRACE = 600;

export const MARGIN = { l: 50, r: LABEL_WIDTH, t: 30, b: 42 };

/**
 * @param {object} scene
 *   recordings (visible ones), kind ("loss" or "metric"), view, position (null: everything), theme,
 *   width and height in pixels, x and y ranges (y in log10 units on a log axis)
 * @returns {{data, layout, points: Object<string, number>}} points: how many were drawn, by run id
 */
export function figure(scene) {
  const points = {};
  const parts = scene.recordings.map((run) => runParts(run, scene));
  for (const part of parts) points[part.run.id] = part.points;
  const data = [
    ...parts.flatMap((part) => part.noise),
    ...parts.flatMap((part) => part.lines),
    ...parts.map((part) => part.ends),
  ];
  return { data, layout: layoutOf(scene, parts), points };
}

function runParts(run, { kind, view, position, theme, x }) {
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
  const tips = curves.filter((curve) => curve.x.length).map((curve) => ({ x: curve.x.at(-1), y: curve.y.at(-1) }));
  const ends = {
    x: tips.map((tip) => tip.x),
    y: tips.map((tip) => tip.y),
    type: "scatter",
    mode: "markers",
    cliponaxis: false,
    name: `${run.id} ends`,
    marker: {
      color: hex(color),
      size: run.status === "diverged" && position === null ? 9 : 5,
      symbol: run.status === "diverged" && position === null ? "x" : "circle",
    },
    hoverinfo: "skip",
  };
  const noise = view.noise ? noiseTraces(run, kind, view.axis, position, window, color) : [];
  const count = [...noise, ...lines].reduce((sum, trace) => sum + trace.x.length, 0);
  return { run, color, curves, noise, lines, ends, points: count };
}

/** The loss of every update as a thin line; where one point stands for several updates, their range as a band. */
function noiseTraces(run, kind, axis, position, window, color) {
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
      ...style, x: edge.x, y: edge.high, line, fill: "tonexty", fillcolor: translucent(color, 0.16), name: `${run.id} highest`,
    });
  }
  traces.push({
    ...style,
    ...extremes(x, run.updates[kind].values.subarray(0, count), { ...window, limit: POINTS_PER_TRACE }),
    line: { width: 1, color: translucent(color, 0.38) },
    name: `${run.id} updates`,
  });
  return traces;
}

function layoutOf(scene, parts) {
  const { kind, view, theme, width, height, x, y } = scene;
  const muted = hex(theme.muted);
  const shared = {
    zeroline: false, fixedrange: false, automargin: false, ticks: "", showline: false,
    tickfont: { color: muted, size: 11 }, autorange: false, exponentformat: "power",
  };
  const log = view.scale === "log";
  return {
    width,
    height,
    margin: { ...MARGIN, pad: 0 },
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
      separatethousands: true,
    },
    yaxis: {
      ...shared,
      range: y,
      type: log ? "log" : "linear",
      gridcolor: hex(theme.grid),
      gridwidth: 1,
      nticks: 6,
      ...(log ? { dtick: y[1] - y[0] > 2.2 ? 1 : "D2" } : {}),
    },
    shapes: floors(scene).map(floorLine(theme)),
    annotations: [axisTitle(scene), ...floors(scene).map(floorLabel(scene)), ...lineLabels(scene, parts)],
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

const floorLine = (theme) => (floor) => ({
  type: "line", layer: "below", xref: "x domain", x0: 0, x1: 1, yref: "y", y0: floor, y1: floor,
  line: { color: hex(theme.muted), width: 1, dash: "1px,2px" },
});

const floorLabel = ({ view, theme }) => (floor) => ({
  text: `noise floor ${format.fraction(floor)}`,
  xref: "x domain", x: 0, xanchor: "left", xshift: 4,
  yref: "y", y: view.scale === "log" ? Math.log10(floor) : floor, yanchor: "top", yshift: -1,
  showarrow: false, font: { size: 11, color: hex(theme.muted) },
});

/** A label at every line's end. Seeds of one setting share theirs; labels that would collide are moved apart. */
function lineLabels(scene, parts) {
  const { width, height, x, y, view, theme } = scene;
  const wide = width - MARGIN.l - MARGIN.r;
  const high = height - MARGIN.t - MARGIN.b;
  const toX = (value) => ((value - x[0]) / (x[1] - x[0])) * wide;
  const toY = (value) => high * (1 - ((view.scale === "log" ? Math.log10(value) : value) - y[0]) / (y[1] - y[0]));
  const labels = grouped(parts)
    .map((group) => ({ ...group, left: toX(group.x), top: toY(group.y) }))
    .filter(({ left, top }) => left >= 0 && left <= wide + 1 && Number.isFinite(top))
    .map((label) => ({ ...label, top: Math.min(Math.max(label.top, 0), high) }));
  const places = new Array(labels.length);
  for (const column of columns(labels.map((label) => label.left), LABEL_WIDTH)) {
    const room = column.slice(0, Math.floor(high / LABEL_HEIGHT));
    spread(room.map((i) => labels[i].top), LABEL_HEIGHT, 2, high - 2).forEach((top, rank) => {
      places[room[rank]] = top;
    });
  }
  const ground = theme.panel;
  return labels.flatMap((label, i) => {
    if (places[i] === undefined) return [];
    const inside = label.left < wide - 4;
    return [{
      text: label.text,
      name: label.ids.join(" "),
      captureevents: true,
      xref: "x", yref: "y", x: label.x, y: view.scale === "log" ? Math.log10(label.y) : label.y,
      showarrow: true, arrowhead: 0, arrowwidth: 1, arrowcolor: hex(mix(label.color, ground, 0.35)), standoff: 4,
      ax: 16, ay: places[i] - label.top, xanchor: "left", yanchor: "middle", align: "left", borderpad: 1,
      bgcolor: inside ? translucent(ground, 0.78) : "rgba(0,0,0,0)",
      font: { size: 12, color: hex(readable(label.color, ground, theme.ink)) },
    }];
  });
}

function grouped(parts) {
  const groups = new Map();
  for (const { run, color, curves } of parts) {
    const end = [...curves].reverse().find((curve) => curve.x.length); // validation, or training without it
    if (!end) continue;
    const name = `${run.about.group ?? run.id} ${run.about.label}`;
    const group = groups.get(name) ?? { ids: [], ends: [], color, label: run.about.label };
    group.ids.push(run.id);
    group.ends.push({ x: end.x.at(-1), y: end.y.at(-1) });
    groups.set(name, group);
  }
  return [...groups.values()].map(({ ids, ends, color, label }) => ({
    ids,
    color,
    text: ids.length > 1 ? `${label} ×${ids.length}` : label,
    x: Math.max(...ends.map((end) => end.x)),
    y: ends.reduce((sum, end) => sum + end.y, 0) / ends.length,
  }));
}
