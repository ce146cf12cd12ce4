// A card a group: what its runs are, how they stand, and what can be done with them.

import { element, setAttribute, setText } from "../core/dom.js";
import { hinted } from "../core/hints.js";
import { word } from "../core/words.js";
import * as format from "../core/format.js";
import { groupNumbers, runNumbers } from "./card-numbers.js";
import { runColor } from "./curves.js";

const STATUS = {
  loading: "Loading",
  queued: "Queued",
  running: "Training",
  done: "Done",
  stopped: "Stopped",
  failed: "Failed",
  diverged: "Diverged",
  missing: "Not found",
};
const COPIED = 1600; // milliseconds that "Copied" stays
// Once, under the cards: in the default race the smallest batch size alone is compiled and may have taken least.
const TOOK =
  "Took: as it passed, on a busy or an idle machine; long runs of small batches compiled by XLA, others not. To " +
  "compare batch sizes, read the x-axis in seconds.";

/**
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("./recording.js").About} About
 * @typedef {import("./groups.js").Group} Group
 * @typedef {import("./view-state.js").View} View
 * @typedef {{ dark: boolean, signature: string }} Theme
 * @typedef {{ view: View, theme: Theme, owned: Set<string>, stopping: Set<string> }} Page `owned` holds the ids that this
 *   visitor may stop, `stopping` those told to
 *
 * @typedef {object} Actions what the buttons of a card do with the ids of its runs; null: no such button
 * @property {(ids: string[]) => void} stop
 * @property {(ids: string[]) => void} toggle
 * @property {(ids: string[]) => void} isolate
 * @property {((ids: string[]) => void) | null} remove
 * @property {((ids: string[]) => string) | null} link address of the runs' page
 * @property {((ids: string[]) => string) | null} csv address of the file
 */

export class Cards {
  /** @type {Map<string, Card>} */
  #cards = new Map();

  /** @param {Actions} actions */
  constructor(actions) {
    this.actions = actions;
    this.list = element("ul", { class: "bv-cards", "aria-label": "Runs" });
    this.took = element("p", { class: "bv-note" }, TOOK);
    this.node = element("div", {}, this.list, this.took);
  }

  /**
   * @param {Group[]} groups
   * @param {Page} page
   */
  draw(groups, page) {
    const leads = new Set(groups.map(({ lead }) => lead.id));
    for (const [id, card] of this.#cards) {
      if (leads.has(id)) continue;
      card.node.remove();
      this.#cards.delete(id);
    }
    groups.forEach((group, i) => {
      const { id } = group.lead;
      const card = this.#cards.get(id) ?? new Card(group, this.actions);
      this.#cards.set(id, card);
      if (this.list.children[i] !== card.node)
        this.list.insertBefore(card.node, this.list.children[i] ?? null);
      card.draw(group, page);
    });
    this.took.hidden = !groups.some(({ lead }) => lead.about && lead.epochRows);
  }
}

class Card {
  #made = ""; // the terms of the numbers and what explains them
  #drawn = "";

