import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { duration, number, quantity, signed } from "./format.js";

/** @typedef {number | string | null} Written a value as JSON can hold it: NaN and infinities by their names */

const SHARED = new URL("../../../../tests/shared/numbers.json", import.meta.url);
/** @type {Record<string, [Written, string][]>} */
const CASES = JSON.parse(readFileSync(SHARED, "utf8"));

for (const [section, print] of Object.entries({ number, signed, quantity, duration })) {
  test(`every shared case of ${section} is printed as in Python`, () => {
    assert.ok(CASES[section].length);
    for (const [written, text] of CASES[section]) {
      // What was not measured is null in the feed, and nothing at all where a field is missing.
      for (const value of written === null ? [null, undefined] : [Number(written)]) {
        assert.equal(print(/** @type {number} */ (value)), text, `${section} of ${written}`);
      }
    }
  });
}
