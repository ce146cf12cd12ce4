// Where a lesson in a file keeps its answers: in the browser, and where a learning management system is around it, there:
// SCORM 1.2 knows completion, a score from 0 to 100, and 4,096 characters of whatever the lesson wants to find again.

/** @typedef {import("./document.js").Answer} Answer */
/** @typedef {{ LMSInitialize(nothing: ""): string, LMSGetValue(name: string): string,
 *   LMSSetValue(name: string, value: string): string, LMSCommit(nothing: ""): string, LMSFinish(nothing: ""): string }} Api */

const MAX_PARENTS = 10; // a system puts a lesson into a few frames

export class Course {
  #key;
  /** @type {Api | null} */
  #api;
  /** @type {Record<string, Answer>} */
  answers = {};

  /**
   * @param {string} id of the lesson
   * @param {Window} around
   */
  constructor(id, around) {
    this.#key = `batchviz-lesson-${id}`;
    this.#api = findApi(around);
    this.#api?.LMSInitialize("");
    try {
      this.answers = JSON.parse(
        this.#api?.LMSGetValue("cmi.suspend_data") || localStorage.getItem(this.#key) || "{}",
      );
    } catch {
      // what is kept is no answer of ours, or the browser keeps nothing
    }
    around.addEventListener("pagehide", () => this.#api?.LMSFinish(""));
  }

  /**
   * @param {string} question
   * @param {Answer} answer
   */
  keep(question, answer) {
    this.answers[question] = answer;
    const text = JSON.stringify(this.answers);
    try {
      localStorage.setItem(this.#key, text);
    } catch {
      // refused: the answers last as long as the page
    }
    this.#api?.LMSSetValue("cmi.suspend_data", text);
    this.#api?.LMSCommit("");
  }

  /**
   * The lesson was played to its end.
   * @param {number} right
   * @param {number} resolved
   */
  complete(right, resolved) {
    if (this.#api === null) return;
    this.#api.LMSSetValue("cmi.core.score.min", "0");
    this.#api.LMSSetValue("cmi.core.score.max", "100");
    this.#api.LMSSetValue("cmi.core.score.raw", String(resolved ? Math.round((100 * right) / resolved) : 0));
    this.#api.LMSSetValue("cmi.core.lesson_status", "completed");
    this.#api.LMSCommit("");
  }
}

/**
 * The API of the system that shows the lesson, in one of the frames around it or in the window that opened it.
 * @param {Window} around
 * @returns {Api | null}
 */
export function findApi(around) {
  for (const start of [around, around.opener]) {
    let place = start;
    for (let step = 0; place && step < MAX_PARENTS; step += 1) {
      try {
        if (place.API) return place.API;
      } catch {
        break; // a frame of another site
      }
      if (place.parent === place) break;
      place = place.parent;
    }
  }
  return null;
}
