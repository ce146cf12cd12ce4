// A lesson in a file, step by step: each begins when the one before it was answered, and what was answered stays.

import { element, only, setText } from "../core/dom.js";
import { mount } from "../live/index.js";
import { embedded } from "../offline/embedded.js";
import { Course } from "./course.js";
import { inWords, score } from "./score.js";

/** @typedef {import("./document.js").Answer} Answer */
/** @typedef {import("./document.js").Question} Question */

/** @type {import("./document.js").LessonFile} */
const lesson = embedded("batchviz-lesson");
const course = new Course(lesson.id, window);
const chart = only(document, "#batchviz-chart");
const runs = [...document.querySelectorAll("script")].flatMap((node) => node.dataset.run ?? []);
const data = { key: "lesson", runs, recorded: true, preset: lesson.preset, alone: true };
const draw = () =>
  mount({ parentElement: chart, data, setTriggerValue: () => {} }, new URL(document.baseURI));

only(document, "#batchviz-play").append(chart);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  if (course.answers.predict !== undefined) draw();
});
for (const question of lesson.questions) {
  const form = formOf(question);
  form.addEventListener("change", () => enable(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    course.keep(question.key, read(question, form));
    show();
  });
}
show();

/** Draw what has been reached. */
function show() {
  let reached = true;
  let [right, resolved] = [0, 0];
  for (const question of lesson.questions) {
    const form = formOf(question);
    form.hidden = !reached;
    const answer = course.answers[question.key];
    reached &&= answer !== undefined;
    if (answer === undefined || form.hidden) continue;
    const got = score(question, answer);
    right += got.right;
    resolved += got.resolved;
    answered(question, form, answer);
    setText(only(form, ".batchviz-score"), question.key === "predict" ? "" : inWords(question, answer, got));
    if (question.key === "predict") play(question, answer);
    else reveal(question, answer);
    if (question.key === "why") only(document, "#batchviz-reason").hidden = false;
  }
  if (reached) {
    setText(only(document, "#batchviz-done"), "This lesson is done.");
    course.complete(right, resolved);
  }
}

/**
 * The recorded race, and what came of it.
 * @param {Question} question
 * @param {Answer} answer
 */
function play(question, answer) {
  const [stage, outcome] = [only(document, "#batchviz-play"), only(document, "#batchviz-outcome")];
  if (!stage.hidden) return;
  stage.hidden = outcome.hidden = false;
  draw();
  only(outcome, "h2").after(
    element(
      "p",
      { class: "batchviz-score", "data-testid": "score" },
      inWords(question, answer, score(question, answer)),
    ),
  );
  drawOver(outcome, answer);
}

/**
 * What came of a further prediction.
 * @param {Question} question
 * @param {Answer} answer
 */
function reveal(question, answer) {
  const outcome = document.querySelector(`[data-outcome="${question.key}"]`);
  if (!(outcome instanceof HTMLElement) || !outcome.hidden) return;
  outcome.hidden = false;
  drawOver(outcome, answer);
}

/**
 * The prediction over the picture of the outcome: its places, and the path from first to last.
 * @param {HTMLElement} outcome
 * @param {Answer} answer
 */
function drawOver(outcome, answer) {
  const rows = [...outcome.querySelectorAll("tbody tr")].filter((row) => row instanceof HTMLElement);
  if (answer === null || rows.length === 0) return;
  if (typeof answer !== "object") {
    for (const row of rows) {
      const own = row.dataset.key === answer || rows.length === 1;
      if (own) setText(only(row, "td"), typeof answer === "number" ? String(answer) : "picked");
    }
    return;
  }
  /** @type {[number, string][]} */
  const points = [];
  rows.forEach((row, number) => {
    const place = answer[row.dataset.key ?? ""] ?? 0;
    const before = Object.values(answer).filter((other) => other < place).length;
    const shared = Object.values(answer).filter((other) => other === place).length > 1;
    setText(only(row, "td"), `${before + 1}${shared ? " =" : ""}`);
    const dot = row.querySelector("b");
    if (dot) points.push([place, `${Number.parseFloat(dot.style.left)},${number + 0.5}`]);
  });
  const path = element("svg", {
    class: "batchviz-path",
    viewBox: `0 0 100 ${rows.length}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  const line = points.sort(([first], [second]) => first - second).map(([, point]) => point);
  path.append(
    element("path", {
      d: `M${line.join("L")}`,
      fill: "none",
      stroke: "#7d8594",
      "stroke-width": 1.5,
      "stroke-dasharray": "5 4",
      "vector-effect": "non-scaling-stroke",
    }),
  );
  only(/** @type {HTMLElement} */ (rows[0]), "td:nth-child(3)").append(path);
}

/** @param {Question} question */
function formOf(question) {
  const form = document.querySelector(`form[data-question="${question.key}"]`);
  if (!(form instanceof HTMLFormElement)) throw new Error(`no form asks ${question.key}`);
  return form;
}

/**
 * Who cannot tell need fill in nothing else.
 * @param {HTMLFormElement} form
 */
function enable(form) {
  const cannot = new FormData(form).has("cannot");
  for (const field of form.querySelectorAll("input, select")) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
    if (field.name !== "cannot") field.required = !cannot && field.type !== "checkbox";
  }
}

/**
 * @param {Question} question
 * @param {HTMLFormElement} form
 * @returns {Answer}
 */
function read(question, form) {
  const entries = new FormData(form);
  if (entries.has("cannot")) return null;
  if (question.kind === "place") return Number(entries.get("value"));
  if (question.kind === "pick") return String(entries.get("value"));
  return Object.fromEntries(Object.keys(question.values).map((key) => [key, Number(entries.get(key))]));
}

/**
 * Show an answer in its form, which takes no other.
 * @param {Question} question
 * @param {HTMLFormElement} form
 * @param {Answer} answer
 */
function answered(question, form, answer) {
  for (const field of form.querySelectorAll("input, select, button")) {
    if (field instanceof HTMLInputElement && field.name === "cannot") field.checked = answer === null;
    else if (field instanceof HTMLInputElement && field.name === "value" && field.type === "radio") {
      field.checked = field.value === answer;
    } else if (field instanceof HTMLInputElement && question.kind === "place" && field.name === "value") {
      field.value = answer === null ? "" : String(answer);
    } else if (field instanceof HTMLSelectElement && typeof answer === "object" && answer !== null) {
      field.value = String(answer[field.name]);
    }
    if (field instanceof HTMLButtonElement) field.hidden = true;
    else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.disabled = true;
  }
}
