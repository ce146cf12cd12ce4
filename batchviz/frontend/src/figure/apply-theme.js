// A figure in the page's clothes: its fonts, inks and grids, and as much of a frame as the space allows.

import { hex } from "../core/color.js";
import { panels } from "./read-figure.js";

/** The figure at this size, in pixels; `margin` leaves room for names at line ends. What y shows is the heading's. */
export function dressed({ data, layout }, { theme, width, height, margin, touch }) {
  const muted = hex(theme.muted);
  const shared = {
    zeroline: false, automargin: false, ticks: "", showline: false, tickfont: { color: muted, size: 11 }, exponentformat: "none",
    ticklabeloverflow: "allow", // spares a drawing the measuring of every label; the margins have room
  };
  const axes = {};
  for (const panel of panels(layout)) {
    const x = layout[`xaxis${panel}`];
    const y = layout[`yaxis${panel}`] ?? {};
    axes[`xaxis${panel}`] = {
      ...shared, showgrid: false, showline: true, linecolor: hex(theme.line), nticks: width < 420 ? 5 : 8, separatethousands: true, ...x,
      ...(x.title && { title: { standoff: 8, ...title(x.title), font: { size: 12, color: muted } } }),
    };
    axes[`yaxis${panel}`] = { ...shared, gridcolor: hex(theme.grid), gridwidth: 1, nticks: 6, ...y, title: { text: "" } };
  }
  return {
    data: data.map((trace) => ({
      ...trace,
      hoverinfo: "skip", // hover.js has a list of its own
      hovertemplate: undefined,
      ...(trace.marker && { marker: { line: { width: 0 }, ...trace.marker } }),
    })),
    layout: {
      ...layout,
      ...axes,
      width,
      height,
      margin: { ...margin, pad: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: theme.font, size: 12, color: muted },
      title: undefined,
      showlegend: false,
      hovermode: false,
      dragmode: touch ? false : "zoom",
      uirevision: layout.uirevision ?? "kept",
      annotations: (layout.annotations ?? []).map(inked(theme)),
    },
  };
}

const inked = (theme) => (annotation) => ({
  ...annotation, font: { color: hex(theme.ink), size: 12.5, ...annotation.font },
});

export function title(given) {
  return typeof given === "string" ? { text: given } : given ?? { text: "" };
}
