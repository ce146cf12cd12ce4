import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Starts } from "./starts.js";

/** @type {string[]} */
let asked = [];
/** @type {{ ok: boolean, json?: () => Promise<object> }} */
let answer = { ok: true, json: async () => ({ number: 1, runs: ["one"] }) };
/** @type {string[][]} */
let started = [];
/** @type {unknown} */
let points;
let presses = 0;
/** @type {Starts} */
let starts;

beforeEach(() => {
  const fetch = async (/** @type {URL} */ address) => {
    asked.push(address.href);
    return answer;
  };
  Object.assign(globalThis, { document: new EventTarget(), fetch });
  [asked, started] = [[], []];
  answer = { ok: true, json: async () => ({ number: 1, runs: ["one"], points: { runs: [] } }) };
  presses = 0;
  starts = new Starts(
    new URL("http://classroom/lab/"),
    (runs, told) => {
      started.push(runs);
      points = told;
    },
    () => (presses += 1),
    () => ({ color: "seed" }),
  );
});

afterEach(() => starts.close());

test("a press is followed by the question what it started", async () => {
  starts.know({ page: "p", number: 0 });
  const asking = starts.ask();
  assert.equal(presses, 1, "told before anything is known");
  await asking;
  assert.deepEqual(asked, ["http://classroom/lab/api/starts?page=p&after=0&color=seed"]);
  assert.deepEqual([started, points], [[["one"]], { runs: [] }]);
});

test("the next press asks for what comes after the last, whichever way that was heard of", async () => {
  starts.know({ page: "p", number: 4 });
  starts.know({ page: "p", number: 3 }); // a run of the script that was overtaken
  await starts.ask();
  assert.match(asked[0], /after=4&/);
  assert.deepEqual(started, [], "an older press, which the page shows already");
});

test("a server that knows of no start leaves it to Streamlit's own message", async () => {
  starts.know({ page: "p", number: 0 });
  answer = { ok: false };
  await starts.ask();
  assert.deepEqual(started, []);
});

test("a page that no script has named asks nothing", async () => {
  await starts.ask();
  assert.deepEqual([asked, presses], [[], 0]);
});
