import assert from "node:assert/strict";
import { test } from "node:test";

import { library, RunList } from "./run-list.js";

/** @typedef {import("./recording.js").Recording} Recording */

/** @param {string} id @param {string} status */
function becomes(id, status) {
  library.get(id)?.apply(
    /** @type {any} */ ({
      attempt: 1,
      status,
      epochs: { from: 0, updates: [] },
      updates: { from: 0, loss: "" },
    }),
  );
}

test("a run that was removed here stays away until Python says so too", () => {
  const runs = new RunList();
  runs.follow(runs.received(["a", "b"], []));
  assert.deepEqual(runs.remove(["a"]), ["b"]);
  assert.deepEqual(runs.received(["a", "b"], []), ["b"]);
  assert.deepEqual(runs.received(["b"], []), ["b"]);
  assert.deepEqual(runs.received(["a", "b"], []), ["a", "b"], "it was brought back");
});

test("a change of the list and a new run are told", () => {
  const runs = new RunList();
  assert.deepEqual(runs.follow(["a", "b"]), { changed: true, fresh: true });
  assert.deepEqual(runs.follow(["a", "b"]), { changed: false, fresh: false });
  assert.deepEqual(runs.follow(["b"]), { changed: true, fresh: false });
});

test("the end of a run is told once", () => {
  const runs = new RunList();
  runs.follow(["c"]);
  becomes("c", "running");
  assert.deepEqual(runs.settle(), []);
  becomes("c", "done");
  assert.deepEqual(
    runs.settle().map(({ id }) => id),
    ["c"],
  );
  assert.deepEqual(runs.settle(), []);
});

test("a stop is pending until the run is over or the stop is refused, each refusal counted once", () => {
  const runs = new RunList();
  runs.follow(["d", "e"]);
  runs.stopping.add("d").add("e");
  becomes("d", "stopped");
  runs.settle();
  assert.deepEqual([...runs.stopping], ["e"]);
  runs.received(["d", "e"], ["e"]);
  assert.deepEqual([...runs.stopping], []);
  runs.stopping.add("e");
  runs.received(["d", "e"], ["e"]);
  assert.deepEqual([...runs.stopping], ["e"], "asked again after the refusal");
});

/**
 * A race of two batch sizes, of which the second has two seeds.
 * @param {Record<string, string>} statuses
 */
function raced(statuses) {
  const groups = { one: ["1", 0], two: ["2", 0], three: ["2", 1] };
  for (const [id, status] of Object.entries(statuses)) {
    const [group, seed] = groups[/** @type {keyof typeof groups} */ (id)];
    const run = /** @type {Recording} */ (library.get(id));
    run.about = /** @type {any} */ ({ status, group, seed });
  }
}

test("a race is over once the first seed of each of its settings is, and is told once", () => {
  const runs = new RunList();
  runs.follow([]);
  runs.follow(["one", "two", "three"]);
  assert.equal(runs.raceOver(), false, "nothing is known of them yet");
  raced({ one: "done", two: "running", three: "queued" });
  assert.equal(runs.raceOver(), false);
  raced({ two: "done" });
  assert.equal(runs.raceOver(), true);
  raced({ three: "done" });
  assert.equal(runs.raceOver(), false);
});

test("neither what a link opened nor one run alone is a race", () => {
  const runs = new RunList();
  runs.follow(["one", "two"]);
  raced({ one: "done", two: "done" });
  assert.equal(runs.raceOver(), false);
  runs.follow(["one", "two", "three"]);
  raced({ three: "done" });
  assert.equal(runs.raceOver(), false);
});
