// Where things stand in the picture: each panel's plane in pixels, and the way between its axes and pixels.

import { panels } from "./read-figure.js";

/**
 * The planes of a layout that Plotly has filled in (ranges and types known), at this size and margin.
 * Each has name, left, top, wide, high; xAt(pixels) -> axis value; place(x, y) -> {left, top} in pixels, top null
 * without a y; x and y ranges in axis units (log10 on a log axis).
 */
export function planes(full, { width, height, margin }) {
  const wide = width - margin.l - margin.r;
  const high = height - margin.t - margin.b;
  return panels(full).map((name) => {
    const x = full[`xaxis${name}`];
    const y = full[`yaxis${name}`];
    const [x0, x1] = x.range;
    const [y0, y1] = y.range;
    const [acrossX, acrossY] = [x.domain ?? [0, 1], y.domain ?? [0, 1]];
    const scaled = (axis, value) => (axis.type === "log" ? Math.log10(value) : value);
    const plane = {
      name,
      left: margin.l + acrossX[0] * wide,
      top: margin.t + (1 - acrossY[1]) * high,
      wide: (acrossX[1] - acrossX[0]) * wide,
      high: (acrossY[1] - acrossY[0]) * high,
    };
    return {
      ...plane,
      xAt: (left) => {
        const at = x0 + ((left - plane.left) / plane.wide) * (x1 - x0);
        return x.type === "log" ? 10 ** at : at;
      },
      place: (atX, atY) => ({
        left: plane.left + ((scaled(x, atX) - x0) / (x1 - x0)) * plane.wide,
        top: atY === null ? null : plane.top + (1 - (scaled(y, atY) - y0) / (y1 - y0)) * plane.high,
      }),
    };
  });
}

/** The ranges that are on show, so that a picture shows the part the visitor looks at. */
export function shownRanges(full) {
  return Object.fromEntries(panels(full).flatMap((name) => [`xaxis${name}`, `yaxis${name}`])
    .map((axis) => [axis, { range: [...full[axis].range], autorange: false }]));
}
