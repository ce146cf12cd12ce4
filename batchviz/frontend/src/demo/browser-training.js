// Runs that are trained here, beside those that were recorded: one group of seeds after the other.

import { BrowserRun } from "./browser-run.js";

/**
 * @typedef {import("./document.js").Choice} Choice
 * @typedef {import("./document.js").Demo} Demo
 * @typedef {import("./document.js").Size} Size
 */

const SLICE = 12; // milliseconds of training between two looks at what the reader does
const REST = 4; // times what a drawing took until the next one: a slow phone shall train, not draw
const PATIENCE = 1000; // milliseconds that a page which nobody sees is waited for

export class BrowserTraining {
  /** @type {Map<string, BrowserRun[]>} by group */
  #groups = new Map();
  #demo;
  #tell;
  #draw;
  #due = 0; // when to draw next
  /** @type {BrowserRun | null} */
  #current = null;

  /**
   * @param {Demo} demo
   * @param {(run: BrowserRun) => void} tell called when there is more of a run
   * @param {() => void} draw called when that is to be seen
   */
  constructor(demo, tell, draw) {
    this.#demo = demo;
    this.#tell = tell;
    this.#draw = draw;
  }

  get busy() {
    return this.#current !== null;
  }

  /**
   * What can be trained beside a choice: in a race of batch sizes another one, where the page knows how.
   * @param {Choice} choice
   */
  setUp(choice) {
    const setUp = this.#demo.trainable[choice.setup];
    return choice.over === "batch_size" && choice.rate !== null ? setUp : null;
  }

  /**
   * The ids of the runs that were trained beside it.
   * @param {Choice} choice
   */
  ids(choice) {
    const prefix = beside(choice);
    const groups = [...this.#groups].filter(([name]) => name.startsWith(prefix));
    return this.setUp(choice) ? groups.flatMap(([, runs]) => runs.map(({ id }) => id)) : [];
  }

  /**
   * Whether all its seeds were trained.
   * @param {Choice} choice
   * @param {Size} size
   */
  has(choice, size) {
    const runs = this.#groups.get(groupName(choice, size)) ?? [];
    return (
      runs.length === Object.keys(this.setUp(choice)?.seeds ?? {}).length &&
      runs.every(({ over, stopped }) => over && !stopped)
    );
  }

  /**
   * Train every seed that was recorded of a batch size, in slices, so that the page can be used meanwhile.
   * @param {Choice} choice
   * @param {Size} size
   */
  async train(choice, size) {
    const setUp = this.setUp(choice);
    if (!setUp || this.busy || choice.rate === null) return;
    const like = this.#demo.runs[choice.runs[0]];
    const name = groupName(choice, size);
    /** @type {BrowserRun[]} */
    const runs = [];
    const attempt = (this.#groups.get(name)?.[0].attempt ?? 0) + 1;
    this.#groups.set(name, runs);
    for (const seed of Object.keys(setUp.seeds)) {
      const run = new BrowserRun(name, setUp, like, choice.rate, size, seed, attempt);
      this.#tell(run);
      runs.push(run);
      this.#current = run;
      await this.#finish(run);
      if (run.stopped) break;
    }
    this.#current = null;
    this.#draw();
  }

  /** @param {BrowserRun} run */
  async #finish(run) {
    while (!run.over) {
      run.advance(SLICE);
      const begun = performance.now();
      if (begun < this.#due) {
        await later(0);
      } else {
        this.#tell(run);
        this.#draw();
        await drawn();
        this.#due = performance.now() + REST * (performance.now() - begun);
      }
    }
    this.#tell(run);
  }

  /** What is being trained ends where it stands; no further seed begins. */
  stop() {
    this.#current?.stop();
  }
}

/** @param {Choice} choice */
function beside({ setup, rate }) {
  return `here-${setup}-${rate}-`;
}

/**
 * @param {Choice} choice
 * @param {Size} size
 */
function groupName(choice, { examples }) {
  return `${beside(choice)}${examples}`;
}

/** @param {number} milliseconds */
function later(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Until the page has been drawn anew. */
function drawn() {
  const frame = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return Promise.race([frame, later(PATIENCE)]);
}
