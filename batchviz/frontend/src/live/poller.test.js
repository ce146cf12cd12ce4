import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Poller } from "./poller.js";
import { Recording } from "./recording.js";

/**
 * @typedef {import("../core/payload.js").RunMessage} RunMessage
 * @typedef {{ address: URL, at: number }} Request
 */

const BASE = new URL("http://classroom/lab/");
const page = Object.assign(new EventTarget(), { hidden: false });
/** @type {Request[]} */
let requests = [];
/** @type {Record<string, object>} what the server knows, by run */
let known = {};
/** @type {(ids: string[]) => number} */
let status = () => 200;
let holds = false; // the server, for ever, what it is asked to hold
let now = 0;
/** @type {Poller} */
let poller;
/** @type {Map<string, Recording>} */
let recordings;
let news = 0;

/**
 * @param {URL} address
 * @param {{ signal: AbortSignal }} options
 */
async function answered(address, { signal }) {
  requests.push({ address, at: now });
  if (holds && address.searchParams.has("wait"))
    await new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const ids = address.searchParams.getAll("run").map((cursor) => cursor.split(":")[0]);
  const code = status(ids);
  if (code === 0) throw new TypeError("no connection");
  const answer = {
    engine: "ready",
    sentence: `About ${ids.length}.`,
    missing: ids.filter((id) => !known[id]),
    runs: ids.flatMap((id) => known[id] ?? []),
  };
  return { status: code, ok: code === 200, json: async () => answer };
}

/**
 * A message of the feed with so many epochs.
 * @param {string} id
 * @param {string} state
 * @param {number} epochs
 */
function run(id, state, epochs = 0) {
  const rows = Array(epochs).fill(1);
  const names = "updates examples seconds loss metric train_loss train_metric val_loss val_metric".split(" ");
  const columns = Object.fromEntries(names.map((name) => [name, rows]));
  return { id, status: state, attempt: 1, epochs: { from: 0, ...columns }, updates: { from: 0, loss: "" } };
}

/**
 * Let time pass, and every answer arrive.
 * @param {number} milliseconds
 */
async function pass(milliseconds) {
  for (const end = now + milliseconds; now < end;) {
    now += 10;
    mock.timers.tick(10);
    await arrive();
  }
}

/** Let what was answered arrive. */
async function arrive() {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}

/** @param {string[]} ids */
async function watch(...ids) {
  for (const id of ids) if (!recordings.has(id)) recordings.set(id, new Recording(id));
  poller.watch(ids);
  await arrive();
  await pass(10);
}

const told = {
  engine: "ready",
  sentence: "Two.",
  offer: "",
  missing: [],
  means: { note: "", questions: {} },
};

/** Milliseconds between the latest two requests. */
function pace() {
  return requests[requests.length - 1].at - requests[requests.length - 2].at;
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
  mock.method(console, "warn", () => {});
  Object.assign(globalThis, { document: page, window: new EventTarget(), fetch: answered });
  [requests, known, status, holds, now, news] = [[], {}, () => 200, false, 1000, 0];
  page.hidden = false;
  recordings = new Map();
  poller = new Poller(BASE, recordings, () => (news += 1));
});

afterEach(() => {
  poller.close();
  mock.timers.reset();
  mock.restoreAll();
});

test("a run that is over is asked for once", async () => {
  known = { one: run("one", "done", 3) };
  await watch("one");
  await pass(20_000);
  assert.equal(requests.length, 1);
  assert.equal(
    requests[0].address.href,
    "http://classroom/lab/api/points?run=one%3A0%3A0%3A0&updates=first&wait=1",
  );
  assert.equal(recordings.get("one")?.epochRows, 3);
  assert.deepEqual([poller.engine, poller.sentence, news], ["ready", "About 1.", 1]);
});

test("for three seconds the server is asked to hold its answer until the first point is there", async () => {
  known = { one: run("one", "running") };
  await watch("one");
  await pass(500);
  assert.equal(requests.at(-1)?.address.searchParams.get("wait"), "1");
  assert.ok(pace() <= 20, "one answer, and the next question");
  await pass(4000);
  assert.equal(requests.at(-1)?.address.searchParams.get("wait"), null);
  assert.equal(pace(), 500);
});

test("an answer that the server holds keeps no other question waiting", async () => {
  known = { one: run("one", "running"), two: run("two", "done", 1) };
  holds = true;
  await watch("one");
  await pass(100);
  assert.equal(requests.length, 1);
  holds = false;
  await watch("one", "two");
  await pass(30);
  assert.equal(recordings.get("two")?.status, "done");
  assert.equal(poller.lost, false, "it was not the network that broke it off");
});

