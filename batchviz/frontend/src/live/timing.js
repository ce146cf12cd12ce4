// The clocks of the runs on the page: asked for once seconds are looked at, and again while one is being measured.

const MEASURING = 1000; // milliseconds between requests
const PATIENCE = 15_000; // how long a press of the button may take to be known of

/**
 * @typedef {import("../core/payload.js").Clocks} Clocks
 * @typedef {keyof Clocks["paths"]} Path
 */

export class Timing {
  #base;
  #onNews;
  /** @type {Clocks | null} */
  #answer = null;
  /** @type {string[]} */
  #ids = [];
  #wanted = "";
  #expected = -Infinity;
  /** Whether the last answer brought a clock that was not known, or another than was. */
  arrived = false;
  #asking = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {URL} base the app's base address
   * @param {() => void} onNews called after every answer
   */
  constructor(base, onNews) {
    this.#base = base;
    this.#onNews = onNews;
  }

  close() {
    clearTimeout(this.#timer);
    this.#ids = [];
  }

  /**
   * Seconds of these runs are looked at. Cheap while nothing changed; a run that ended may have had a clock measured.
   * @param {string[]} ids
   * @param {number} ended how many of them
   */
  watch(ids, ended) {
    const wanted = `${ids.join()} ${ended}`;
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#ids = ids;
    this.#schedule(0);
  }

  /** A clock is about to be asked for, by a press of the button or since a run ended: look until that is known of. */
  expect() {
    this.#expected = performance.now();
    this.#schedule(MEASURING / 4);
  }

  /**
   * @param {string} id of a run
   * @param {Path} path
   */
  pace(id, path) {
    return this.#answer?.runs[id]?.[path] ?? null;
  }

  /**
   * What to say beside the axis; null before anything is known.
   * @param {Path} path
   */
  state(path) {
    return this.#answer?.paths[path] ?? null;
  }

  /** @param {number} delay milliseconds */
  #schedule(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#request(), delay);
  }

  async #request() {
    if (!this.#ids.length) return;
    if (this.#asking || document.hidden) {
      this.#schedule(MEASURING);
      return;
    }
    this.#asking = true;
    const address = new URL("api/clocks", this.#base);
    for (const id of this.#ids) address.searchParams.append("run", id);
    try {
      const answer = await fetch(address, { cache: "no-store" });
      if (!answer.ok) throw new Error(`${address.pathname} answered ${answer.status}`);
      const before = this.#answer;
      this.#answer = keepingSame(before, await answer.json());
      this.arrived = brings(before, this.#answer);
      if (this.#moving) this.#schedule(MEASURING);
    } catch (error) {
      this.arrived = false;
      console.warn("BatchViz: the clocks could not be read, trying again.", error);
      this.#schedule(2 * MEASURING);
    }
    this.#asking = false;
    this.#onNews();
  }

  get #moving() {
    const awaited = Object.values(this.#answer?.paths ?? {}).some((path) => path.awaited);
    return awaited || performance.now() - this.#expected < PATIENCE;
  }
}

/**
 * Whether a run has a pace now that it had not before. Arrays that say the same are the same: `keepingSame`.
 * @param {Clocks | null} before
 * @param {Clocks} now
 */
function brings(before, now) {
  return Object.entries(now.runs).some(([id, paces]) =>
    /** @type {Path[]} */ (["loop", "fit"]).some(
      (path) => paces[path] !== null && paces[path] !== before?.runs[id]?.[path],
    ),
  );
}

/**
 * The new answer, with the old one's arrays where they say the same: a run is drawn anew when its clock is another.
 * @param {Clocks | null} before
 * @param {Clocks} now
 * @returns {Clocks}
 */
function keepingSame(before, now) {
  for (const [id, paces] of Object.entries(now.runs)) {
    for (const path of /** @type {Path[]} */ (["loop", "fit"])) {
      const known = before?.runs[id]?.[path] ?? null;
      if (known && JSON.stringify(known) === JSON.stringify(paces[path])) paces[path] = known;
    }
  }
  return now;
}
