// The names at line ends as Plotly's annotations, for pictures: on the screen they are elements above the chart.

import { hex } from "../core/color.js";

/** Annotations for labels placed in pixels of a plane; ranges in axis units (log10 on a log axis). */
export function named(labels, { wide, high }, { xaxis, yaxis }) {
  const between = ([from, to], share) => from + share * (to - from);
  return labels.map((label) => ({
    text: label.text.replace(/&/g, "&amp;").replace(/</g, "&lt;"), xref: "x", yref: "y",
    x: between(xaxis.range, label.left / wide), y: between(yaxis.range, 1 - label.top / high),
    showarrow: true, arrowhead: 0, arrowwidth: 1, arrowcolor: hex(label.thread), standoff: 5,
    ax: 16, ay: label.shift, xanchor: "left", yanchor: "middle", borderpad: 1,
    font: { size: 12, color: hex(label.color) },
  }));
}
