import assert from "node:assert/strict";
import { test } from "node:test";

import { library, RunList } from "./run-list.js";

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
