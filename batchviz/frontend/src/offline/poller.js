// The feed of a page that plays alone: every run stands in the page itself, whole.

export class Feed {
  #recordings;
  #onNews;

  lost = false;
  engine = "ready";
  sentence = JSON.parse(document.querySelector("#batchviz-sentence").textContent);

  constructor(base, recordings, onNews) {
    this.#recordings = recordings;
    this.#onNews = onNews;
  }

  close() {}

  imminent() {
    return false;
  }

  watch(ids) {
    for (const id of ids) {
      this.#recordings.get(id).apply(JSON.parse(document.getElementById(`batchviz-run-${id}`).textContent));
    }
    queueMicrotask(this.#onNews);
  }
}
