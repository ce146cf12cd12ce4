// What a press has started. Streamlit tells the page when its script has drawn everything; a question of our own beside
// the press is answered as soon as the runs are queued.

const BUTTONS = ".st-key-train button, .st-key-race button";

/** @typedef {{ page: string, number: number }} Told how the page is called, and the presses that it knows of */

export class Starts {
  #base;
  #onStart;
  /** @type {Told} */
  #told = { page: "", number: 0 };
  #asking = new AbortController();

  /**
   * @param {URL} base the app's base address
   * @param {(runs: string[]) => void} onStart called with the runs that the page shows from now on
   */
  constructor(base, onStart) {
    this.#base = base;
    this.#onStart = onStart;
    document.addEventListener("click", this.#clicked, true);
  }

  close() {
    document.removeEventListener("click", this.#clicked, true);
    this.#asking.abort();
  }

  /** @param {Told | undefined} told by Python, with every run of its script */
  know(told) {
    if (told) this.#told = { ...told, number: Math.max(told.number, this.#told.number) };
  }

  /** @param {Event} event */
  #clicked = (event) => {
    if (event.target instanceof Element && event.target.closest(BUTTONS)) this.ask();
  };

  /** A press is on its way: ask what it starts. Without an answer Streamlit's own will do. */
  async ask() {
    this.#asking.abort();
    if (!this.#told.page) return;
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const address = new URL("api/starts", this.#base);
    address.search = new URLSearchParams({
      page: this.#told.page,
      after: String(this.#told.number),
    }).toString();
    try {
      const answer = await fetch(address, { cache: "no-store", signal });
      const { number, runs } = answer.ok ? await answer.json() : { number: 0, runs: [] };
      if (signal.aborted || number <= this.#told.number) return;
      this.#told = { ...this.#told, number };
      this.#onStart(runs);
    } catch {
      // the network is away: the feed says so
    }
  }
}
