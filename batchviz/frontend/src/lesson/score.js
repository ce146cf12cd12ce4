// How right an answer is, as batchviz/lessons/scoring.py says: only what is settled counts, and a strict order over a tie
// is never right.

/** @typedef {import("./document.js").Question} Question */
/** @typedef {import("./document.js").Answer} Answer */
/** @typedef {import("./document.js").Relation} Relation */
/** @typedef {{ right: number, resolved: number, total: number }} Score */

/**
 * @param {Question} question
 * @param {Answer} answer
 * @returns {Score}
 */
export function score(question, answer) {
  if (!question.measured) {
    return { right: Number(answer === question.right), resolved: Number(answer !== null), total: 1 };
  }
  if (question.kind === "place") return placed(question, answer);
  let [right, resolved, total] = [0, 0, 0];
  for (const [first, second, relation] of question.pairs) {
    const told = claim(question, answer, first, second);
    if (told === undefined) continue;
    total += 1;
    if (relation === "open") continue;
    resolved += 1;
    if (told === relation) right += 1;
  }
  return { right, resolved, total };
}

/**
 * What an answer says of a pair; null: nothing, undefined: it does not speak of it.
 * @param {Question} question
 * @param {Answer} answer
 * @param {string} first
 * @param {string} second
 * @returns {Relation | null | undefined}
 */
function claim(question, answer, first, second) {
  const [best, worst] = /** @type {[Relation, Relation]} */ (
    question.lower_wins ? ["lower", "higher"] : ["higher", "lower"]
  );
  if (answer === null) return null;
  if (typeof answer === "object") {
    const difference = (answer[first] ?? 0) - (answer[second] ?? 0);
    return difference === 0 ? "same" : difference < 0 ? best : worst;
  }
  if (!(answer in question.values)) return "same";
  if (answer === first) return best;
  return answer === second ? worst : undefined;
}

/**
 * @param {Question} question
 * @param {Answer} answer
 * @returns {Score}
 */
function placed(question, answer) {
  const [truth] = Object.values(question.values);
  const known = typeof truth === "number" && truth > 0;
  const told = typeof answer === "number" && answer > 0 ? answer : null;
  const right = known && told !== null && Math.max(told / truth, truth / told) <= question.within;
  return { right: Number(right), resolved: Number(known), total: 1 };
}

/**
 * The score in words, as batchviz/lessons/words.py says it.
 * @param {Question} question
 * @param {Answer} answer
 * @param {Score} got
 */
export function inWords(question, answer, got) {
  if (answer === null) return "You said that you cannot tell, so nothing is scored. Here is what came of it.";
  if (question.kind === "place" || !question.measured) {
    if (got.right) return "Right.";
    return got.resolved ? "Not this time." : "Nothing is settled yet.";
  }
  if (!got.resolved) return "Nothing here is settled, so nothing is scored.";
  const left = got.total - got.resolved;
  const open = left
    ? ` ${left} ${left === 1 ? "pair is not settled and does" : "pairs are not settled and do"} not count.`
    : "";
  return `${got.right} of ${got.resolved} resolved ${got.resolved === 1 ? "pair" : "pairs"}.${open}`;
}
