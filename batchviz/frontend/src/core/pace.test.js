import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { secondsOf } from "./pace.js";

const SHARED = new URL("../../../../tests/shared/pace.json", import.meta.url);
/** @type {{ cases: { name: string, stretches: import("./pace.js").Stretch[], seconds: (number | null)[][] }[] }} */
const { cases } = JSON.parse(readFileSync(SHARED, "utf8"));

for (const { name, stretches, seconds } of cases) {
  test(`updates of ${name} take as long as in Python`, () => {
    for (const [updates, expected] of seconds) {
      const found = secondsOf(stretches, updates ?? NaN);
      if (expected === null) assert.ok(Number.isNaN(found));
      else assert.ok(Math.abs(found - expected) < 1e-12, `${updates} updates: ${found}, not ${expected}`);
    }
  });
}
