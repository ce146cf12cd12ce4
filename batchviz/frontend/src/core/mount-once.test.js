import assert from "node:assert/strict";
import { test } from "node:test";

import { mountOnce } from "./mount-once.js";

/** @typedef {import("./mount-once.js").Component} Component */

const BASE = new URL("http://localhost/");

/**
 * A component at a place, and what happens to the parts that are made for it.
 * @returns {{ component: Component, log: string[], mount: (component: Component, base: URL) => () => void }}
 */
function stage() {
  /** @type {string[]} */
  const log = [];
  const parentElement = /** @type {HTMLElement} */ ({});
  const component = { parentElement, data: {}, setTriggerValue() {} };
  const mount = mountOnce(() => {
    log.push("made");
    return { update: () => log.push("updated"), close: () => log.push("closed") };
  });
  return { component, log, mount };
}

test("a place has one part, however often Streamlit calls", () => {
  const { component, log, mount } = stage();
  mount(component, BASE);
  mount(component, BASE);
  assert.deepEqual(log, ["made", "updated", "updated"]);
});

test("the latest call closes the part, one that was overtaken does not", () => {
  const { component, log, mount } = stage();
  const first = mount(component, BASE);
  const second = mount(component, BASE);
  first();
  assert.ok(!log.includes("closed"));
  second();
  assert.equal(log.at(-1), "closed");
});

test("a place that was left starts anew", () => {
  const { component, log, mount } = stage();
  mount(component, BASE)();
  mount(component, BASE);
  assert.deepEqual(log, ["made", "updated", "closed", "made", "updated"]);
});

test("two places have a part each", () => {
  const { component, log, mount } = stage();
  mount(component, BASE);
  mount({ ...component, parentElement: /** @type {HTMLElement} */ ({}) }, BASE);
  assert.deepEqual(log, ["made", "updated", "made", "updated"]);
});
