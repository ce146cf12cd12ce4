import assert from "node:assert/strict";
import { test } from "node:test";

import { Column, decodeFloat32, encodeFloat32, interpolate, nearest, upperBound } from "./columns.js";

test("float32 survives the journey with its gaps", () => {
  const values = new Float32Array([0.1, -3.5e-8, NaN, 1e30]);
  const text = btoa(String.fromCharCode(...new Uint8Array(values.buffer)));
  assert.deepEqual([...decodeFloat32(text)], [...values]);
  assert.equal(encodeFloat32(values), text);
  assert.equal(encodeFloat32(values.subarray(1)), encodeFloat32(values.slice(1)), "of a view its own part");
});

test("no text is no numbers", () => {
  assert.equal(decodeFloat32(undefined).length, 0);
});

test("a column replaces a resent tail", () => {
  const column = new Column();
  column.write(0, [1, 2, 3]);
  column.write(2, [9, null]);
  assert.deepEqual([...column.values], [1, 2, 9, NaN]);
  column.write(1, [7]);
  assert.deepEqual([...column.values], [1, 7], "rows after the resent ones are dropped");
});

test("a column grows beyond its first rows and keeps them", () => {
  const column = new Column();
  const values = Array.from({ length: 1000 }, (_, i) => i);
  for (const value of values) column.write(value, [value]);
  assert.deepEqual([...column.values], values);
  assert.equal(column.last, 999);
});

test("an empty column has no last value", () => {
  assert.equal(new Column().last, NaN);
});

test("the upper bound is after all equal values", () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((value) => upperBound([1, 1, 2], value)),
    [0, 2, 3, 3],
  );
});

test("nearest goes to the closer neighbour, and to the earlier one in the middle", () => {
  assert.deepEqual(
    [-5, 4, 5, 6, 99].map((value) => nearest([0, 10, 20], value)),
    [0, 0, 0, 1, 2],
  );
  assert.equal(nearest([], 1), -1);
});

test("interpolation is linear between knots and flat outside", () => {
  assert.deepEqual(
    [-1, 0, 5, 15, 99].map((x) => interpolate([0, 10, 20], [0, 1, 3], x)),
    [0, 0, 0.5, 2, 3],
  );
  assert.equal(interpolate([], [], 1), NaN);
});
