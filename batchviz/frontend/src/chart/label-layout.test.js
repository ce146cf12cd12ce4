import assert from "node:assert/strict";
import { test } from "node:test";

import { parse } from "../core/color.js";
import { columns, layOutEnds, shortened, spread } from "./label-layout.js";
import { planes, visibleEnd } from "./scales.js";

/** @typedef {import("./scene.js").Range} Range */

const THEME = /** @type {any} */ ({ panel: [255, 255, 255], ink: [0, 0, 0], muted: [90, 90, 90] });

/** @param {Range} x @param {Range} y @param {boolean} [log] */
const panel = (x, y, log = false) => ({
  heading: "",
  color: null,
  x: { title: "", log: false, range: x },
  y: { title: "", log, range: y },
});

test("colliding labels move apart as little as needed", () => {
  assert.deepEqual(spread([50, 50, 200], 10, 0, 300), [45, 55, 200]);
});

test("labels stay inside and in order", () => {
  const wishes = [91, -14, 20, 23, 119, 60, 61, 58, 5];
  const places = spread(wishes, 11, 0, 100);
  const ordered = wishes
    .map((_, i) => i)
    .sort((a, b) => wishes[a] - wishes[b])
    .map((i) => places[i]);
  assert.ok(Math.min(...places) >= -1e-9 && Math.max(...places) <= 100 + 1e-9);
  for (let i = 1; i < ordered.length; i += 1) assert.ok(ordered[i] - ordered[i - 1] >= 11 - 1e-9);
});

test("only labels whose x are near one another can collide", () => {
  assert.deepEqual(columns([0, 5, 100, 8], 10), [[0, 1, 3], [2]]);
});

test("a long name is cut", () => {
  assert.equal(shortened("B = 32", 20), "B = 32");
  assert.equal(shortened("a".repeat(30), 5), "aaaa…");
});

test("a label hangs at the last point, or where the line leaves the picture for good", () => {
  assert.deepEqual(visibleEnd({ x: [0, 1, 2], y: [3, 2, 1] }, panel([0, 2], [0, 4])), { x: 2, y: 1 });
  assert.deepEqual(
    visibleEnd({ x: [0, 1, 2], y: [1, 2, 6] }, panel([0, 2], [0, 4])),
    { x: 1.5, y: 4 },
    "through the top",
  );
  assert.deepEqual(
    visibleEnd({ x: [0, 2], y: [1, 3] }, panel([0, 1], [0, 4])),
    { x: 1, y: 2 },
    "through the right, zoomed",
  );
  assert.deepEqual(
    visibleEnd({ x: [0, 1], y: [1, 100] }, panel([0, 1], [0, 1], true)),
    { x: 0.5, y: 1 },
    "logarithms",
  );
});

test("lines of one label share it at their mean, each with a dot; a floor stands among the labels", () => {
  const scene = {
    panels: [panel([0, 10], [0, 10])],
    references: [
      {
        panel: 0,
        axis: /** @type {const} */ ("y"),
        value: 5,
        text: "floor 5",
        label: /** @type {const} */ ("end"),
      },
    ],
    ends: [
      {
        panel: 0,
        text: "B = 8",
        color: "#ff0000",
        ids: ["a", "b"],
        lines: [
          { x: [0, 10], y: [9, 4], hollow: false, named: true },
          { x: [0, 10], y: [9, 6], hollow: true, named: true },
          { x: [], y: [], hollow: true, named: true },
          { x: [0, 20], y: [9, 6], hollow: true, named: false },
        ],
      },
    ],
  };
  const box = { left: 100, top: 10, wide: 200, high: 100, first: true, last: true, lowest: true };
  const arranged = planes(/** @type {any} */ (scene), {
    width: 400,
    height: 200,
    margin: { left: 0, top: 0, right: 0, bottom: 0 },
    boxes: [box],
  });
  const { dots, labels } = layOutEnds(scene, arranged, THEME);
  assert.deepEqual(
    dots.map(({ left, top, hollow }) => [left, top, hollow]),
    [
      [300, 70, false],
      [300, 50, true],
    ],
  );
  assert.deepEqual(dots[0].color, parse("#ff0000"));
  assert.deepEqual(
    labels.map(({ text, left, top, inside }) => [text, left, top, inside]),
    [
      ["B = 8", 300, 60, false],
      ["floor 5", 300, 60, false],
    ],
  );
  assert.deepEqual(
    labels.map(({ shift }) => shift),
    [-7.5, 7.5],
  );
});
