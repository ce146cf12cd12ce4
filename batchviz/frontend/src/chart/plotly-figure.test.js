import assert from "node:assert/strict";
import { test } from "node:test";

import { wrapped } from "./export-image.js";
import { arrange } from "./panels.js";
import { escaped, plotlyFigure } from "./plotly-figure.js";
import { floorReference } from "./scene.js";

const THEME = /** @type {any} */ ({
  muted: [90, 90, 90],
  ink: [0, 0, 0],
  line: [9, 9, 9],
  grid: [9, 9, 9],
  font: "Inter",
});

/** @param {Partial<import("./scene.js").Scene>} more @param {boolean} [log] */
function drawn(more, log = false) {
  const axis = { title: "epochs", log: false, range: /** @type {[number, number]} */ ([0, 20000]) };
  /** @type {import("./scene.js").Scene} */
  const scene = {
    panels: [1, 2].map((i) => ({
      heading: `<b>${i}`,
      color: null,
      x: axis,
      y: { title: "", log, range: [-1, 1] },
    })),
    linked: true,
    traces: [],
    references: [],
    curves: [],
    ends: [],
    units: { word: "", x: String },
    characters: 0,
    ...more,
  };
  return plotlyFigure(scene, arrange(scene, { width: 900, height: 400 }), THEME);
}

test("what users wrote is no markup", () => {
  assert.equal(escaped("<img src=x>&amp;"), "&lt;img src=x>&amp;amp;");
  assert.deepEqual(
    drawn({}).layout.annotations.map((/** @type {any} */ { text }) => text),
    ["&lt;b>1", "&lt;b>2"],
  );
});

test("panels that share their axes move together", () => {
  const { layout } = /** @type {any} */ (drawn({}));
  assert.deepEqual(
    [layout.xaxis.matches, layout.xaxis2.matches, layout.yaxis2.matches],
    [undefined, "x", "y"],
  );
  assert.deepEqual([layout.yaxis.showticklabels, layout.yaxis2.showticklabels], [true, false]);
  assert.ok(layout.xaxis.domain[1] < layout.xaxis2.domain[0]);
  assert.equal(/** @type {any} */ (drawn({ linked: false }).layout).xaxis2.matches, undefined);
});

test("thousands are short where there is little room", () => {
  assert.equal(/** @type {any} */ (drawn({}).layout).xaxis.tickformat, "~s");
});

test("the ranges are copies: Plotly writes what the visitor zooms into into its list", () => {
  const range = /** @type {[number, number]} */ ([0, 10]);
  const axis = { title: "", log: false, range };
  const { layout } = drawn({ panels: [{ heading: "", color: null, x: axis, y: axis }] });
  layout.xaxis.range[0] = 5;
  assert.deepEqual(
    [range, layout.yaxis.range],
    [
      [0, 10],
      [0, 10],
    ],
  );
});

test("a floor of 0 has no place on a logarithmic axis", () => {
  const references = [0, 0.1].map((value) => floorReference(0, value, "plane"));
  assert.equal(drawn({ references }).layout.shapes.length, 2);
  const { shapes, annotations } = drawn({ references }, true).layout;
  assert.deepEqual([shapes.length, annotations.at(-1)?.y], [1, -1]);
});

test("a trace is a line, marks, or both; an area is filled", () => {
  const common = { panel: 1, name: "a", x: [0], y: [1], color: "#102030" };
  const { data } = drawn({
    traces: [
      { ...common, width: 2, dash: "dot" },
      { ...common, width: 0, marks: { size: 11, hollow: true } },
      { ...common, width: 0, opacity: 0, fill: "self", fillOpacity: 0.5 },
    ],
  });
  const [line, marks, area] = /** @type {any[]} */ (data);
  assert.deepEqual([line.mode, line.line.dash, line.xaxis, line.yaxis], ["lines", "dot", "x2", "y2"]);
  assert.deepEqual([marks.mode, marks.marker.symbol], ["markers", "circle-open"]);
  assert.deepEqual(
    [area.fill, area.fillcolor, area.line.color],
    ["toself", "rgba(16,32,48,0.5)", "rgba(16,32,48,0)"],
  );
});

test("a caption is wrapped between words, and ends", () => {
  assert.deepEqual(wrapped("one two  three", 9), ["one two", "three"]);
  const many = wrapped("word ".repeat(100), 10);
  assert.deepEqual([many.length, many.at(-1)], [6, "…"]);
});
