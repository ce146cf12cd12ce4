import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Recording } from "./recording.js";

/**
 * @typedef {import("../core/payload.js").Feed} Feed
 * @typedef {import("../core/payload.js").RunMessage} RunMessage
 */

const RECORDED = new URL("../../../../tests/shared/feed.json", import.meta.url);

/**
 * One run of what Python tells.
 * @param {string} id
 * @returns {RunMessage}
 */
function message(id) {
  /** @type {Feed} */
  const feed = JSON.parse(readFileSync(RECORDED, "utf8"));
  const run = feed.runs.find((candidate) => candidate.id === id);
  assert.ok(run);
  return run;
}

/** @param {string} id */
function recording(id) {
  const run = new Recording(id);
  run.apply(message(id));
  return run;
}

test("a run without a message is loading, and asks for everything", () => {
  const run = new Recording("one");
  assert.deepEqual([run.status, run.final, run.request], ["loading", false, "one:0:0:0"]);
});

test("a run that trains has every row that Python sent", () => {
  const run = recording("running");
  assert.deepEqual([run.status, run.final], ["running", false]);
  assert.equal(run.request, "running:1:3:60:0f1e2d3c");
  assert.deepEqual([...run.epochs.updates.values], [0, 25, 50]);
  assert.deepEqual([...run.updates.loss.values].slice(0, 3), [0, 1, 2]);
  assert.ok(Number.isNaN(run.epochs.loss.values[0]), "no running mean before the first epoch");
});

test("epochs sit where their examples were seen, updates between the epochs around them", () => {
  const run = recording("running");
  assert.deepEqual([...run.epochX("epochs")], [0, 1, 2]);
  assert.equal(run.updateX("epochs")[24], 1);
  assert.equal(run.updatesAt("epochs", 1), 25);
  assert.deepEqual([run.end("updates"), run.plannedEnd("updates")], [60, 250]);
  assert.deepEqual([run.plannedEnd("epochs"), run.plannedEnd("examples")], [10, 8000]);
});

test("seconds are those of the clock, never what the run took", () => {
  const run = recording("running");
  assert.ok(run.epochX("seconds").every(Number.isNaN), "no clock is known");
  assert.deepEqual([run.end("seconds"), run.plannedEnd("seconds")], [0, 0]);
  assert.ok(Number.isNaN(run.updatesAt("seconds", 0)));
  const revision = run.revision;
  run.setPace([[0, 25, 0.002, 0.05]]);
  assert.equal(run.revision, revision + 1);
  assert.deepEqual([...run.epochX("seconds")], [0, 0.05, 0.1]);
  assert.equal(run.updateX("seconds")[0], 0.002);
  assert.ok(Math.abs(run.end("seconds") - 0.12) < 1e-9, "60 updates were made");
  assert.ok(Math.abs(run.plannedEnd("seconds") - 0.5) < 1e-9);
  assert.equal(run.updatesAt("seconds", 0.1), 50);
  assert.ok(run.epochs.seconds.last > 0, "what it took is kept");
});

test("a run that is over ends where its record does", () => {
  const run = recording("long");
  assert.equal(run.final, true);
  assert.equal(run.plannedEnd("epochs"), run.end("epochs"));
});

test("of a long run some epochs stand for all, and its updates come in buckets", () => {
  const run = recording("long");
  assert.deepEqual(run.thinned, { recorded: 61, stride: 32 });
  assert.equal(run.numbers.last, 60);
  assert.equal(run.stride, 512);
  assert.equal(run.updateX("updates").at(-1), 1500, "the last bucket has fewer");
  assert.ok(run.updates.loss_min.last < run.updates.loss_max.last);
});

test("a history that knows no times has its epochs by number", () => {
  const run = recording("history");
  assert.deepEqual([...run.epochX("epochs")].slice(0, 3), [0, 1, 2]);
  assert.ok(Number.isNaN(run.epochX("seconds")[0]));
});

test("what is new is added, and counts as a change", () => {
  const run = recording("running");
  const next = message("running");
  const { revision } = run;
  for (const column of ["loss", "metric", "train_loss", "train_metric", "val_loss", "val_metric"]) {
    Object.assign(next.epochs, { [column]: [0.5] });
  }
  Object.assign(next.epochs, { from: 3, updates: [75], examples: [2400], seconds: [0.075] });
  Object.assign(next.updates, { from: 60, loss: "", metric: "" });
  run.apply(next);
  assert.equal(run.request, "running:1:4:60:0f1e2d3c");
  assert.equal(run.revision, revision + 1);
  assert.deepEqual([...run.epochX("epochs")], [0, 1, 2, 3], "what was derived is computed anew");
});

test("the same message twice changes nothing", () => {
  const run = recording("queued");
  const { revision } = run;
  run.apply(message("queued"));
  assert.equal(run.revision, revision);
});

test("another attempt begins with empty columns", () => {
  const run = recording("running");
  const again = message("running");
  Object.assign(again, { attempt: 2 });
  Object.assign(again.epochs, message("queued").epochs);
  Object.assign(again.updates, message("queued").updates);
  run.apply(again);
  assert.equal(run.request, "running:2:0:0:0f1e2d3c");
});

test("after a gap everything is asked for again", () => {
  const run = recording("running");
  const late = message("running");
  late.epochs.from = 7;
  run.apply(late);
  assert.equal(run.request, "running:0:0:0:0f1e2d3c");
  run.apply(message("running"));
  assert.equal(run.request, "running:1:3:60:0f1e2d3c");
});

test("an id that is not known is missing until it is heard of", () => {
  const run = new Recording("queued");
  run.lose();
  run.lose();
  assert.deepEqual([run.status, run.final, run.revision], ["missing", true, 1]);
  run.apply(message("queued"));
  assert.equal(run.status, "queued");
});
