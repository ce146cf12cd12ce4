import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { isIdle, whenConnected, whenIdle } from "./app-state.js";

/** @param {Record<string, string> | null} dataset what Streamlit's page tells, null for no such page */
function page(dataset) {
  Object.assign(globalThis, { document: { querySelector: () => dataset && { dataset } } });
}

/** @param {number} seconds a quarter at a time: a timer that is set in between counts from there */
function pass(seconds) {
  for (let quarter = 0; quarter < 4 * seconds; quarter++) mock.timers.tick(250);
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("what nobody pressed waits until the script rests", () => {
  const dataset = { testScriptState: "rerunRequested" };
  page(dataset);
  let acted = 0;
  whenIdle(() => acted++);
  pass(1);
  assert.equal(acted, 0);
  dataset.testScriptState = "running";
  pass(1);
  assert.equal(acted, 0);
  dataset.testScriptState = "notRunning";
  pass(1);
  assert.equal(acted, 1);
  pass(100);
  assert.equal(acted, 1);
});

test("a script that never rests is not waited for in vain", () => {
  page({ testScriptState: "running" });
  let acted = 0;
  whenIdle(() => acted++);
  pass(70);
  assert.equal(acted, 1);
});

test("a page that has lost its server is waited for, but not where there is none", () => {
  const dataset = { testConnectionState: "DISCONNECTED" };
  page(dataset);
  let acted = 0;
  whenConnected(() => acted++);
  pass(2);
  assert.equal(acted, 0);
  dataset.testConnectionState = "CONNECTED";
  pass(1);
  assert.equal(acted, 1);
  page(null);
  whenConnected(() => acted++);
  whenIdle(() => acted++);
  assert.equal(acted, 3);
  assert.ok(!isIdle());
});
