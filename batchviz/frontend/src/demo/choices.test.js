import assert from "node:assert/strict";
import { test } from "node:test";

import { Choices } from "./choices.js";

/** @typedef {import("./document.js").Choice} Choice */

/**
 * @param {Partial<Choice>} told
 * @returns {Choice}
 */
function choice(told) {
  const verdict = (/** @type {string} */ unit) =>
    /** @type {const} */ ({ unit, name: unit, axis: "epochs", at: null, headline: unit, evidence: "" });
  const { examples = null, rate = null } = told;
  return {
    setup: 0,
    over: "nothing",
    examples,
    rate,
    batch_size: String(examples ?? ""),
    learning_rate: String(rate ?? ""),
    runs: [`${examples} ${rate}`],
    looks: {},
    note: "",
    findings: [verdict("end"), ...(told.over === "batch_size" ? [verdict("updates")] : [])],
    ...told,
  };
}

// Of the grid 1, 8 x .1, 1 the point (8, 1) was not recorded; the second set-up has a single setting.
const all = [
  choice({ over: "batch_size", rate: 0.1 }),
  choice({ over: "learning_rate", examples: 1 }),
  choice({ examples: 1, rate: 0.1 }),
  choice({ examples: 1, rate: 1 }),
  choice({ examples: 8, rate: 0.1 }),
  choice({ setup: 1, examples: 32, rate: 0.1 }),
];

test("what was not recorded is not offered", () => {
  const choices = new Choices(all, 0);
  assert.deepEqual(choices.overs, ["batch_size", "learning_rate", "nothing"]);
  assert.deepEqual(
    choices.stops("rate").map(({ rate }) => rate),
    [0.1],
  );
  assert.deepEqual(choices.stops("examples"), []);
  choices.choose({ over: "nothing" });
  choices.choose({ examples: 8 });
  assert.deepEqual(
    choices.stops("rate").map(({ rate }) => rate),
    [0.1],
  );
  assert.deepEqual(
    choices.stops("examples").map(({ examples }) => examples),
    [1, 8],
  );
});

test("what comes nearest is chosen, what changed before what did not", () => {
  const choices = new Choices(all, 0);
  choices.choose({ over: "nothing", examples: 8 });
  assert.deepEqual(choices.chosen.runs, ["8 0.1"]);
  choices.choose({ rate: 1 });
  assert.deepEqual(choices.chosen.runs, ["1 1"]);
});

test("another set-up has its own", () => {
  const choices = new Choices(all, 0);
  choices.choose({ setup: 1 });
  assert.deepEqual(choices.overs, ["nothing"]);
  assert.deepEqual(choices.chosen.runs, ["32 0.1"]);
  choices.choose({ setup: 0 });
  assert.equal(choices.chosen.over, "batch_size", "the race that was looked at before");
});

test("a verdict is told where it was given, otherwise at the ends", () => {
  const choices = new Choices(all, 0);
  choices.choose({ unit: "updates" });
  assert.equal(choices.verdict.headline, "updates");
  choices.choose({ over: "nothing" });
  assert.equal(choices.verdict.headline, "end");
  choices.choose({ over: "batch_size" });
  assert.equal(choices.verdict.headline, "updates");
});
