import assert from "node:assert/strict";
import { test } from "node:test";

import { inWords, score } from "./score.js";

/** @typedef {import("./document.js").Question} Question */
/** @typedef {import("./document.js").Relation} Relation */

/**
 * @param {Partial<Question>} changes
 * @param {Relation[]} relations of a-b, a-c, b-c
 * @returns {Question}
 */
function question(changes = {}, relations = ["lower", "lower", "lower"]) {
  const [ab = "open", ac = "open", bc = "open"] = relations;
  return {
    key: "predict",
    kind: "order",
    lower_wins: true,
    right: "",
    within: 1.25,
    measured: true,
    values: { a: 1, b: 2, c: 3 },
    pairs: [
      ["a", "b", ab],
      ["a", "c", ac],
      ["b", "c", bc],
    ],
    ...changes,
  };
}

test("an order is right pair by pair", () => {
  assert.deepEqual(score(question(), { a: 0, b: 1, c: 2 }), { right: 3, resolved: 3, total: 3 });
  assert.deepEqual(score(question(), { a: 1, b: 0, c: 2 }), { right: 2, resolved: 3, total: 3 });
  assert.deepEqual(score(question({ lower_wins: false }), { a: 2, b: 1, c: 0 }), {
    right: 3,
    resolved: 3,
    total: 3,
  });
});

test("no strict order over a tie is rewarded, and a tie that is one is right", () => {
  const tied = question({}, ["same", "lower", "lower"]);
  assert.equal(score(tied, { a: 0, b: 1, c: 2 }).right, 2);
  assert.equal(score(tied, { a: 1, b: 0, c: 2 }).right, 2);
  assert.equal(score(tied, { a: 0, b: 0, c: 2 }).right, 3);
});

test("what is not settled does not count", () => {
  const open = question({}, ["open", "lower", "open"]);
  assert.deepEqual(score(open, { a: 0, b: 1, c: 2 }), { right: 1, resolved: 1, total: 3 });
  assert.equal(
    inWords(open, { a: 0, b: 1, c: 2 }, score(open, { a: 0, b: 1, c: 2 })),
    "1 of 1 resolved pair. 2 pairs are not settled and do not count.",
  );
});

test("a pick speaks of its own pairs, and one that is no run of ties", () => {
  const pick = question({ kind: "pick" }, ["lower", "same", "higher"]);
  assert.deepEqual(score(pick, "a"), { right: 1, resolved: 2, total: 2 });
  assert.deepEqual(score(pick, "alike"), { right: 1, resolved: 3, total: 3 });
});

test("a place is right within its factor", () => {
  const place = question({ kind: "place", values: { a: 13 }, pairs: [] });
  assert.equal(score(place, 12).right, 1);
  assert.equal(score(place, 10).right, 0);
  assert.deepEqual(score(question({ kind: "place", values: { a: null } }), 12), {
    right: 0,
    resolved: 0,
    total: 1,
  });
});

test("who cannot tell has claimed nothing", () => {
  for (const kind of /** @type {const} */ (["order", "pick", "place"])) {
    assert.equal(score(question({ kind }), null).right, 0);
  }
  assert.deepEqual(score(question({ measured: false, right: "a" }), null), {
    right: 0,
    resolved: 0,
    total: 1,
  });
  assert.equal(score(question({ measured: false, right: "a" }), "a").right, 1);
});