  /**
   * @param {Group} group
   * @param {Actions} actions
   */
  constructor(group, actions) {
    this.group = group;
    const button = (/** @type {string} */ text, /** @type {() => void} */ act) =>
      element("button", { type: "button", class: "bv-button", onclick: act }, text);
    this.swatch = element("span", { class: "bv-swatch bv-large" });
    this.label = element("h3", { class: "bv-name" });
    this.pill = element("span", { class: "bv-pill" });
    this.details = element("p", { class: "bv-details" });
    this.reason = element("p", { class: "bv-reason" });
    this.filled = element("div", { class: "bv-filled" });
    this.bar = element(
      "div",
      { class: "bv-bar", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100 },
      this.filled,
    );
    this.progress = element("p", { class: "bv-progress" });
    this.numbers = element("dl", { class: "bv-numbers" });
    this.stop = button("Stop", () => actions.stop(this.group.ids));
    this.hide = button("Hide", () => actions.toggle(this.group.ids));
    this.alone = button("Only", () => actions.isolate(this.group.ids));
    const { link, csv, remove } = actions;
    this.copy = button("Link", () => this.#copy(link?.(this.group.ids) ?? ""));
    this.file = (/** @type {string[]} */ ids) => csv?.(ids) ?? "";
    this.csv = element("a", { class: "bv-button", download: "" }, "CSV");
    this.remove = button("Remove", () => remove?.(this.group.ids));
    this.node = element(
      "li",
      { class: "bv-card", "data-testid": "live-card", "data-run": group.lead.id },
      element("div", { class: "bv-card-top" }, this.swatch, this.label, this.pill),
      this.details,
      this.reason,
      this.bar,
      element("div", { class: "bv-doing" }, this.progress, this.stop),
      this.numbers,
      element(
        "div",
        { class: "bv-actions" },
        this.hide,
        this.alone,
        link && this.copy,
        csv && this.csv,
        remove && this.remove,
      ),
    );
  }

  /** @param {string} address */
  async #copy(address) {
    try {
      await navigator.clipboard.writeText(address);
      setText(this.copy, "Copied");
    } catch {
      window.prompt("Copy this link", address); // no clipboard without HTTPS: the learner copies by hand
      return;
    }
    setTimeout(() => setText(this.copy, "Link"), COPIED);
  }

  /**
   * @param {Group} group
   * @param {Page} page
   */
  draw(group, { view, theme, owned, stopping }) {
    this.group = group;
    const { lead, ids, runs } = group;
    const shown = view.shows(lead.id);
    const alone = view.isolates(ids);
    const open = runs.filter((run) => !run.final && owned.has(run.id));
    const isStopping = open.length > 0 && open.every((run) => stopping.has(run.id));
    const revisions = runs.map((run) => `${run.id} ${run.revision}`).join();
    const state = [revisions, shown, alone, open.length, isStopping, theme.signature].join(" ");
    if (state === this.#drawn) return; // nothing about this card changed
    this.#drawn = state;

    const { about, missing } = lead;
    const label = about?.label ?? (missing ? "Unknown run" : "Run");
    this.swatch.style.background = runColor(lead, theme);
    setText(this.label, label);
    setText(this.pill, isStopping ? "Stopping" : group.several ? seedsText(group) : pillText(lead));
    setText(this.details, group.several ? seedDetails(group) : (about?.details ?? ""));
    this.#drawProgress();
    setText(this.reason, missing ? "This run does not exist or was deleted." : reasons(group));
    this.#drawNumbers();
    for (const node of [this.details, this.reason]) node.hidden = !node.textContent;

    this.stop.hidden = !open.length || !about;
    this.stop.disabled = isStopping;
    for (const node of [this.hide, this.alone, this.copy, this.csv]) node.hidden = missing;
    setText(this.hide, shown ? "Hide" : "Show");
    setText(this.alone, alone ? "All" : "Only");
    setAttribute(this.alone, "aria-pressed", String(alone));
    setAttribute(this.csv, "href", this.file(ids));
    const seed = group.several ? `${runs.length} seeds` : `seed ${about?.seed}`;
    const name = about ? `${label}, ${seed}` : label;
    setAttribute(this.stop, "aria-label", `Stop ${name}`);
    setAttribute(this.hide, "aria-label", `${shown ? "Hide" : "Show"} ${name}`);
    setAttribute(this.alone, "aria-label", `Show only ${name}`);
    setAttribute(this.copy, "aria-label", `Copy link to ${name}`);
    setAttribute(this.csv, "aria-label", `Download CSV of ${name}`);
    setAttribute(this.remove, "aria-label", `Remove ${name}`);
    setAttribute(this.node, "data-status", group.status);
    setAttribute(this.node, "data-attempt", lead.attempt);
    setAttribute(this.node, "data-seeds", runs.length);
    setAttribute(this.node, "data-hidden", String(!shown));
  }

  #drawProgress() {
    const { lead, runs, several, status } = this.group;
    const running = status === "running";
    this.bar.hidden = this.progress.hidden = !running && status !== "queued";
    if (this.bar.hidden) return;
    const made = runs.map((run) => (run.final ? 1 : (run.about?.progress.fraction ?? 0)));
    const share = Math.round((made.reduce((sum, each) => sum + each, 0) / runs.length) * 100);
    this.filled.style.width = `${share}%`;
    setAttribute(this.bar, "aria-valuenow", share);
    setAttribute(this.bar, "aria-label", `Progress of ${lead.about?.label ?? "run"}`);
    const waiting = "Waiting for a free worker";
    if (several) setText(this.progress, running || share ? `${share} % of all seeds` : waiting);
    else setText(this.progress, running && lead.about ? progressText(lead.about) : waiting);
  }

