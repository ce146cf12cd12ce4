import assert from "node:assert/strict";
import { test } from "node:test";

import { luminance, parse } from "../core/color.js";
import { tonesOf } from "./theme.js";

/** @param {number[]} first @param {number[]} second */
function contrast(first, second) {
  const [dark, light] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

for (const [name, page, ink, accent] of [
  ["light", "#f7f7f5", "#12151b", "#4353c4"],
  ["dark", "#14161b", "#e8eaee", "#8f9cf5"],
]) {
  test(`small words can be read on the ${name} page`, () => {
    const tones = tonesOf(parse(page), parse(ink), parse(accent));
    for (const text of [tones.ink, tones.muted, tones["accent-text"]])
      assert.ok(contrast(text, tones.panel) >= 4.5);
    assert.ok(contrast(tones.good, tones["good-ground"]) >= 4.5);
    assert.ok(contrast(tones.bad, tones["bad-ground"]) >= 4.5);
  });
}
