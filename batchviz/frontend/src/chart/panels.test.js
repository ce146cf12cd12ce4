import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange, grid, heightFor } from "./panels.js";
import { planes } from "./scales.js";

/** @param {number} count @param {object} [more] */
const scene = (count, more) =>
  /** @type {any} */ ({
    panels: Array.from({ length: count }, () => ({
      heading: count > 1 ? "B" : "",
      color: null,
      x: { title: "epochs", log: false, range: [0, 10] },
      y: { title: "", log: true, range: [-1, 1] },
    })),
    linked: true,
    characters: 0,
    ...more,
  });

test("as many columns as there is room for, evenly filled", () => {
  assert.deepEqual(grid(1, 1000), { columns: 1, rows: 1 });
  assert.deepEqual(grid(5, 1000), { columns: 3, rows: 2 });
  assert.deepEqual(grid(8, 1000), { columns: 4, rows: 2 });
  assert.deepEqual(grid(3, 200), { columns: 1, rows: 3 });
});

test("linked panels have their numbers at the outer planes alone, others at all", () => {
  const { boxes } = arrange(scene(5), { width: 1000, height: 500 });
  assert.deepEqual(
    boxes.map(({ first }) => first),
    [true, false, false, true, false],
  );
  assert.deepEqual(
    boxes.map(({ lowest }) => lowest),
    [false, false, true, true, true],
  );
  assert.ok(
    arrange(scene(2, { linked: false }), { width: 1000, height: 500 }).boxes.every(
      ({ first, lowest }) => first && lowest,
    ),
  );
});

test("panels with axes of their own leave each other the room of a margin", () => {
  const one = arrange(scene(1, { characters: 10 }), { width: 680, height: 400 });
  const two = arrange(scene(2, { characters: 10, linked: false }), { width: 1360, height: 400 });
  assert.equal(two.boxes[0].wide, one.boxes[0].wide);
  assert.equal(two.boxes[1].left, 680 + one.boxes[0].left);
});

test("room for labels grows with the longest name and ends at a share of the width", () => {
  const right = (/** @type {number} */ characters, width = 1000) =>
    arrange(scene(1, { characters }), { width, height: 300 }).margin.right;
  assert.ok(right(0) < right(8) && right(8) < right(16));
  assert.equal(right(100, 400), 152);
});

test("several panels are as high as their rows", () => {
  assert.equal(heightFor(scene(1), 400), 330);
  assert.equal(heightFor(scene(1), 1000), 430);
  assert.ok(heightFor(scene(8), 1000) > heightFor(scene(4), 1000));
});

test("a pixel leads to the value on a logarithmic x-axis", () => {
  const logarithmic = scene(1);
  logarithmic.panels[0].x = { title: "", log: true, range: [0, 2] };
  const [plane] = planes(logarithmic, arrange(logarithmic, { width: 500, height: 300 }));
  assert.equal(plane.xAt(plane.left + plane.wide / 2), 10);
  assert.equal(plane.across(10), plane.left + plane.wide / 2);
});

test("a value and its pixel lead to each other, on a logarithmic axis too", () => {
  const arranged = arrange(scene(1), { width: 500, height: 300 });
  const [plane] = planes(scene(1), arranged);
  assert.ok(Math.abs(plane.xAt(plane.across(7)) - 7) < 1e-9);
  assert.equal(plane.down(1), plane.top + plane.high / 2);
  assert.equal(plane.down(10), plane.top);
  assert.ok(plane.holds(plane.left, plane.top) && !plane.holds(plane.left - 2, plane.top));
});
