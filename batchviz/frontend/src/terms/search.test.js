import assert from "node:assert/strict";
import { test } from "node:test";

import { matching } from "./search.js";

const CARDS = [
  { name: "Full batch", what: "A batch of all rows.", expect: "No noise." },
  { name: "Batch", what: "Some rows.", expect: "Dealt anew." },
  { name: "Floor", what: "What the law scores.", expect: "Below it is luck, of any batch." },
  { name: "Seed", what: "Where chance begins.", expect: "Same weights." },
];

/** @param {string} asked */
const names = (asked) => matching(CARDS, asked).map(({ name }) => name);

test("nothing asked is every word, in its order", () => {
  assert.deepEqual(names("  "), ["Full batch", "Batch", "Floor", "Seed"]);
});

test("a name that begins with it comes before one that has it, and that before a sentence", () => {
  assert.deepEqual(names("BATCH"), ["Batch", "Full batch", "Floor"]);
});

test("every word of the question has to be there", () => {
  assert.deepEqual(names("batch noise"), ["Full batch"]);
  assert.deepEqual(names("nothing like it"), []);
});
