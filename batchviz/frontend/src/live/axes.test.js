import assert from "node:assert/strict";
import { test } from "node:test";

import { commonAxis } from "./axes.js";

test("runs of equal updates are played over updates, all others over what was chosen", () => {
  const planned = (/** @type {number} */ epochs, /** @type {number} */ updates) =>
    /** @type {any} */ ({
      plannedEnd: (/** @type {string} */ axis) => (axis === "epochs" ? epochs : updates),
    });
  assert.equal(commonAxis([planned(0.1, 200), planned(200, 200)], "epochs"), "updates");
  assert.equal(commonAxis([planned(10, 8000), planned(10, 10)], "epochs"), "epochs");
  assert.equal(commonAxis([planned(10, 8000), planned(10, 10)], "updates"), "updates");
  assert.equal(commonAxis([planned(3, 8000), planned(10, 10)], "epochs"), "epochs");
});
