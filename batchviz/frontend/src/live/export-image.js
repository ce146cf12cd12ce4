// Both charts in one PNG or SVG, with a caption that says what is shown.

import { AXES } from "../core/units.js";
import { hex, translucent } from "../core/color.js";
import { figure } from "./traces.js";
import { marks } from "./line-ends.js";
import { explanation } from "./update-noise.js";

const PANEL = { width: 680, height: 420 };
const TOP = 44;
const BOTTOM = 54;

/** Save what the charts show now. `format` is "png" or "svg". */
export async function savePicture(plotly, charts, shown, sentence, format) {
  const [left, right] = charts.map((chart) => still(chart.scene({ ...shown, touch: false }, PANEL)));
  const width = 2 * PANEL.width;
  const height = PANEL.height + TOP + BOTTOM;
  const { margin } = left.layout;
  const wide = width - margin.l - margin.r;
  const panel = PANEL.width - margin.l - margin.r;
  const title = (text, x) => ({
    text: `<b>${text}</b>`, xref: "paper", yref: "paper", x, y: 1, xanchor: "left", yanchor: "bottom",
    xshift: -margin.l + 4, yshift: margin.t + 6, showarrow: false, font: { size: 16, color: hex(shown.theme.ink) },
  });
  const layout = {
    ...left.layout,
    // A picture cannot use the page's web font: laid out in one and drawn in another, texts would run out of it.
    font: { ...left.layout.font, family: "system-ui, sans-serif" },
    width,
    height,
    paper_bgcolor: hex(shown.theme.panel),
    plot_bgcolor: hex(shown.theme.panel),
    margin: { ...margin, t: margin.t + TOP, b: margin.b + BOTTOM },
    xaxis: { ...left.layout.xaxis, domain: [0, panel / wide] },
    xaxis2: { ...right.layout.xaxis, domain: [PANEL.width / wide, 1], anchor: "y2" },
    yaxis2: { ...right.layout.yaxis, anchor: "x2" },
    shapes: [...left.layout.shapes, ...right.layout.shapes.map(moved)],
    annotations: [
      ...left.layout.annotations,
      ...right.layout.annotations.map(moved),
      title(charts[0].title.textContent, 0),
      title(charts[1].title.textContent, PANEL.width / wide),
      {
        text: wrapped(caption(shown, sentence)), xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top",
        xshift: -margin.l + 4, yshift: -margin.b - 8, align: "left", showarrow: false,
        font: { size: 12, color: hex(shown.theme.muted) },
      },
    ],
  };
  const data = [...left.data, ...right.data.map((trace) => ({ ...trace, xaxis: "x2", yaxis: "y2" }))];
  const name = `batchviz-${shown.recordings.map((run) => run.about.batch_size).slice(0, 6).join("-")}-by-${shown.view.axis}`;
  return plotly.downloadImage({ data, layout }, { format, width, height, scale: format === "png" ? 2 : 1, filename: name });
}

/** The figure with its ends and labels inside, where the screen has elements above it. */
function still(scene) {
  const { data, layout } = figure(scene);
  const { wide, high, dots, labels } = marks(scene);
  const x = (left) => scene.x[0] + (left / wide) * (scene.x[1] - scene.x[0]);
  const y = (top) => scene.y[0] + (1 - top / high) * (scene.y[1] - scene.y[0]);
  const ends = {
    type: "scatter",
    mode: "markers",
    cliponaxis: false,
    x: dots.map((dot) => x(dot.left)),
    y: dots.map((dot) => (scene.view.scale === "log" ? 10 ** y(dot.top) : y(dot.top))),
    marker: {
      size: 6,
      color: dots.map((dot) => hex(dot.hollow ? scene.theme.panel : dot.color)),
      line: { width: 1.5, color: dots.map((dot) => hex(dot.color)) },
    },
  };
  const annotations = labels.map((label) => ({
    text: escaped(label.text), xref: "x", yref: "y", x: x(label.left), y: y(label.top),
    showarrow: true, arrowhead: 0, arrowwidth: 1, arrowcolor: hex(label.thread), standoff: 5,
    ax: 16, ay: label.shift, xanchor: "left", yanchor: "middle", borderpad: 1,
    bgcolor: label.inside ? translucent(scene.theme.panel, 0.78) : "rgba(0,0,0,0)",
    font: { size: 12, color: hex(label.color) },
  }));
  return { data: [...data, ends], layout: { ...layout, annotations: [...layout.annotations, ...annotations] } };
}

/** A shape or annotation of the right chart, on the second pair of axes. */
function moved(item) {
  const second = (reference) => reference.replace(/^([xy])/, "$12");
  return { ...item, xref: second(item.xref), yref: second(item.yref) };
}

function caption({ recordings, view, position }, sentence) {
  const training = view.training === "running" ? "Keras' running mean over the epoch" : "true loss at the end of each epoch";
  const parts = [
    sentence,
    `Solid: training (${training}). Dotted: validation. By ${AXES[view.axis].title}${view.scale === "log" ? ", logarithmic" : ""}.`,
    view.noise ? explanation(recordings) : "",
    view.smoothing ? `Curves smoothed, EMA ${view.smoothing.toFixed(2)}.` : "",
    position === null ? "" : `Shown up to ${AXES[view.axis].write(position)} ${view.axis}.`,
    "Recorded from real Keras training with BatchViz.",
  ];
  return parts.filter(Boolean).join(" ");
}

function wrapped(text, width = 225) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1).length + word.length > width) lines.push("");
    lines[lines.length - 1] += `${lines.at(-1) ? " " : ""}${word}`;
  }
  return lines.map(escaped).join("<br>");
}

/** Plotly reads a little HTML in its texts. */
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
