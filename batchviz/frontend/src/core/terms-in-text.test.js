import assert from "node:assert/strict";
import { test } from "node:test";

import { pieces } from "./terms-in-text.js";

test("a sentence is cut at the terms in it, each where it stands first, and loses nothing", () => {
  const sentence =
    "Validation loss: 8 and 9 are not distinguishable; not distinguishable is no MAE, subatching no batch.";
  const cut = pieces(sentence);
  assert.equal(cut.map(({ text }) => text).join(""), sentence);
  assert.deepEqual(
    cut.filter(({ key }) => key).map(({ text, key }) => [text, key]),
    [
      ["Validation loss", "validation_loss"],
      ["not distinguishable", "not_distinguishable"],
      ["MAE", "mae"],
      ["batch", "batch"],
    ],
  );
});

test("a sentence without a term is one piece", () => {
  assert.deepEqual(pieces("Nothing here."), [{ text: "Nothing here.", key: "" }]);
  assert.deepEqual(pieces(""), []);
});
