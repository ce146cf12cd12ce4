// The chart as PNG or SVG, with the heading, the names at the line ends and what it says in words.

import { hex } from "../live/color.js";

const SIZE = { width: 1200, top: 54, bottom: 66 };
const LINE = 170; // characters of the caption

/** Save what the chart shows now, at the size of a slide. `drawn(width, height)` -> {data, layout, labels}. */
export function savePicture(plotly, drawn, { title, caption, theme, format, fileName, ratio }) {
  const high = Math.round(SIZE.width * ratio);
  const { data, layout } = drawn(SIZE.width, high);
  const { margin } = layout;
  const height = high + SIZE.top + SIZE.bottom;
  const line = (text, y, shift, size, color, anchor) => ({
    text, xref: "paper", yref: "paper", x: 0, y, xanchor: "left", yanchor: anchor, xshift: -margin.l + 10, yshift: shift,
    align: "left", showarrow: false, font: { size, color: hex(color) },
  });
  return plotly.downloadImage({
    data,
    layout: {
      ...layout,
      width: SIZE.width,
      height,
      margin: { ...margin, t: margin.t + SIZE.top, b: margin.b + SIZE.bottom },
      paper_bgcolor: hex(theme.panel),
      plot_bgcolor: hex(theme.panel),
      annotations: [
        ...layout.annotations,
        line(`<b>${escaped(title)}</b>`, 1, margin.t + 22, 18, theme.ink, "bottom"),
        line(wrapped(`${caption} Recorded from real Keras training with BatchViz.`), 0, -margin.b - 6, 12, theme.muted, "top"),
      ],
    },
  }, { format, width: SIZE.width, height, scale: format === "png" ? 2 : 1, filename: fileName });
}

function wrapped(text) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1).length + word.length > LINE) lines.push("");
    lines[lines.length - 1] += `${lines.at(-1) ? " " : ""}${word}`;
  }
  return lines.slice(0, 3).map(escaped).join("<br>");
}

/** Plotly reads a little HTML in its texts. */
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
