// What a run is called at its line's end: its batch size, and what else is needed to tell it from the others.

const LONGEST = 20; // characters; the card has the rest

/** Short, distinct names by group: Map(run id -> text). Seeds of one setting share theirs. */
export function lineNames(recordings) {
  const groups = new Map();
  for (const run of recordings) {
    const { label } = run.about;
    const alike = groups.get(label) ?? new Map();
    if (!alike.has(groupOf(run))) alike.set(groupOf(run), settings(run));
    groups.set(label, alike);
  }
  return new Map(recordings.map((run) => {
    const alike = groups.get(run.about.label);
    const common = [...alike.values()].reduce((shared, parts) => shared.filter((part) => parts.includes(part)));
    const own = alike.get(groupOf(run)).filter((part) => !common.includes(part));
    return [run.id, shortened([run.about.label, ...own.slice(0, 1)].join(" · "))];
  }));
}

/** Runs that differ by their seed alone. */
export function groupOf(run) {
  return run.about.group ?? run.id;
}

function settings(run) {
  return (run.about.details ?? "").split(", ").filter((part) => !part.startsWith("seed "));
}

function shortened(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
