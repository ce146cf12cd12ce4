// The charts in words: for those who cannot see them, under them, and in pictures of them; single updates in words.

import { AXES, heading, measureNames, trainingColumn } from "../core/units.js";
import * as format from "../core/format.js";
import { axisTitle } from "./axes.js";
import { epochCurve, measuredUpTo } from "./curves.js";
import { groupRuns } from "./groups.js";
import { gapsOf } from "./joins.js";

const MAX_RUNS = 8;
const EACH = "Thin lines: the loss of every single update as it was recorded, never smoothed.";

/**
 * @typedef {import("./axes.js").Kind} Kind
 * @typedef {import("./axes.js").ChartState} ChartState
 */

/**
 * What stands over a chart; null before anything is known.
 * @param {Kind} kind
 * @param {ChartState} shown
 */
export function chartHeading(kind, { recordings }) {
  const measures = measureNames(recordings, kind).map(heading).join(" and ");
  if (!measures) return null;
  return kind === "loss" ? `Loss: ${measures.toLowerCase()}` : measures;
}

/**
 * What is to be seen.
 * @param {Kind} kind
 * @param {ChartState} shown
 */
export function describe(kind, shown) {
  const { recordings, view, position } = shown;
  const drawn = groupRuns(recordings)
    .map((group) => course(group, kind, shown))
    .filter(Boolean);
  const what = measureNames(recordings, kind).join(" and ") || (kind === "loss" ? "Loss" : "Metric");
  if (!drawn.length) return `${what}: no points yet.`;
  const where =
    position === null
      ? ""
      : `, shown up to ${AXES[view.axis].print(position)} ${AXES[view.axis].name.toLowerCase()}`;
  const more = drawn.length > MAX_RUNS ? ` And ${drawn.length - MAX_RUNS} more runs, in the table.` : "";
  return `${what} over ${axisTitle(view, recordings)}${where}. ${drawn.slice(0, MAX_RUNS).join(" ")}${more}`;
}

/**
 * From where to where the curves of a run lead; of several seeds their mean, and where it ends how far they spread.
 * @param {import("./groups.js").Group<import("./curves.js").KnownRun>} group
 * @param {Kind} kind
 * @param {ChartState} shown
 */
function course(group, kind, { view, position }) {
  const columns = [
    ["training", trainingColumn(kind, view)],
    ["validation", `val_${kind}`],
  ];
  const parts = columns.flatMap(([word, name]) => {
    const band = group.several ? group.band(name, view.axis, view.smoothing) : null;
    const curve = (/** @type {"mean" | "low" | "high"} */ part) =>
      measuredUpTo(
        band ? { x: band.x, y: band[part] } : epochCurve(group.lead, name, view.axis, view.smoothing),
        position,
      );
    const y = curve("mean");
    if (!y.length) return [];
    const range = band
      ? ` (${format.number(curve("low").at(-1))} to ${format.number(curve("high").at(-1))})`
      : "";
    return [`${word} from ${format.number(y[0])} to ${format.number(y[y.length - 1])}${range}`];
  });
  const { label } = group.lead.about;
  const name = group.several ? `${label}, mean of ${group.runs.length} seeds` : label;
  return parts.length ? `${name}: ${parts.join(", ")}.` : null;
}

/**
 * What the floors are, in the words that came with them.
 * @param {Kind} kind
 * @param {ChartState} shown
 */
export function floorsInWords(kind, { recordings }) {
  const notes = recordings.map((run) => run.about.floor_notes?.[kind]);
  return [...new Set(notes.filter(Boolean))].join(" ");
}

/**
 * Why a line is broken, where one is.
 * @param {Pick<ChartState, "recordings">} shown
 */
export function gapsInWords({ recordings }) {
  const broken = recordings.some(({ epochs }) => {
    const updates = epochs.updates.values;
    return gapsOf(updates, updates).length > 0;
  });
  return broken ? "No line is drawn between measurements far apart; a dot is a single one." : "";
}

/**
 * Whether dashes tell runs apart, so that they cannot tell training from validation.
 * @param {{ about: { dash?: string } }[]} recordings
 */
export function dashed(recordings) {
  return recordings.some(({ about }) => (about.dash ?? "solid") !== "solid");
}

/**
 * Under a picture: the finding, and how to read what is drawn.
 * @param {ChartState} shown
 * @param {string} sentence
 */
export function imageCaption({ recordings, view, position }, sentence) {
  const [one, other] = dashed(recordings) ? ["Pale", "Strong"] : ["Solid", "Dotted"];
  const training =
    view.training === "running" ? "Keras' running mean over the epoch" : "true loss at the end of each epoch";
  const parts = [
    sentence.replaceAll("\n", " "),
    `${one}: training (${training}). ${other}: validation. By ${axisTitle(view, recordings)}${view.scale === "log" ? ", logarithmic" : ""}.`,
    replicated(recordings) ? "Of several seeds the mean; band: from the lowest to the highest seed." : "",
    view.noise ? explainUpdates(recordings, view) : "",
    view.smoothing ? `Curves smoothed, EMA ${view.smoothing.toFixed(2)}.` : "",
    position === null ? "" : `ChartState up to ${AXES[view.axis].print(position)} ${view.axis}.`,
  ];
  return parts.filter(Boolean).join(" ");
}

/** @typedef {Pick<import("./recording.js").Recording, "updateRows" | "stride">} Updates of one run */

/**
 * Updates that one recorded point stands for: the fewest and the most over these runs.
 * @param {Updates[]} recordings
 */
function strides(recordings) {
  const all = recordings.filter((run) => run.updateRows).map((run) => run.stride);
  return { least: Math.min(...all, Infinity), most: Math.max(...all, 1) };
}

/**
 * "32 updates", or "up to 32 updates" where a point of another run stands for fewer.
 * @param {Updates[]} recordings
 */
function span(recordings) {
  const { least, most } = strides(recordings);
  return `${least < most ? "up to " : ""}${format.quantity(most)} updates`;
}

/**
 * @param {(Updates & import("./recording.js").Recording)[]} recordings
 * @param {{ seeds: boolean }} view
 */
export function explainUpdates(recordings, { seeds }) {
  const first = !seeds && replicated(recordings) ? " Of several seeds, those of the first." : "";
  if (strides(recordings).most === 1) return `${EACH}${first}`;
  return `Thin lines: the mean of ${span(recordings)} a point, because the run is long; band: from their lowest to their highest.${first}`;
}

/**
 * Whether any runs differ in their seed alone.
 * @param {import("./recording.js").Recording[]} recordings
 */
export function replicated(recordings) {
  return groupRuns(recordings).some((group) => group.several);
}

/**
 * The head of a column with one value a run.
 * @param {Updates[]} recordings
 */
export function updatesHeading(recordings) {
  return strides(recordings).most === 1 ? "batch" : `mean of ${span(recordings)}`;
}

/**
 * What one step of the player moves by.
 * @param {Updates[]} recordings
 */
export function updatesOfAStep(recordings) {
  const { least } = strides(recordings);
  return least > 1 && least < Infinity ? `${format.quantity(least)} updates` : "one update";
}
