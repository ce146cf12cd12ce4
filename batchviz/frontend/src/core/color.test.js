import assert from "node:assert/strict";
import { test } from "node:test";

import { hex, luminance, mix, readable, translucent } from "./color.js";

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];

test("a colour is written as CSS reads it", () => {
  assert.equal(hex([0, 127.6, 255]), "#0080ff");
  assert.equal(translucent([0, 127.6, 255], 0.5), "rgba(0,128,255,0.5)");
});

test("a mixture goes from the first colour to the second", () => {
  assert.deepEqual(
    [0, 0.5, 1].map((share) => mix(BLACK, [200, 100, 50], share)),
    [BLACK, [100, 50, 25], [200, 100, 50]],
  );
});

test("luminance is WCAG's", () => {
  assert.equal(luminance(BLACK), 0);
  assert.ok(Math.abs(luminance(WHITE) - 1) < 1e-12);
  assert.ok(Math.abs(luminance([188, 188, 188]) - 0.5029) < 1e-4);
});

test("a colour that can be read is left alone, a pale one is darkened until it can", () => {
  assert.equal(hex(readable([0, 0, 200], WHITE, BLACK)), "#0000c8");
  const pale = readable([255, 240, 120], WHITE, BLACK);
  assert.ok(1.05 / (luminance(pale) + 0.05) >= 4.5);
  assert.ok(1.05 / (luminance(pale) + 0.05) < 6, "no darker than it must be");
});

test("where no mixture is enough, the ink itself is taken", () => {
  assert.deepEqual(readable([120, 120, 120], [128, 128, 128], [140, 140, 140]), [140, 140, 140]);
});
