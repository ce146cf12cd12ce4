import assert from "node:assert/strict";
import { test } from "node:test";

import { act } from "./keys.js";

/** @param {string} key @param {boolean} [shiftKey] */
function pressed(key, shiftKey = false) {
  /** @type {string[]} */
  const done = [];
  const says =
    (/** @type {string} */ name) =>
    (/** @type {unknown[]} */ ...told) =>
      void done.push([name, ...told].join(" "));
  const acts = {
    toggle: says("toggle"),
    step: says("step"),
    begin: says("begin"),
    end: says("end"),
    axis: says("axis"),
    full: says("full"),
  };
  act({ key, shiftKey }, acts)?.();
  return done.join();
}

test("keys play, step, go to the ends, change the axis and fill the screen", () => {
  assert.equal(pressed(" "), "toggle");
  assert.equal(pressed("ArrowRight"), "step update 1");
  assert.equal(pressed("ArrowLeft", true), "step epoch -1");
  assert.equal(pressed("PageDown"), "step epoch 1");
  assert.equal(pressed("Home"), "begin");
  assert.equal(pressed("End"), "end");
  assert.equal(pressed("x"), "axis");
  assert.equal(pressed("F"), "full");
});

test("every other key is somebody else's", () => {
  for (const key of ["a", "Tab", "Enter", "Escape", "toString"]) assert.equal(pressed(key), "");
});
