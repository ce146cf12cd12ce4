// What a press has started. Streamlit tells the page when its script has drawn everything; a question of our own beside
// the press is answered as soon as the runs are queued.

const BUTTONS = ".st-key-train button, .st-key-race button";

/** @typedef {import("../core/payload.js").Feed} Feed */
/** @typedef {{ page: string, number: number }} Latest how the page is called, and the presses that it knows of */

export class Starts {
  #base;
  #onStart;
  #onPress;
  #choice;
  /** @type {Latest} */
  #latest = { page: "", number: 0 };
  #asking = new AbortController();

  /**
   * @param {URL} base the app's base address
   * @param {(runs: string[], points: Feed) => void} onStart called with the runs that the page shows from
   *   now on, and with what is recorded of those that are new
   * @param {() => void} onPress called with every press that may start some
   * @param {() => Record<string, string>} choice what tells runs apart, as the feed is asked
   */
  constructor(base, onStart, onPress, choice) {
    this.#choice = choice;
    this.#base = base;
    this.#onPress = onPress;
    this.#onStart = onStart;
    document.addEventListener("click", this.#clicked, true);
  }

  close() {
    document.removeEventListener("click", this.#clicked, true);
    this.#asking.abort();
  }

  /** @param {Latest | undefined} latest by Python, with every run of its script */
  know(latest) {
    if (latest) this.#latest = { ...latest, number: Math.max(latest.number, this.#latest.number) };
  }

  /** @param {Event} event */
  #clicked = (event) => {
    if (event.target instanceof Element && event.target.closest(BUTTONS)) this.ask();
  };

  /** A press is on its way: ask what it starts. Without an answer Streamlit's own will do. */
  async ask() {
    this.#asking.abort();
    if (!this.#latest.page) return;
    this.#onPress();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const address = new URL("api/starts", this.#base);
    address.search = new URLSearchParams({
      page: this.#latest.page,
      after: String(this.#latest.number),
      ...this.#choice(),
    }).toString();
    try {
      const answer = await fetch(address, { cache: "no-store", signal });
      const { number, runs, points } = answer.ok ? await answer.json() : { number: 0 };
      if (signal.aborted || number <= this.#latest.number) return;
      this.#latest = { ...this.#latest, number };
      this.#onStart(runs, points);
    } catch {
      // the network is away: the feed says so
    }
  }
}