  #drawNumbers() {
    const { group } = this;
    const pairs = group.several ? groupNumbers(group) : runNumbers(group.lead);
    const made = JSON.stringify(pairs.map(([term, , hint]) => [term, hint]));
    if (made !== this.#made) {
      this.#made = made;
      this.numbers.replaceChildren(
        ...pairs.map(([term, , hint, key]) => {
          const name = word(term, key);
          return element("div", hinted(hint, name), element("dt", {}, name), element("dd", {}));
        }),
      );
    }
    // What is read at the moment, with the keyboard on it, stays where it is.
    pairs.forEach(([, text], i) =>
      setText(/** @type {HTMLElement} */ (this.numbers.children[i].lastElementChild), text),
    );
  }
}

/**
 * "75 of 250 updates · 1.2 s left"
 * @param {About} about
 */
function progressText({ progress: { updates, remaining_seconds: left }, plan: { updates: planned } }) {
  const made = planned
    ? `${format.quantity(updates)} of ${format.quantity(planned)}`
    : format.quantity(updates);
  return left === null ? `${made} updates` : `${made} updates · ${format.duration(left)} left`;
}

/** @param {number} seconds */
function roughly(seconds) {
  return seconds < 90
    ? `about ${Math.max(1, Math.round(seconds))} s`
    : `about ${Math.round(seconds / 60)} min`;
}

/** @param {Recording} run */
function pillText(run) {
  const { queue_position: place, queue_seconds: seconds } = run.about ?? {};
  if (run.status !== "queued" || !place) return STATUS[run.status];
  return `Queued, ${place} ahead${seconds ? `, ${roughly(seconds)}` : ""}`;
}

/**
 * "10 seeds"; "3 of 10 seeds done", and what became of those that will not be.
 * @param {Group} group
 */
export function seedsText(group) {
  const all = group.runs.length;
  const done = group.count((run) => run.status === "done");
  if (done === all) return `${all} seeds`;
  const ended = /** @type {const} */ (["diverged", "failed", "stopped", "missing"]).flatMap((status) => {
    const count = group.count((run) => run.status === status);
    return count ? [`${count} ${STATUS[status].toLowerCase()}`] : [];
  });
  return [`${done} of ${all} seeds done`, ...ended].join(", ");
}

/**
 * What was set, with all seeds: "Adam, lr 0.001, 16 relu, seeds 0 to 9".
 * @param {Group} group
 */
function seedDetails({ lead, runs }) {
  const seeds = runs.flatMap((run) => run.about?.seed ?? []).sort((a, b) => a - b);
  const following = seeds.every((seed, i) => seed === seeds[0] + i);
  const text = following ? `seeds ${seeds[0]} to ${seeds.at(-1)}` : `seeds ${seeds.join(", ")}`;
  return (lead.about?.details ?? "").replace(/seed \d+$/, text);
}

/**
 * Why runs ended as they did, each reason once.
 * @param {Group} group
 */
function reasons({ runs }) {
  return [...new Set(runs.map((run) => run.about?.reason ?? ""))].filter(Boolean).join(" ");
}
