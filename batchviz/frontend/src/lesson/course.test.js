import assert from "node:assert/strict";
import { test } from "node:test";

import { Course, findApi } from "./course.js";

/** A learning management system that remembers what it is told. */
class Api {
  /** @type {Record<string, string>} */
  told = {};
  /** @type {string[]} */
  calls = [];

  LMSInitialize() {
    this.calls.push("initialize");
    return "true";
  }
  /** @param {string} name */
  LMSGetValue(name) {
    return this.told[name] ?? "";
  }
  /**
   * @param {string} name
   * @param {string} value
   */
  LMSSetValue(name, value) {
    this.told[name] = value;
    return "true";
  }
  LMSCommit() {
    return "true";
  }
  LMSFinish() {
    this.calls.push("finish");
    return "true";
  }
}

/**
 * A window in a frame of another one.
 * @param {object} [more]
 */
function around(more = {}) {
  const window = /** @type {any} */ (Object.assign(new EventTarget(), { opener: null }, more));
  window.parent ??= window;
  return window;
}

test("the system's API is found some frames up, or nowhere", () => {
  const api = new Api();
  const top = around({ API: api });
  assert.equal(findApi(around({ parent: around({ parent: top }) })), api);
  assert.equal(findApi(around({ opener: top })), api);
  assert.equal(findApi(around()), null);
});

test("a system is told the answers, the score and completion, and has them back", () => {
  const api = new Api();
  const window = around({ API: api });
  const course = new Course("id", window);
  course.keep("predict", { a: 0, b: 1 });
  course.complete(2, 3);
  assert.equal(api.told["cmi.core.score.raw"], "67");
  assert.equal(api.told["cmi.core.lesson_status"], "completed");
  window.dispatchEvent(new Event("pagehide"));
  assert.deepEqual(api.calls, ["initialize", "finish"]);
  assert.deepEqual(new Course("id", around({ API: api })).answers, { predict: { a: 0, b: 1 } });
});

test("without a system, and in a browser that keeps nothing, a lesson is played all the same", () => {
  const course = new Course("id", around());
  course.keep("see", "a");
  course.complete(1, 1);
  assert.deepEqual(course.answers, { see: "a" });
});
