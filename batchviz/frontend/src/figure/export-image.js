// The chart as PNG or SVG, with the heading, the names at the line ends and what it says in words.

import { hex } from "../core/color.js";

const WIDTH = 1200;
const TOP = 46; // pixels, for the heading
const LINE = { characters: 170, height: 16 }; // of the caption
const MOST_LINES = 6;

/** Save what the chart shows now, at the size of a slide. `drawn(width, height)` -> {data, layout, labels}. */
export function savePicture(plotly, drawn, { title, caption, theme, format, fileName, ratio }) {
  const high = Math.round(WIDTH * ratio);
  const { data, layout } = drawn(WIDTH, high);
  const { margin } = layout;
  const said = wrapped(`${caption} Recorded from real Keras training with BatchViz.`);
  const bottom = LINE.height * said.length + 18;
  const height = high + TOP + bottom;
  const line = (text, y, shift, size, color, anchor) => ({
    text, xref: "paper", yref: "paper", x: 0, y, xanchor: "left", yanchor: anchor, xshift: -margin.l + 10, yshift: shift,
    align: "left", showarrow: false, font: { size, color: hex(color) },
  });
  return plotly.downloadImage({
    data,
    layout: {
      ...layout,
      width: WIDTH,
      height,
      margin: { ...margin, t: margin.t + TOP, b: margin.b + bottom },
      paper_bgcolor: hex(theme.panel),
      plot_bgcolor: hex(theme.panel),
      annotations: [
        ...layout.annotations,
        line(`<b>${escaped(title)}</b>`, 1, margin.t + 22, 18, theme.ink, "bottom"),
        line(said.map(escaped).join("<br>"), 0, -margin.b - 6, 12, theme.muted, "top"),
      ],
    },
  }, { format, width: WIDTH, height, scale: format === "png" ? 2 : 1, filename: fileName });
}

/** The caption in lines. */
function wrapped(text) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1).length + word.length > LINE.characters) lines.push("");
    lines[lines.length - 1] += `${lines.at(-1) ? " " : ""}${word}`;
  }
  return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES - 1), "..."] : lines;
}

/** Plotly reads a little HTML in its texts. */
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
