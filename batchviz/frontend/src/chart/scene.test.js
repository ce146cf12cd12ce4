import assert from "node:assert/strict";
import { test } from "node:test";

import { budgetReference, floorReference, sideBySide, updateStyle, zoomed } from "./scene.js";

/** @returns {import("./scene.js").Scene} */
const scene = () => ({
  panels: [
    {
      heading: "",
      color: null,
      x: { title: "", log: false, range: [0, 1] },
      y: { title: "", log: false, range: [0, 2] },
    },
  ],
  linked: true,
  traces: [{ panel: 0, name: "a", x: [0], y: [0], color: "#000000", width: 1 }],
  references: [floorReference(0, 1 / 12, "end")],
  curves: [],
  ends: [],
  units: { word: "", x: String },
  characters: 8,
});

test("a floor is named by its number and never by a fraction that it only is near to, a budget by its word", () => {
  assert.equal(floorReference(0, 3.3124, "plane").text, "floor 3.31");
  assert.equal(floorReference(0, 1 / 12, "plane").text, "floor 0.0833");
  assert.deepEqual(budgetReference(1, 4, "none"), {
    panel: 1,
    axis: "x",
    value: 4,
    text: "equal budget",
    label: "none",
  });
});

test("updates of many runs are paler", () => {
  assert.equal(updateStyle("#000000", 3).opacity, 0.36);
  assert.equal(updateStyle("#000000", 4).opacity, 0.2);
});

test("a zoom holds in every panel and leaves the other axis as it is", () => {
  const [panel] = zoomed(scene(), { x: [0.2, 0.4] }).panels;
  assert.deepEqual(
    [panel.x.range, panel.y.range],
    [
      [0.2, 0.4],
      [0, 2],
    ],
  );
});

test("scenes side by side keep their panels apart", () => {
  const both = sideBySide([scene(), { ...scene(), characters: 12 }]);
  assert.deepEqual([both.panels.length, both.linked, both.characters], [2, false, 12]);
  assert.deepEqual(
    both.traces.map(({ panel }) => panel),
    [0, 1],
  );
  assert.deepEqual(
    both.references.map(({ panel }) => panel),
    [0, 1],
  );
});
