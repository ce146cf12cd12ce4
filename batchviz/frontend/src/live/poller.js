// Polling: ask for what is new, quickly while a first point is awaited, slowly while runs train, not at all otherwise.

const AT_ONCE = 3; // milliseconds: a server that holds no answer is not asked more often while a first point is awaited
const PATIENCE = 3000; // how long a new run keeps the quick pace, and a missing id is asked for again
const IMMINENT = 400; // how long the charts wait for the first point of a run that was just asked for
const TRAINING = 500;
const MAX_RETRY_DELAY = 10_000;
const TIMEOUT = 15_000;
const RUNS_PER_REQUEST = 128; // the endpoint's limit

/**
 * @typedef {import("../core/payload.js").Feed} Answer
 * @typedef {import("./recording.js").Recording} Recording
 */

export class Poller {
  #base;
  #recordings;
  #onNews;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortController | null} */
  #asking = null;
  #held = false; // by the server, until there is news: whatever else is to be asked need not wait for it
  #again = false;
  #at = -Infinity; // of the last request
  #failures = 0;
  /** @type {Map<string, number>} */
  #expectedSince = new Map();
  /** @type {string[]} */
  #ids = [];
  #settled = true;
  #every = false;

  /** @type {Answer["engine"] | null} */
  engine = null;
  sentence = "";
  offer = "";
  /** @type {Answer["means"]} */
  means = { note: "", questions: {} };
  /** @type {string[]} */
  #asked = []; // what has the colour, the dash and the panels, as the address names it

