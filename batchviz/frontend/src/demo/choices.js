// What is chosen of what was recorded, and what can be: nothing else is offered.

/** @typedef {import("./document.js").Choice} Choice */
/** @typedef {import("./document.js").Over} Over */
/** @typedef {"examples" | "rate"} Axis a slider's */
/** @typedef {{ setup: number, over: Over, examples: number | null, rate: number | null, unit: string }} Wish */

/** @type {Over[]} */
const OVER = ["batch_size", "learning_rate", "nothing"];

export class Choices {
  #all;
  /** @type {Wish} */
  #wish;
  /** @type {Choice} what comes nearest to it */
  chosen;

  /**
   * @param {Choice[]} all
   * @param {number} first
   */
  constructor(all, first) {
    this.#all = all;
    this.chosen = all[first];
    const { setup, over } = this.chosen;
    this.#wish = { setup, over, examples: null, rate: null, unit: "end" };
    this.choose({ examples: this.chosen.examples, rate: this.chosen.rate });
  }

  /** What is said of the chosen runs, where they are compared. */
  get verdict() {
    const { findings } = this.chosen;
    return findings.find(({ unit }) => unit === this.#wish.unit) ?? findings[0];
  }

  /** What the chosen set-up has races over. */
  get overs() {
    const { setup } = this.chosen;
    return OVER.filter((over) => this.#all.some((choice) => choice.setup === setup && choice.over === over));
  }

  /**
   * The stops of a slider, rising: what was recorded beside what the other one says. None where the race is over it.
   * @param {Axis} axis
   */
  stops(axis) {
    const { setup, over } = this.chosen;
    const other = axis === "rate" ? "examples" : "rate";
    const beside = this.#all.filter(
      (choice) => choice.setup === setup && choice.over === over && choice[other] === this.chosen[other],
    );
    return beside.filter((choice) => choice[axis] !== null).sort((a, b) => Number(a[axis]) - Number(b[axis]));
  }

  /**
   * Choose otherwise; of what was not recorded the nearest that was, what changed before what did not.
   * @param {Partial<Wish>} change
   */
  choose(change) {
    this.#wish = { ...this.#wish, ...change };
    const { setup, over, examples, rate } = this.#wish;
    const ours = this.#all.filter((choice) => choice.setup === setup);
    const alike = ours.filter((choice) => choice.over === over);
    const first = (/** @type {Axis} */ axis) => (axis in change ? 1000 : 1);
    const away = (/** @type {Choice} */ choice) =>
      first("examples") * apart(choice.examples, examples) + first("rate") * apart(choice.rate, rate);
    const [nearest] = [...(alike.length ? alike : ours)].sort((a, b) => away(a) - away(b));
    this.chosen = nearest;
    // A slider that is not there keeps its place for when it is.
    this.#wish = {
      ...this.#wish,
      examples: nearest.examples ?? examples,
      rate: nearest.rate ?? rate,
    };
  }
}

/**
 * In powers of e; nothing where one of them says nothing.
 * @param {number | null} a
 * @param {number | null} b
 */
function apart(a, b) {
  return a === null || b === null ? 0 : Math.abs(Math.log(a / b));
}
