import assert from "node:assert/strict";
import { test } from "node:test";

import { linkAt } from "./point-links.js";

const plane = (/** @type {number} */ shift) =>
  /** @type {any} */ ({
    across: (/** @type {number} */ x) => 10 * x + shift,
    down: (/** @type {number} */ y) => 10 * y,
  });
const curve = (/** @type {number} */ panel, /** @type {string[] | undefined} */ links) => ({
  name: "c",
  color: "#000",
  panel,
  links,
  series: [{ heading: "", x: [1, 2, 30], y: [1, 1, 1], dot: /** @type {"full"} */ ("full") }],
});
/** @param {any[]} curves */
const drawn = (...curves) => ({ scene: /** @type {any} */ ({ curves }), planes: [plane(0), plane(500)] });

test("the nearest point that is near enough leads to what is behind it, in its own panel", () => {
  const shown = drawn(curve(0, ["a", "b", "c"]), curve(1, ["d", "e", "f"]));
  assert.equal(linkAt(shown, 12, 11), "a");
  assert.equal(linkAt(shown, 18, 11), "b");
  assert.equal(linkAt(shown, 521, 9), "e");
});

test("away from all points, and where nothing is behind one, nothing is followed", () => {
  assert.equal(linkAt(drawn(curve(0, ["a", "b", "c"])), 100, 10), null);
  assert.equal(linkAt(drawn(curve(0, ["", "b", "c"])), 8, 10), "b");
  assert.equal(linkAt(drawn(curve(0, undefined)), 10, 10), null);
});
