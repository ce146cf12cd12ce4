import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { View } from "./view-state.js";

/** @type {Map<string, string>} */
const stored = new Map();
const storage = {
  getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ text) => stored.set(key, text),
};
Object.assign(globalThis, { sessionStorage: storage });

beforeEach(() => stored.clear());

/** What the owner of a view hears. */
function opened() {
  /** @type {object[]} */
  const heard = [];
  return { view: new View("live", (before) => heard.push(before)), heard };
}

test("a view is kept for the tab", () => {
  opened().view.set({ axis: "updates", smoothing: 0.6, hidden: ["one"] });
  const { view } = opened();
  assert.deepEqual([view.axis, view.smoothing, view.hidden, view.scale], ["updates", 0.6, ["one"], "linear"]);
});

test("the owner hears of every change, and how it was before", () => {
  const { view, heard } = opened();
  view.set({ scale: "log" });
  view.set({ axis: "seconds" });
  assert.deepEqual(heard, [
    { axis: "epochs", clock: "loop", scale: "linear" },
    { axis: "epochs", clock: "loop", scale: "log" },
  ]);
});

test("what another release stored is left out where it does not fit", () => {
  storage.setItem(
    "batchviz.view.live",
    JSON.stringify({ noise: "yes", hidden: {}, axis: "updates", future: 1 }),
  );
  const { view } = opened();
  assert.deepEqual([view.noise, view.hidden, view.axis, "future" in view], [false, [], "updates", false]);
});

test("where nothing may be stored, a view lasts as long as the page", () => {
  const { setItem } = storage;
  storage.setItem = () => {
    throw new Error("forbidden");
  };
  const { view } = opened();
  view.set({ noise: true });
  assert.equal(view.noise, true);
  storage.setItem = setItem;
});

test("what a link says counts once; from then on the learner's choices do", () => {
  const { view } = opened();
  view.set({ noise: true });
  view.open({ scale: "log" });
  assert.deepEqual([view.scale, view.noise], ["log", false], "a link says how everything is drawn");
  view.set({ scale: "linear" });
  view.open({ scale: "log" });
  assert.equal(view.scale, "linear");
});

test("hiding, showing and isolating runs", () => {
  const { view } = opened();
  const shown = () => ["one", "two", "three"].filter((id) => view.shows(id));
  view.toggle(["one"]);
  assert.deepEqual(shown(), ["two", "three"]);
  view.isolate(["three"]);
  assert.deepEqual(shown(), ["three"]);
  view.toggle(["one"]);
  assert.deepEqual(
    shown(),
    ["one", "two", "three"],
    "another run's button leaves the isolation and adds that run",
  );
  view.isolate(["two"]);
  view.isolate(["two"]);
  assert.deepEqual(shown(), ["one", "two", "three"]);
});

test("seeds of one setting are hidden, shown and isolated together", () => {
  const { view } = opened();
  const shown = () => ["a0", "a1", "b0", "b1"].filter((id) => view.shows(id));
  view.isolate(["a0", "a1"]);
  assert.deepEqual(
    [shown(), view.isolates(["a0", "a1"]), view.isolates(["b0"])],
    [["a0", "a1"], true, false],
  );
  view.isolate(["a0", "a1"]);
  view.set({ hidden: ["a0"] });
  view.toggle(["a0", "a1"]);
  assert.deepEqual(shown(), ["b0", "b1"], "where one of them was hidden, all are");
  view.toggle(["a0", "a1"]);
  assert.deepEqual(shown(), ["a0", "a1", "b0", "b1"]);
});

test("runs that are gone are forgotten", () => {
  const { view, heard } = opened();
  view.set({ hidden: ["one", "two"], alone: ["one"] });
  view.keepOnly(["two", "three"]);
  assert.deepEqual([view.hidden, view.alone], [["two"], []]);
  const changes = heard.length;
  view.keepOnly(["two", "three"]);
  assert.equal(heard.length, changes, "nothing to forget is no change");
});
