// Where the lines of runs end, and what they are called there: seeds of one setting share a label.

import { trainingColumn } from "../core/units.js";
import { upperBound } from "../core/columns.js";
import { shortened } from "../chart/label-layout.js";
import { panelOf } from "./axes.js";
import { cut, epochCurve, runColor } from "./curves.js";
import { groupRuns } from "./groups.js";

const MAX_NAME = 20; // characters; the card has the rest

/**
 * @typedef {import("./curves.js").KnownRun} Recording
 * @typedef {import("./axes.js").Kind} Kind
 * @typedef {import("./axes.js").ChartState} ChartState
 * @typedef {import("../chart/scene.js").NamedEnd} NamedEnd
 */

/**
 * The ends up to the playback's position.
 * @param {Kind} kind
 * @param {ChartState} shown
 * @param {Map<string, string>} names by run id
 * @returns {NamedEnd[]}
 */
export function lineEnds(kind, shown, names) {
  const { recordings, view, position, theme } = shown;
  return groupRuns(recordings).flatMap((group) => {
    const [training, validation] = [trainingColumn(kind, view), `val_${kind}`].map((name) =>
      cut(meanCurve(group, name, view), position),
    );
    if (!training.x.length && !validation.x.length) return [];
    const diverged = group.count((run) => run.status === "diverged");
    const text = names.get(group.lead.id) ?? group.lead.id;
    const how = diverged === group.runs.length ? " diverged" : `, ${diverged} diverged`;
    return {
      panel: panelOf(group.lead, shown),
      text: `${text}${andSeeds(group)}${diverged ? how : ""}`,
      color: runColor(group.lead, theme),
      ids: group.ids,
      lines: [
        { ...training, hollow: false, named: !validation.x.length },
        { ...validation, hollow: true, named: true },
      ],
    };
  });
}

/**
 * Behind the name of several seeds, how many of them have been measured: ", 10 seeds". A bare "×10" behind a batch size
 * would read as a product.
 * @param {import("./groups.js").Group} group
 */
export function andSeeds({ several, measured }) {
  return several && measured ? `, ${measured} ${measured === 1 ? "seed" : "seeds"}` : "";
}

/**
 * @param {import("./groups.js").Group<Recording>} group
 * @param {string} name
 * @param {import("./view-state.js").View} view
 */
function meanCurve(group, name, { axis, smoothing }) {
  if (!group.several) return epochCurve(group.lead, name, axis, smoothing);
  const { x, mean, gaps } = group.band(name, axis, smoothing);
  return { x, y: mean, gaps };
}

/**
 * How many measured values stand in the picture, by run id.
 * @param {Kind} kind
 * @param {ChartState} shown
 * @returns {Record<string, number>}
 */
export function pointCounts(kind, { recordings, view, position }) {
  return Object.fromEntries(
    recordings.map((run) => {
      const curves = [trainingColumn(kind, view), `val_${kind}`].map(
        (name) => epochCurve(run, name, view.axis, view.smoothing).x,
      );
      const measured = view.noise ? [...curves, run.updateX(view.axis)] : curves;
      return [run.id, measured.reduce((sum, x) => sum + upperBound(x, position ?? Infinity), 0)];
    }),
  );
}

/**
 * Short, distinct names by group: Map(run id -> text). Seeds of one setting share theirs.
 * @param {Recording[]} recordings
 * @returns {Map<string, string>}
 */
export function lineNames(recordings) {
  /** @type {Map<string, Map<string, string[]>>} */
  const labels = new Map();
  for (const run of recordings) {
    const { label } = run.about;
    const groups = labels.get(label) ?? new Map();
    if (!groups.has(groupOf(run))) groups.set(groupOf(run), settings(run));
    labels.set(label, groups);
  }
  return new Map(
    recordings.map((run) => {
      if (run.about.end) return [run.id, shortened(run.about.end, MAX_NAME)];
      const groups = labels.get(run.about.label) ?? new Map();
      const common = [...groups.values()].reduce((shared, parts) =>
        shared.filter((/** @type {string} */ part) => parts.includes(part)),
      );
      const own = groups.get(groupOf(run)).filter((/** @type {string} */ part) => !common.includes(part));
      return [run.id, shortened([run.about.label, ...own.slice(0, 1)].join(" · "), MAX_NAME)];
    }),
  );
}

/**
 * Runs that differ by their seed alone.
 * @param {Recording} run
 * @returns {string}
 */
function groupOf(run) {
  return run.about.group ?? run.id;
}

/**
 * @param {Recording} run
 * @returns {string[]}
 */
function settings(run) {
  return (run.about.details ?? "")
    .split(", ")
    .filter((/** @type {string} */ part) => !part.startsWith("seed "));
}
