// Where every line ends, and the label that stands there: direct labels instead of a legend. Pixels in the plane.

import { trainingColumn } from "../core/units.js";
import { mix, readable } from "../core/color.js";
import { cut, epochCurve } from "./curves.js";
import { floorName, floors } from "./traces.js";
import { columns, spread } from "../chart/label-layout.js";
import { groupOf } from "./line-names.js";
import { upperBound } from "../core/columns.js";
import { runColor } from "../chart/theme.js";

const LABEL_HEIGHT = 15;

/**
 * @param {object} scene as for figure(); `position` cuts the curves
 * @returns {{wide, high, dots, labels, points: Object<string, number>}} the plane's size; dots {left, top, color,
 *   hollow}; labels {text, ids, color, thread, left, top, shift, inside}, shift being how far the text was moved
 *   from its line; points: how many measured values stand in the picture, by run id
 */
export function marks(scene) {
  const { width, height, margin, x, y, view } = scene;
  const wide = width - margin.l - margin.r;
  const high = height - margin.t - margin.b;
  const scaled = view.scale === "log" ? Math.log10 : (value) => value;
  const place = (point) => ({
    left: ((point.x - x[0]) / (x[1] - x[0])) * wide,
    top: high * (1 - (point.y - y[0]) / (y[1] - y[0])),
  });
  const inPlane = ({ left, top }) => left >= -1 && left <= wide + 1 && top >= -1 && top <= high + 1;

  const lines = scene.recordings.map((run) => ends(run, scene));
  const points = Object.fromEntries(lines.map(({ run, count }) => [run.id, count]));
  const dots = lines.flatMap(({ color, curves }) => curves.filter((curve) => curve.x.length).map((curve) => ({
    ...place({ x: curve.x.at(-1), y: scaled(curve.y.at(-1)) }), color, hollow: curve.hollow,
  }))).filter(inPlane);
  const wanted = [...curveLabels(lines, scene.names, y, scaled), ...floorLabels(scene, scaled)]
    .map((label) => ({ ...label, ...place(label) }))
    .filter(inPlane);
  return { wide, high, dots, labels: apart(wanted, wide, high, scene), points };
}

function ends(run, { kind, view, position, theme }) {
  const names = [trainingColumn(kind, view), `val_${kind}`];
  const whole = names.map((name) => epochCurve(run, name, view.axis, view.smoothing));
  const curves = whole.map((curve, i) => ({ ...cut(curve, position), hollow: i === 1 }));
  const measured = [...whole.map(({ x }) => x), view.noise ? run.updateX(view.axis) : []];
  const count = measured.reduce((sum, x) => sum + upperBound(x, position ?? Infinity), 0);
  return { run, curves, color: runColor(run, theme), count };
}

/** Labels that would collide are moved apart, within their column of neighbours. */
function apart(wanted, wide, high, { theme, margin }) {
  const places = new Array(wanted.length);
  for (const column of columns(wanted.map((label) => label.left), margin.r)) {
    const room = column.slice(0, Math.floor(high / LABEL_HEIGHT));
    spread(room.map((i) => wanted[i].top), LABEL_HEIGHT, 2, high - 2).forEach((top, rank) => {
      places[room[rank]] = top;
    });
  }
  return wanted.flatMap((label, i) => (places[i] === undefined ? [] : [{
    ...label,
    shift: places[i] - label.top,
    inside: label.left < wide - 4,
    color: readable(label.color, theme.panel, theme.ink),
    thread: mix(label.color, theme.panel, 0.35),
  }]));
}

function floorLabels(scene, scaled) {
  return floors(scene).map((floor) => ({
    ids: [], color: scene.theme.muted, text: floorName(floor), x: scene.x[1], y: scaled(floor),
  }));
}

/** Seeds of one setting share a label, at the mean of their ends. */
function curveLabels(lines, names, range, scaled) {
  const groups = new Map();
  for (const { run, color, curves } of lines) {
    const curve = [...curves].reverse().find(({ x }) => x.length); // validation, or training without it
    if (!curve) continue;
    const name = `${groupOf(run)} ${run.status === "diverged"}`;
    const text = run.status === "diverged" ? `${names.get(run.id)} diverged` : names.get(run.id);
    const group = groups.get(name) ?? { ids: [], tips: [], color, text };
    group.ids.push(run.id);
    group.tips.push(tip(curve, range, scaled));
    groups.set(name, group);
  }
  return [...groups.values()].map(({ ids, tips, color, text }) => ({
    ids,
    color,
    text: ids.length > 1 ? `${text} ×${ids.length}` : text,
    x: Math.max(...tips.map(({ x }) => x)),
    y: tips.reduce((sum, { y }) => sum + y, 0) / tips.length,
  }));
}

/** Where a label hangs: the curve's last point, or where it leaves the picture for good. y in axis units. */
function tip(curve, [low, high], scaled) {
  const last = curve.x.length - 1;
  let i = last;
  while (i >= 0 && !(scaled(curve.y[i]) >= low && scaled(curve.y[i]) <= high)) i -= 1;
  if (i === last || i < 0) return { x: curve.x[last], y: scaled(curve.y[last]) };
  const from = scaled(curve.y[i]);
  const to = scaled(curve.y[i + 1]);
  const edge = to > high ? high : low;
  return { x: curve.x[i] + ((edge - from) / (to - from)) * (curve.x[i + 1] - curve.x[i]), y: edge };
}
