// A chart in words, for those who cannot see it: computed from the same scene, so it changes with the picture.

import { AXES, measureNames, trainingColumn } from "../core/units.js";
import { cut, epochCurve } from "./curves.js";
import { floors } from "./traces.js";
import * as format from "../core/format.js";

const RUNS_IN_WORDS = 8;

export function describe(scene) {
  const { recordings, kind, view, position } = scene;
  const drawn = recordings.map((run) => sentence(run, scene)).filter(Boolean);
  const what = measureNames(recordings, kind).join(" and ") || (kind === "loss" ? "Loss" : "Metric");
  if (!drawn.length) return `${what}: no points yet.`;
  const where = position === null ? "" : `, shown up to ${AXES[view.axis].write(position)} ${AXES[view.axis].name.toLowerCase()}`;
  const more = drawn.length > RUNS_IN_WORDS ? ` And ${drawn.length - RUNS_IN_WORDS} more runs, in the table.` : "";
  return `${what} over ${AXES[view.axis].title}${where}. ${drawn.slice(0, RUNS_IN_WORDS).join(" ")}${more}`;
}

/** What the floors are, and under the loss also why nothing does better. */
export function floorsInWords(scene) {
  const { recordings, kind } = scene;
  return floors(scene).map((floor) => {
    const name = format.fraction(floor);
    const number = name.includes("/") ? ` (${format.value(floor)})` : "";
    const reason = recordings.find((run) => run.about?.floors?.[kind] === floor).about.floor_reason;
    const why = kind === "loss" && reason ? `. ${reason}` : ": on average no network does better on unseen data.";
    return `Floor ${name}${number}${why}`;
  }).join(" ");
}

function sentence(run, { kind, view, position }) {
  const name = trainingColumn(kind, view);
  const training = cut(epochCurve(run, name, view.axis, view.smoothing), position);
  const validation = cut(epochCurve(run, `val_${kind}`, view.axis, view.smoothing), position);
  if (!training.x.length && !validation.x.length) return null;
  const course = (curve, word) => (curve.x.length
    ? `${word} from ${format.value(curve.y[0])} to ${format.value(curve.y.at(-1))}`
    : null);
  const parts = [course(training, "training"), course(validation, "validation")].filter(Boolean);
  return `${run.about.label}: ${parts.join(", ")}.`;
}