test("an answer that never comes is a lost connection", async () => {
  known = { one: run("one", "running") };
  holds = true;
  await watch("one");
  await pass(15_200);
  assert.equal(poller.lost, true);
});

test("what the answer to a press tells is there at once, and asked for again with the others", async () => {
  known = { one: run("one", "done", 1), two: run("two", "running", 1) };
  await watch("one");
  recordings.set("two", new Recording("two"));
  const asked = requests.length;
  poller.watch(["one", "two"], /** @type {any} */ ({ ...told, runs: [run("two", "running", 2)] }));
  assert.equal(recordings.get("two")?.epochRows, 2);
  assert.deepEqual([poller.sentence, news, requests.length], ["Two.", 2, asked]);
  await pass(600);
  assert.deepEqual(requests.at(-1)?.address.searchParams.getAll("run"), ["one:1:1:0", "two:1:2:0"]);
});

test("a first point that the answer to a press does not have is awaited as ever", async () => {
  poller.watch([], undefined);
  recordings.set("one", new Recording("one"));
  poller.watch(["one"], /** @type {any} */ ({ ...told, runs: [run("one", "queued")] }));
  await arrive();
  assert.equal(requests.at(-1)?.address.searchParams.get("wait"), "1");
});

test("a run that trains is asked for twice a second until it is over", async () => {
  known = { one: run("one", "running", 1) };
  await watch("one");
  await pass(2000);
  assert.equal(pace(), 500);
  known = { one: run("one", "done", 1) };
  await pass(1000);
  const asked = requests.length;
  await pass(10_000);
  assert.equal(requests.length, asked);
});

test("each request says what is here already", async () => {
  known = { one: run("one", "running", 2) };
  await watch("one");
  await pass(600);
  assert.equal(requests[1].address.searchParams.get("run"), "one:1:2:0");
});

test("the updates of every seed are fetched once they are looked at, though all runs are over", async () => {
  known = { one: run("one", "done", 3) };
  await watch("one");
  poller.fetchEveryUpdate();
  poller.fetchEveryUpdate();
  await pass(1000);
  assert.deepEqual(
    requests.map(({ address }) => address.searchParams.get("updates")),
    ["first", null],
  );
});

test("a server that does not answer is asked ever more rarely, and at once when the network is back", async () => {
  known = { one: run("one", "running", 1) };
  status = () => 0;
  await watch("one");
  assert.equal(poller.lost, true);
  await pass(8000);
  assert.deepEqual(
    requests.map(({ at }) => at - requests[0].at),
    [0, 500, 1500, 3500, 7500],
  );
  await pass(60_000);
  assert.equal(pace(), 10_000);
  status = () => 200;
  const asked = requests.length;
  window.dispatchEvent(new Event("online"));
  await pass(10);
  assert.equal(requests.length, asked + 1);
  assert.equal(poller.lost, false);
});

test("a page that nobody looks at does not ask until it is looked at again", async () => {
  known = { one: run("one", "running", 1) };
  await watch("one");
  page.hidden = true;
  await pass(5000);
  const asked = requests.length;
  assert.ok(asked <= 2);
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  await pass(10);
  assert.equal(requests.length, asked + 1);
});

test("an id that is not known yet has three seconds to appear", async () => {
  await watch("one");
  await pass(2500);
  assert.equal(recordings.get("one")?.status, "loading");
  await pass(1500);
  assert.equal(recordings.get("one")?.status, "missing");
  known = { one: run("one", "done", 1) };
  await watch();
  await watch("one");
  assert.equal(recordings.get("one")?.status, "done", "watched anew, it is asked for anew");
});

test("one mistyped id does not keep the others from being drawn", async () => {
  known = Object.fromEntries(["a", "b", "c"].map((id) => [id, run(id, "done", 1)]));
  status = (ids) => (ids.includes("!") ? 400 : 200);
  await watch("a", "b", "!", "c");
  assert.deepEqual(
    ["a", "b", "!", "c"].map((id) => recordings.get(id)?.status),
    ["done", "done", "missing", "done"],
  );
  assert.equal(poller.lost, false);
});

test("more runs than one request may name are asked for side by side", async () => {
  const ids = Array.from({ length: 130 }, (_, i) => `run${i}`);
  known = Object.fromEntries(ids.map((id) => [id, run(id, "done", 1)]));
  await watch(...ids);
  assert.deepEqual(
    requests.map(({ address }) => address.searchParams.getAll("run").length),
    [128, 2],
  );
  assert.equal(news, 1);
});

test("a run that was just asked for is imminent for a moment", async () => {
  known = { one: run("one", "running") };
  await watch("one");
  const one = /** @type {Recording} */ (recordings.get("one"));
  assert.equal(poller.imminent(one), true);
  await pass(500);
  assert.equal(poller.imminent(one), false);
});