  /**
   * @param {URL} base the app's base address
   * @param {Map<string, Recording>} recordings filled with what arrives
   * @param {() => void} onNews called after every answer and every failure
   */
  constructor(base, recordings, onNews) {
    this.#base = base;
    this.#recordings = recordings;
    this.#onNews = onNews;
    document.addEventListener("visibilitychange", this.#wake);
    window.addEventListener("online", this.#wake);
  }

  close() {
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#wake);
    window.removeEventListener("online", this.#wake);
    this.#ids = [];
    this.#asking?.abort();
  }

  get lost() {
    return this.#failures > 0;
  }

  /**
   * Follow these runs from now on.
   * @param {string[]} ids
   * @param {Answer} [points] what the server has told of those that are new
   */
  watch(ids, points) {
    const now = performance.now();
    for (const id of ids) {
      if (this.#expectedSince.has(id)) continue;
      this.#expectedSince.set(id, now);
      const run = this.#recordings.get(id);
      if (run) run.missing = false; // it may exist by now
    }
    for (const id of this.#expectedSince.keys()) if (!ids.includes(id)) this.#expectedSince.delete(id);
    this.#ids = ids;
    this.#settled = false; // the sentence covers all runs, so any change of the list is worth one request
    clearTimeout(this.#timer);
    if (points) {
      this.#take([points]);
      this.#onNews();
      if (!this.#awaiting) return this.#schedule(TRAINING); // what is told of the other runs beside the new ones
    }
    this.#request(); // before the page draws that there are runs
  }

  /** From now on ask for the updates of every seed, not only of the first of several. */
  fetchEveryUpdate() {
    if (this.#every) return;
    this.#every = true;
    this.#settled = false;
    this.#schedule(0);
  }

  /**
   * Have the runs told apart by these fields from now on.
   * @param {{ color: string, dash: string, panels: string }} means
   */
  tellBy({ color, dash, panels }) {
    const asked = [color, dash, panels];
    if (asked.join() === this.#asked.join()) return;
    this.#asked = asked;
    this.#settled = false;
    this.#schedule(0);
  }

  /** Ask at once, because something is known to have changed (a run was told to stop). */
  #wake = () => {
    if (!document.hidden && !this.#settled) this.#schedule(0);
  };

  /**
   * What tells runs apart, as the address of a request names it.
   * @returns {Record<string, string>}
   */
  get choice() {
    const [color = "auto", dash = "auto", panels = "none"] = this.#asked;
    return {
      ...(color !== "auto" && { color }),
      ...(dash !== "auto" && { dash }),
      ...(panels !== "none" && { panels }),
    };
  }

  /** @param {number} delay milliseconds */
  #schedule(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#request(), delay);
  }

  async #request() {
    const ids = this.#ids.filter((id) => !this.#recordings.get(id)?.missing);
    if (document.hidden || this.#settled || !ids.length) return;
    if (this.#asking) {
      this.#again = true;
      if (this.#held) this.#asking.abort();
      return;
    }
    const [watched, asked] = [this.#ids, this.#asked];
    const asking = (this.#asking = new AbortController());
    const timer = setTimeout(() => asking.abort(), TIMEOUT);
    this.#at = performance.now();
    this.#held = this.#awaiting && ids.length <= RUNS_PER_REQUEST;
    this.#again = false;
    try {
      const pages = [];
      for (let i = 0; i < ids.length; i += RUNS_PER_REQUEST) pages.push(ids.slice(i, i + RUNS_PER_REQUEST));
      const answers = await Promise.all(pages.map((page) => this.#fetchPage(page)));
      this.#failures = 0;
      this.#take(answers);
    } catch (error) {
      if (!this.#again || !asking.signal.aborted) {
        this.#failures += 1;
        console.warn("BatchViz: the feed did not answer, trying again.", error);
      }
    }
    clearTimeout(timer);
    this.#asking = null;
    if (!this.#ids.length) return; // closed
    if (this.#again || watched !== this.#ids || asked !== this.#asked) this.#schedule(0);
    else this.#plan();
    this.#onNews();
  }

  /**
   * @param {string[]} ids
   * @returns {Promise<Answer>}
   */
  async #fetchPage(ids) {
    const address = new URL("api/points", this.#base);
    for (const id of ids) address.searchParams.append("run", this.#recordings.get(id)?.request ?? id);
    if (!this.#every) address.searchParams.set("updates", "first");
    for (const [name, field] of Object.entries(this.choice)) address.searchParams.set(name, field);
    if (this.#held) address.searchParams.set("wait", "1");
    const answer = await fetch(address, { cache: "no-store", signal: this.#asking?.signal });
    if (answer.status === 400) return this.#fetchHalves(ids);
    if (!answer.ok) throw new Error(`${address.pathname} answered ${answer.status}`);
    return answer.json();
  }

  /**
   * One id of a mistyped link is refused, and with it the whole request: find it, the others must not suffer.
   * @param {string[]} ids
   * @returns {Promise<Answer>}
   */
  async #fetchHalves(ids) {
    if (ids.length === 1) {
      this.#expectedSince.set(ids[0], -Infinity); // no patience: asking again would be refused again
      const { engine, means } = this;
      return {
        version: 0,
        engine: engine ?? "ready",
        sentence: "",
        offer: "",
        means,
        missing: ids,
        runs: [],
      };
    }
    const middle = ids.length >> 1;
    const halves = await Promise.all(
      [ids.slice(0, middle), ids.slice(middle)].map((half) => this.#fetchPage(half)),
    );
    return {
      ...halves[0],
      sentence: halves.map((half) => half.sentence).find(Boolean) ?? "",
      offer: "", // of half the runs it would be another
      missing: halves.flatMap((half) => half.missing),
      runs: halves.flatMap((half) => half.runs),
    };
  }

  /** @param {Answer[]} answers to one request */
  #take(answers) {
    answers.forEach((answer) => this.#apply(answer));
    this.engine = answers[0].engine;
    this.sentence = answers[0].sentence;
    this.offer = answers[0].offer ?? "";
    this.means = answers[0].means ?? this.means;
  }

  /** @param {Answer} answer */
  #apply(answer) {
    for (const message of answer.runs) this.#recordings.get(message.id)?.apply(message);
    for (const id of answer.missing) {
      if (performance.now() - (this.#expectedSince.get(id) ?? 0) > PATIENCE) this.#recordings.get(id)?.lose();
    }
  }

  #plan() {
    if (this.#failures) {
      this.#schedule(Math.min(MAX_RETRY_DELAY, 500 * 2 ** (this.#failures - 1)));
      return;
    }
    if (this.#watched.every((run) => run.final)) {
      this.#settled = true;
      return;
    }
    if (!this.#awaiting) this.#schedule(TRAINING);
    else if (this.#at < performance.now() - AT_ONCE) this.#request(); // before what the news has to draw
    else this.#schedule(AT_ONCE);
  }

  get #watched() {
    return this.#ids.flatMap((id) => this.#recordings.get(id) ?? []);
  }

  /** Whether a first point is awaited. */
  get #awaiting() {
    return this.#watched.some((run) => this.#awaits(run, PATIENCE));
  }

  /**
   * Was this run asked for so recently that its first point may come at once? Then drawing without it only delays it.
   * @param {Recording} run
   */
  imminent(run) {
    return this.#awaits(run, IMMINENT);
  }

  /**
   * @param {Recording} run
   * @param {number} patience milliseconds
   */
  #awaits(run, patience) {
    const since = this.#expectedSince.get(run.id) ?? -Infinity;
    return !run.final && !run.epochRows && performance.now() - since < patience;
  }
}
