// From recordings to a scene: a pure function of what was recorded and how the learner looks at it.

import { AXES, trainingColumn } from "../core/units.js";
import { band, extremes } from "../core/downsample.js";
import { upperBound } from "../core/columns.js";
import * as format from "../core/format.js";
import { floorReference, updateStyle } from "../chart/scene.js";
import { floors, livePanel } from "./axes.js";
import { cut, epochCurve, runColor, smoothedColumn } from "./curves.js";
import { lineEnds, lineNames } from "./line-ends.js";
import { updatesHeading } from "./describe.js";

const MAX_POINTS = 600; // of a trace
const MIN_CHARACTERS = 10; // beside a plane: a floor's name, so that the charts keep their width when one appears

/**
 * @typedef {import("./axes.js").Kind} Kind
 * @typedef {import("./axes.js").Shown} Shown
 * @typedef {import("./curves.js").KnownRun} Recording
 * @typedef {import("../chart/scene.js").Range} Range
 * @typedef {import("../chart/scene.js").Trace} Trace
 */

/**
 * The scene of one live chart; its lines end at `shown.position`.
 * @param {Kind} kind
 * @param {Shown} shown
 * @returns {import("../chart/scene.js").Scene}
 */
export function liveScene(kind, shown) {
  const { recordings, view } = shown;
  const panel = livePanel(kind, shown);
  const names = lineNames(recordings);
  const axis = AXES[view.axis];
  const levels = (/** @type {Kind} */ measure) =>
    floors(measure, recordings).map((floor) => floorReference(0, floor, "end"));
  // Room beside the planes is the same in both charts.
  const texts = [
    ...names.values(),
    ...levels("loss").map(({ text }) => text),
    ...levels("metric").map(({ text }) => text),
  ];
  return {
    panels: [panel],
    linked: false,
    traces: [
      ...(view.noise ? recordings.flatMap((run) => updateTraces(run, kind, shown, panel.x.range)) : []),
      ...recordings.flatMap((run) => curveTraces(run, kind, shown, panel.x.range)),
    ],
    references: levels(kind),
    curves: recordings.map((run) => readCurve(run, kind, shown)),
    ends: lineEnds(kind, shown, names),
    units: {
      word: axis.singular,
      x: (x) => (view.axis === "seconds" ? format.duration(x) : `${axis.singular} ${axis.print(x)}`),
    },
    characters: Math.max(MIN_CHARACTERS, ...texts.map(({ length }) => length)),
  };
}

/**
 * Solid is training, dotted is validation.
 * @param {Recording} run
 * @param {Kind} kind
 * @param {Shown} shown
 * @param {Range} range
 * @returns {Trace[]}
 */
function curveTraces(run, kind, { view, position, theme }, [from, to]) {
  const styles = [
    { column: trainingColumn(kind, view), dash: "solid" },
    { column: `val_${kind}`, dash: "3px,3px" },
  ];
  return styles.map(({ column, dash }) => {
    const { x, y } = cut(epochCurve(run, column, view.axis, view.smoothing), position);
    const points = extremes(x, y, { from, to, limit: MAX_POINTS });
    return { ...points, panel: 0, name: `${run.id} ${column}`, color: runColor(run, theme), width: 2, dash };
  });
}

/**
 * The loss of every update as a thin line; where one point stands for several updates, their range as a band.
 * @param {Recording} run
 * @param {Kind} kind
 * @param {Shown} shown
 * @param {Range} range
 * @returns {Trace[]}
 */
function updateTraces(run, kind, { recordings, view, position, theme }, [from, to]) {
  const style = updateStyle(runColor(run, theme), recordings.length);
  const every = run.updateX(view.axis);
  const count = position === null ? every.length : upperBound(every, position);
  const x = every.subarray(0, count);
  const line = {
    ...style,
    panel: 0,
    name: `${run.id} updates`,
    ...extremes(x, run.updates[kind].values.subarray(0, count), { from, to, limit: MAX_POINTS }),
  };
  if (run.stride === 1) return [line];
  const edge = band(x, run.updates[`${kind}_min`].values, run.updates[`${kind}_max`].values, { from, to });
  const bound = { panel: 0, x: edge.x, color: style.color, width: 0, opacity: 0 };
  return [
    { ...bound, y: edge.low, name: `${run.id} lowest` },
    { ...bound, y: edge.high, name: `${run.id} highest`, fill: "previous", fillOpacity: style.opacity / 2 },
    line,
  ];
}

/**
 * A run as the pointer reads it.
 * @param {Recording} run
 * @param {Kind} kind
 * @param {Shown} shown
 * @returns {import("../chart/scene.js").Curve}
 */
function readCurve(run, kind, { recordings, view, theme }) {
  const x = run.epochX(view.axis);
  const column = (/** @type {string} */ name) => smoothedColumn(run, name, view.smoothing);
  return {
    name: run.about.label,
    color: runColor(run, theme),
    panel: 0,
    series: [
      { heading: "training", x, y: column(trainingColumn(kind, view)), dot: "full" },
      { heading: "validation", x, y: column(`val_${kind}`), dot: "hollow" },
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
