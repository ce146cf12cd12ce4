// The plane of a live chart: which part of it is shown, what the axes say, and the best that is possible.

import { CLOCK_PATHS } from "../core/series.js";
import { AXES, measureNames, trainingColumn, unit } from "../core/units.js";
import { bulk, ceilingOver, xRange, yRange } from "../chart/ranges.js";
import { epochCurve } from "./curves.js";

/**
 * @typedef {import("./curves.js").KnownRun} Recording
 * @typedef {import("../chart/scene.js").Range} Range
 * @typedef {import("./view-state.js").View} View
 * @typedef {import("../core/units.js").Kind} Kind
 * @typedef {{x?: Range, loss?: Range, metric?: Range}} LiveZoom
 * @typedef {object} ChartState what the learner looks at
 * @property {Recording[]} recordings the visible ones
 * @property {View} view
 * @property {number | null} position where the playback stands; null shows everything
 * @property {import("../chart/theme.js").Theme} theme
 * @property {LiveZoom | null} zoom
 */

/**
 * The panels of a chart: one, or where a field has them one for each of its values, all with the same axes.
 * @param {Kind} kind
 * @param {ChartState} shown
 * @returns {import("../chart/scene.js").Panel[]}
 */
export function livePanels(kind, shown) {
  const panel = livePanel(kind, shown);
  const headings = panelHeadings(shown.recordings);
  if (headings.length < 2) return [panel];
  return headings.map((heading) => ({ ...panel, heading, y: { ...panel.y, title: "" } }));
}

/**
 * What stands over the panels, in the order of the runs.
 * @param {Recording[]} recordings
 */
export function panelHeadings(recordings) {
  return [...new Set(recordings.map(({ about }) => about.panel ?? ""))];
}

/**
 * The panel that a run is drawn in.
 * @param {Recording} run
 * @param {{ recordings: Recording[] }} shown
 */
export function panelOf(run, { recordings }) {
  return Math.max(0, panelHeadings(recordings).indexOf(run.about.panel ?? ""));
}

/**
 * @param {Kind} kind
 * @param {ChartState} shown
 * @returns {import("../chart/scene.js").Panel}
 */
function livePanel(kind, { recordings, view, zoom }) {
  // Where the longest run is planned to end, so that the axis stands still while curves grow.
  const end = Math.max(0, ...recordings.map((run) => run.plannedEnd(view.axis)));
  return {
    heading: "",
    color: null,
    x: { title: axisTitle(view, recordings), log: false, range: zoom?.x ?? xRange(end) },
    y: {
      title: valueTitle(kind, recordings, view),
      log: view.scale === "log",
      range: zoom?.[kind] ?? valueRange(kind, recordings, view),
    },
  };
}

/**
 * What the x-axis counts; of seconds also whose they are, or that none are known.
 * @param {{ axis: View["axis"], clock: View["clock"] }} view
 * @param {{ pace: Recording["pace"] }[]} recordings
 */
export function axisTitle({ axis, clock }, recordings) {
  const { title } = AXES[axis];
  if (axis !== "seconds") return title;
  const way = CLOCK_PATHS[clock];
  return recordings.some((run) => run.pace) ? `${title}, ${way}` : `${title}: no clock of ${way} yet`;
}

/**
 * The measure with its unit, and that its curves are smoothed; a blank keeps the place until it is known.
 * @param {Kind} kind
 * @param {Recording[]} recordings
 * @param {View} view
 */
function valueTitle(kind, recordings, { smoothing }) {
  const titles = measureNames(recordings, kind).map((name) => (unit(name) ? `${name}, ${unit(name)}` : name));
  return `${titles.join(" / ")}${smoothing ? ` · smoothed, EMA ${smoothing.toFixed(2)}` : ""}` || " ";
}

/**
 * Over curves, floors and (when drawn) the bulk of the update noise.
 * @param {Kind} kind
 * @param {Recording[]} recordings
 * @param {View} view
 */
function valueRange(kind, recordings, view) {
  const log = view.scale === "log";
  const bounded = kind === "metric" && recordings.some((run) => run.about.metric_higher_is_better);
  const starts = recordings.flatMap((run) => [
    run.epochs[`train_${kind}`].values[0],
    run.epochs[`val_${kind}`].values[0],
  ]);
  const values = recordings.flatMap((run) => [...bounds(run, kind, view, log), run.about.floors?.[kind]]);
  return yRange(values, { log, ceiling: ceilingOver(starts, bounded) });
}

/**
 * The lowest and highest values of a run's curves.
 * @param {Recording} run
 * @param {Kind} kind
 * @param {View} view
 * @param {boolean} log
 * @returns {number[]}
 */
function bounds(run, kind, view, log) {
  const names = [trainingColumn(kind, view), `val_${kind}`];
  return run.derive(`bounds ${kind} ${JSON.stringify([names, view.smoothing, view.noise, log])}`, () => {
    const values = names.flatMap((name) => {
      const { y } = epochCurve(run, name, "updates", view.smoothing);
      const usable = log ? y.filter((value) => value > 0) : y;
      return usable.length
        ? [usable.reduce((a, b) => Math.min(a, b)), usable.reduce((a, b) => Math.max(a, b))]
        : [];
    });
    return view.noise ? [...values, ...bulk(run.updates[kind].values, log)] : values;
  });
}

/**
 * Distinct floors of the runs: what the law of their data scores on their rows.
 * @param {Kind} kind
 * @param {Recording[]} recordings
 * @returns {number[]}
 */
export function floors(kind, recordings) {
  const values = recordings.map((run) => run.about.floors?.[kind]);
  return [...new Set(values.filter((value) => Number.isFinite(value)))].map(Number);
}

/**
 * The axis on which all of these end together, that of their budget: updates where those are equal and epochs are not.
 * @param {Recording[]} recordings
 * @param {import("../core/units.js").Axis} chosen what it is otherwise
 * @returns {import("../core/units.js").Axis}
 */
export function commonAxis(recordings, chosen) {
  const together = (/** @type {import("../core/units.js").Axis} */ axis) => {
    const ends = recordings.map((run) => run.plannedEnd(axis));
    return ends[0] > 0 && ends.every((end) => Math.abs(end - ends[0]) < 1e-6 * ends[0]);
  };
  return chosen === "epochs" && !together("epochs") && together("updates") ? "updates" : chosen;
}
