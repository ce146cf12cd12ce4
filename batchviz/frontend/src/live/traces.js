// From recordings to a scene: a pure function of what was recorded and how the learner looks at it.

import { AXES, trainingColumn } from "../core/units.js";
import { band as rangeOfBuckets, extremes } from "../core/downsample.js";
import { upperBound } from "../core/columns.js";
import * as format from "../core/format.js";
import { bandOpacity, floorReference, updateStyle } from "../chart/scene.js";
import { floors, livePanels, panelOf } from "./axes.js";
import { cut, epochCurve, runColor, smoothedColumn } from "./curves.js";
import { groupRuns } from "./groups.js";
import { broken } from "./joins.js";
import { lineEnds, lineNames, andSeeds } from "./line-ends.js";
import { dashed, updatesHeading } from "./describe.js";

const MAX_POINTS = 600; // of a trace
const PALE = 0.4; // opacity of a training curve where dashes tell runs apart
const SEED = { width: 1, opacity: 0.35 }; // a single seed's own line behind their mean
const MIN_CHARACTERS = 10; // beside a plane: a floor's name, so that the charts keep their width when one appears

/**
 * @typedef {import("./axes.js").Kind} Kind
 * @typedef {import("./axes.js").ChartState} ChartState
 * @typedef {import("./curves.js").KnownRun} Recording
 * @typedef {import("./groups.js").Group<Recording>} Group
 * @typedef {import("../chart/scene.js").Range} Range
 * @typedef {import("../chart/scene.js").Trace} Trace
 */

/**
 * The scene of one live chart; its lines end at `shown.position`.
 * @param {Kind} kind
 * @param {ChartState} shown
 * @returns {import("../chart/scene.js").Scene}
 */
export function liveScene(kind, shown) {
  const { recordings, view } = shown;
  const panels = livePanels(kind, shown);
  const { range } = panels[0].x;
  const names = lineNames(recordings);
  const groups = groupRuns(recordings);
  const axis = AXES[view.axis];
  const levels = (/** @type {Kind} */ measure) =>
    floors(measure, recordings).flatMap((floor) =>
      panels.map((_, i) => floorReference(i, floor, panels.length > 1 ? "none" : "end")),
    );
  // Room beside the planes is the same in both charts.
  const texts = [
    ...groups.map((group) => `${names.get(group.lead.id)}${andSeeds(group)}`),
    ...levels("loss").map(({ text }) => text),
    ...levels("metric").map(({ text }) => text),
  ];
  return {
    panels,
    linked: panels.length > 1,
    traces: [
      ...(view.noise
        ? withUpdates(groups, view).flatMap((run) => updateTraces(run, kind, shown, range))
        : []),
      ...groups.flatMap((group) => seedTraces(group, kind, shown, range, bandOpacity(groups.length))),
      ...groups.flatMap((group) => meanTraces(group, kind, shown, range)),
    ],
    references: levels(kind),
    curves: groups.map((group) => readCurve(group, kind, shown)),
    ends: lineEnds(kind, shown, names),
    units: {
      word: axis.singular,
      x: (x) => (view.axis === "seconds" ? format.duration(x) : `${axis.singular} ${axis.print(x)}`),
    },
    characters: Math.max(MIN_CHARACTERS, ...texts.map(({ length }) => length)),
  };
}

/**
 * The runs whose every update is drawn: of several seeds the first, unless the seeds are looked at one by one.
 * @param {Group[]} groups
 * @param {{ seeds: boolean }} view
 */
function withUpdates(groups, { seeds }) {
  return groups.flatMap((group) => (seeds ? group.runs : [group.lead]));
}

/**
 * The two curves of a run: solid is training, dotted is validation; where dashes tell runs apart, training is pale.
 * @param {Kind} kind
 * @param {ChartState} shown
 * @param {Recording} run
 */
function lineStyles(kind, { recordings, view }, { about: { dash } }) {
  const [training, validation] = [trainingColumn(kind, view), `val_${kind}`];
  if (!dashed(recordings))
    return [
      { column: training, dash: "solid", opacity: 1 },
      { column: validation, dash: "3px,3px", opacity: 1 },
    ];
  return [
    { column: training, dash, opacity: PALE },
    { column: validation, dash, opacity: 1 },
  ];
}

/**
 * Behind the curves of several seeds: the range from the lowest to the highest of what ranks them, and, when asked
 * for, their own lines.
 * @param {Group} group
 * @param {Kind} kind
 * @param {ChartState} shown
 * @param {Range} range
 * @param {number} fillOpacity
 * @returns {Trace[]}
 */
function seedTraces(group, kind, shown, range, fillOpacity) {
  if (!group.several) return [];
  const { view, position, theme } = shown;
  const [from, to] = range;
  const ranked = rankedColumn(group, kind, shown);
  const { x, low, high, gaps } = group.band(ranked, view.axis, view.smoothing);
  // Behind the last gap: an area across one would look measured.
  const first = x.findIndex((at) => gaps.every(([, after]) => at >= after));
  const [lows, highs] = [low, high].map((y) =>
    cut({ x: x.subarray(Math.max(0, first)), y: y.subarray(Math.max(0, first)), gaps }, position),
  );
  const edge = rangeOfBuckets(lows.x, lows.y, highs.y, { from, to });
  const panel = panelOf(group.lead, shown);
  const bound = { panel, x: edge.x, color: runColor(group.lead, theme), width: 0, opacity: 0 };
  const name = `${group.lead.id} ${ranked}`;
  const lines = view.seeds ? lineStyles(kind, shown, group.lead) : [];
  return [
    { ...bound, y: edge.low, name: `${name} lowest` },
    { ...bound, y: edge.high, name: `${name} highest`, fill: "previous", fillOpacity },
    ...lines.flatMap((style) =>
      group.runs.map((run) => ({
        ...curveTrace(run, style, shown, range),
        ...SEED,
        name: `${run.id} ${style.column} seed`,
      })),
    ),
  ];
}

