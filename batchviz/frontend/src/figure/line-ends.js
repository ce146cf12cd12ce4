// The names of curves at their ends, kept apart: direct labels instead of a legend.

import { mix, parse, readable } from "../core/color.js";
import { columns, spread } from "../chart/label-layout.js";

const CHARACTER = 6.8; // pixels, of the labels' font
const LONGEST = 24; // characters; the list under the pointer has the rest
const LABEL_HEIGHT = 15;
const THREAD = 22;

/** Room for the names, right of the plane, in pixels. */
export function room(lines, width) {
  if (!lines.length) return 16;
  const longest = Math.max(...lines.map(({ name }) => shortened(name).length));
  return Math.min(Math.ceil(longest * CHARACTER) + THREAD, Math.round(width * 0.36));
}

/** Dots and labels in pixels of the plane, as live/ends.js draws them; `place(curve, i)` -> {left, top} of a point. */
export function marks(lines, { wide, high, right, place, theme }) {
  const inPlane = ({ left, top }) => left >= -1 && left <= wide + 1 && top >= -1 && top <= high + 1;
  const wanted = lines.flatMap((curve) => {
    for (let i = curve.x.length - 1; i >= 0; i -= 1) { // the last point that can be seen
      const point = place(curve, i);
      if (point && inPlane(point)) return [{ ...point, last: i === curve.x.length - 1, text: shortened(curve.name), color: parse(curve.color) }];
    }
    return [];
  });
  const places = new Array(wanted.length);
  for (const column of columns(wanted.map(({ left }) => left), right)) {
    const fitting = column.slice(0, Math.floor(high / LABEL_HEIGHT));
    spread(fitting.map((i) => wanted[i].top), LABEL_HEIGHT, 2, high - 2).forEach((top, rank) => {
      places[fitting[rank]] = top;
    });
  }
  const dots = wanted.filter(({ last }) => last);
  const labels = wanted.flatMap((label, i) => (places[i] === undefined ? [] : [{
    ...label,
    ids: [],
    shift: places[i] - label.top,
    inside: label.left < wide - 4,
    color: readable(label.color, theme.panel, theme.ink),
    thread: mix(label.color, theme.panel, 0.35),
  }]));
  return { dots, labels };
}

function shortened(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
