import assert from "node:assert/strict";
import { test } from "node:test";

import { arrowsAt, arrowsSentence, between, classAt, levels, place, sentence, unpacked } from "./frames.js";

/** @param {object} [changes] */
const inspection = (changes = {}) => ({
  updates: [0, 1, 20],
  epochs: [0, 0.05, 1],
  loss: [0.5, 0.4, 0.0123],
  lossName: "MSE",
  color: { light: "#000000", dark: "#ffffff" },
  trainingRows: 160,
  parameters: 2,
  boundary: null,
  surface: null,
  arrows: {
    frames: [0, 2],
    tips: [[[1, 0]], [[0.5, 0.1]]],
    length: [1, 0.02],
    distance: [0.3, 0.1],
    inPlane: [0.9, 0.456],
    examples: [8, 1],
    batches: [20, 160],
  },
  ...changes,
});

test("a moment says how far the run had come, and what its weights were where there are two", () => {
  assert.equal(sentence(inspection(), 0), "Before the first update: training MSE 0.5.");
  assert.equal(sentence(inspection(), 2), "After update 20, epoch 1: training MSE 0.0123.");
  const surface = { path: [[1, -0.25]], low: [0, 0], high: [1, 1], side: 2, loss: [1, 1, 1, 1] };
  assert.match(
    sentence(inspection({ surface, lossName: "Cross-entropy" }), 0),
    /cross-entropy 0\.5\. Weight 1, bias −0\.25\.$/,
  );
  assert.equal(place(inspection(), 1), "Update 1 of 20");
});

test("the arrows of a frame are the last that were taken until then", () => {
  const { arrows } = inspection();
  assert.deepEqual(
    [0, 1, 2].map((frame) => arrowsAt(arrows, frame)),
    [0, 0, 1],
  );
  assert.match(
    arrowsSentence(inspection(), 0),
    /before the first update.* 1 long, those of batches of 8 lie 0\.3 /,
  );
  assert.match(arrowsSentence(inspection(), 1), /after update 20.*single rows.*46 % of its square/);
  assert.match(arrowsSentence(inspection({ trainingRows: 8 }), 0), /no scatter/);
});

test("classes are unpacked row by row", () => {
  const classes = unpacked([0, 3, 1, 1], 2);
  assert.deepEqual([...classes], [0, 0, 0, 1]);
  const named = [0, 0.6, 0.9, 1].map((at) => classAt(classes, 2, at, at));
  assert.deepEqual(named, [0, 0, 1, 1]);
});

test("lines are drawn at losses that are evenly spaced in log, whatever is not a number", () => {
  const found = levels([1, 10, Number.NaN, 1000], 2);
  assert.deepEqual(
    found.map((level) => Math.round(level)),
    [10, 100],
  );
  assert.deepEqual(levels([Number.NaN], 3), []);
});

test("between the places of a grid is what lies between their values", () => {
  const grid = [0, 1, 2, 3];
  assert.deepEqual([between(grid, 2, 0, 0), between(grid, 2, 1, 1), between(grid, 2, 0.5, 0.5)], [0, 3, 1.5]);
});