/**
 * Validation, or training where no rows are held out.
 * @param {Group} group
 * @param {Kind} kind
 * @param {ChartState} shown
 */
function rankedColumn(group, kind, { view }) {
  const validation = `val_${kind}`;
  return group.band(validation, view.axis, view.smoothing).x.length ? validation : trainingColumn(kind, view);
}

/**
 * The curves of a run, or their means over several seeds.
 * @param {Group} group
 * @param {Kind} kind
 * @param {ChartState} shown
 * @param {Range} range
 * @returns {Trace[]}
 */
function meanTraces(group, kind, shown, range) {
  const { view, position, theme } = shown;
  const [from, to] = range;
  return lineStyles(kind, shown, group.lead).map((style) => {
    const { column, ...look } = style;
    if (!group.several) return curveTrace(group.lead, style, shown, range);
    const { x, mean, gaps } = group.band(column, view.axis, view.smoothing);
    const end = cut({ x, y: mean, gaps }, position);
    const points = extremes(end.x, end.y, { from, to, limit: MAX_POINTS });
    return {
      ...broken(points, gaps),
      panel: panelOf(group.lead, shown),
      name: `${group.lead.id} ${column} mean`,
      color: runColor(group.lead, theme),
      width: 2,
      ...look,
    };
  });
}

/**
 * @param {Recording} run
 * @param {{ column: string, dash: string, opacity: number }} style
 * @param {ChartState} shown
 * @param {Range} range
 * @returns {Trace}
 */
function curveTrace(run, { column, ...look }, shown, [from, to]) {
  const { view, position, theme } = shown;
  const { x, y, gaps } = cut(epochCurve(run, column, view.axis, view.smoothing), position);
  const points = extremes(x, y, { from, to, limit: MAX_POINTS });
  const style = { panel: panelOf(run, shown), color: runColor(run, theme), width: 2, ...look };
  return { ...broken(points, gaps), name: `${run.id} ${column}`, ...style };
}

/**
 * The loss of every update as a thin line; where one point stands for several updates, their range as a band.
 * @param {Recording} run
 * @param {Kind} kind
 * @param {ChartState} shown
 * @param {Range} range
 * @returns {Trace[]}
 */
function updateTraces(run, kind, shown, [from, to]) {
  const { recordings, view, position, theme } = shown;
  const panel = panelOf(run, shown);
  const style = updateStyle(runColor(run, theme), recordings.length);
  const every = run.updateX(view.axis);
  const count = position === null ? every.length : upperBound(every, position);
  const x = every.subarray(0, count);
  const line = {
    ...style,
    panel,
    name: `${run.id} updates`,
    ...extremes(x, run.updates[kind].values.subarray(0, count), { from, to, limit: MAX_POINTS }),
  };
  if (run.stride === 1) return [line];
  const edge = rangeOfBuckets(x, run.updates[`${kind}_min`].values, run.updates[`${kind}_max`].values, {
    from,
    to,
  });
  const bound = { panel, x: edge.x, color: style.color, width: 0, opacity: 0 };
  return [
    { ...bound, y: edge.low, name: `${run.id} lowest` },
    { ...bound, y: edge.high, name: `${run.id} highest`, fill: "previous", fillOpacity: style.opacity / 2 },
    line,
  ];
}

/**
 * A run as the pointer reads it; of several seeds their mean, and the range of what ranks them.
 * @param {Group} group
 * @param {Kind} kind
 * @param {ChartState} shown
 * @returns {import("../chart/scene.js").Curve}
 */
function readCurve(group, kind, shown) {
  const { recordings, view, theme } = shown;
  const run = group.lead;
  const ranked = group.several && rankedColumn(group, kind, shown);
  const series = (/** @type {string} */ column) => {
    if (!group.several) return { x: run.epochX(view.axis), y: smoothedColumn(run, column, view.smoothing) };
    const { x, mean, low, high } = group.band(column, view.axis, view.smoothing);
    return column === ranked ? { x, y: mean, low, high } : { x, y: mean };
  };
  return {
    name: `${run.about.label}${andSeeds(group)}`,
    color: runColor(run, theme),
    panel: panelOf(run, shown),
    series: [
      { heading: "training", ...series(trainingColumn(kind, view)), dot: "full" },
      { heading: "validation", ...series(`val_${kind}`), dot: "hollow" },
      ...(view.noise
        ? [
            {
              heading: updatesHeading(recordings),
              x: run.updateX(view.axis),
              y: run.updates[kind].values,
              dot: /** @type {const} */ ("none"),
            },
          ]
        : []),
    ],
  };
}
