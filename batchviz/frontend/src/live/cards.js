// A card a run: what it is, how it stands, and what can be done with it.

import { element, setAttribute, setText } from "../core/dom.js";
import * as format from "../core/format.js";
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

/**
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("./recording.js").About} About
 * @typedef {import("./view-state.js").View} View
 * @typedef {{ dark: boolean, signature: string }} Theme
 *
 * @typedef {object} Actions what the buttons of a card do with a run's id; null: no such button
 * @property {(id: string) => void} stop
 * @property {(id: string) => void} toggle
 * @property {(id: string) => void} isolate
 * @property {((id: string) => void) | null} remove
 * @property {((id: string) => string) | null} link address of the run's page
 * @property {((id: string) => string) | null} csv address of the file
 */

export class Cards {
  /** @type {Map<string, Card>} */
  #cards = new Map();

  /** @param {Actions} actions */
  constructor(actions) {
    this.actions = actions;
    this.list = element("ul", { class: "bv-cards", "aria-label": "Runs" });
    this.node = this.list;
  }

  /**
   * Draw a card a run: `mine` holds the ids that this visitor may stop, `stopping` those told to.
   * @param {Recording[]} recordings
   * @param {{ view: View, theme: Theme, mine: Set<string>, stopping: Set<string> }} page
   */
  draw(recordings, { view, theme, mine, stopping }) {
    const ids = new Set(recordings.map((run) => run.id));
    for (const [id, card] of this.#cards) {
      if (ids.has(id)) continue;
      card.node.remove();
      this.#cards.delete(id);
    }
    recordings.forEach((run, i) => {
      const card = this.#cards.get(run.id) ?? new Card(run, this.actions);
      this.#cards.set(run.id, card);
      if (this.list.children[i] !== card.node)
        this.list.insertBefore(card.node, this.list.children[i] ?? null);
      card.draw({ view, theme, mine: mine.has(run.id), stopping: stopping.has(run.id) });
    });
  }
}

class Card {
  #drawn = "";

  /**
   * @param {Recording} run
   * @param {Actions} actions
   */
  constructor(run, actions) {
    this.run = run;
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
    this.stop = button("Stop", () => actions.stop(run.id));
    this.hide = button("Hide", () => actions.toggle(run.id));
    this.alone = button("Only", () => actions.isolate(run.id));
    const { link, csv, remove } = actions;
    this.copy = button("Link", () => this.#copy(link?.(run.id) ?? ""));
    this.csv = element("a", { class: "bv-button", href: csv?.(run.id), download: "" }, "CSV");
    this.remove = button("Remove", () => remove?.(run.id));
    this.node = element(
      "li",
      { class: "bv-card", "data-testid": "live-card", "data-run": run.id },
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

  /** @param {{ view: View, theme: Theme, mine: boolean, stopping: boolean }} page */
  draw({ view, theme, mine, stopping }) {
    const { run } = this;
    const shown = view.shows(run.id);
    const state = [run.revision, shown, view.alone === run.id, mine, stopping, theme.signature].join(" ");
    if (state === this.#drawn) return; // nothing about this card changed
    this.#drawn = state;

    const { about, status } = run;
    const label = about?.label ?? (run.missing ? "Unknown run" : "Run");
    this.swatch.style.background = runColor(run, theme);
    setText(this.label, label);
    setText(this.pill, stopping && !run.final ? "Stopping" : pillText(run));
    setText(this.details, about?.details ?? "");
    this.#drawProgress();
    setText(this.reason, run.missing ? "This run does not exist or was deleted." : (about?.reason ?? ""));
    this.#drawNumbers();
    for (const node of [this.details, this.reason]) node.hidden = !node.textContent;

    this.stop.hidden = run.final || !about || !mine;
    this.stop.disabled = stopping;
    for (const node of [this.hide, this.alone, this.copy, this.csv]) node.hidden = run.missing;
    setText(this.hide, shown ? "Hide" : "Show");
    setText(this.alone, view.alone === run.id ? "All" : "Only");
    setAttribute(this.alone, "aria-pressed", String(view.alone === run.id));
    const name = about ? `${label}, seed ${about.seed}` : label;
    setAttribute(this.stop, "aria-label", `Stop ${name}`);
    setAttribute(this.hide, "aria-label", `${shown ? "Hide" : "Show"} ${name}`);
    setAttribute(this.alone, "aria-label", `Show only ${name}`);
    setAttribute(this.copy, "aria-label", `Copy link to ${name}`);
    setAttribute(this.csv, "aria-label", `Download CSV of ${name}`);
    setAttribute(this.remove, "aria-label", `Remove ${name}`);
    setAttribute(this.node, "data-status", status);
    setAttribute(this.node, "data-attempt", run.attempt);
    setAttribute(this.node, "data-hidden", String(!shown));
  }

  #drawProgress() {
    const { about, status } = this.run;
    const progress = about?.progress;
    const running = status === "running";
    this.bar.hidden = this.progress.hidden = !running && status !== "queued";
    if (this.bar.hidden) return;
    const share = running ? Math.round((progress?.fraction ?? 0) * 100) : 0;
    this.filled.style.width = `${share}%`;
    setAttribute(this.bar, "aria-valuenow", share);
    setAttribute(this.bar, "aria-label", `Progress of ${about?.label ?? "run"}`);
    setText(
      this.progress,
      running && progress ? progressText(progress, about.plan) : "Waiting for a free worker",
    );
  }

  #drawNumbers() {
    const { about, epochs, epochRows } = this.run;
    if (!epochRows || !about) {
      this.numbers.replaceChildren();
      return;
    }
    const measured = numbers(this.run, about);
    /** @type {[string, string, string?][]} */
    const pairs = [
      [`Validation ${about.loss_name}`, format.number(measured.validation)],
      [
        "Best",
        measured.bestEpoch === null
          ? format.number(measured.best)
          : `${format.number(measured.best)} · epoch ${format.quantity(measured.bestEpoch)}`,
      ],
      [`Validation ${about.metric_name}`, format.number(epochs.val_metric.last)],
      [
        "Gap",
        format.signed(measured.gap),
        "Validation loss minus training loss at the end of the last epoch",
      ],
      ["Updates", format.quantity(measured.updates)],
      ["Training time", format.duration(measured.seconds)],
    ];
    this.numbers.replaceChildren(
      ...pairs.map(([term, text, title]) =>
        element("div", { title }, element("dt", {}, term), element("dd", {}, text)),
      ),
    );
  }
}

/**
 * "75 of 250 updates · 1.2 s left"
 * @param {About["progress"]} progress
 * @param {About["plan"]} plan
 */
function progressText({ updates, remaining_seconds: left }, { updates: planned }) {
  const made = planned
    ? `${format.quantity(updates)} of ${format.quantity(planned)}`
    : format.quantity(updates);
  return left === null ? `${made} updates` : `${made} updates · ${format.duration(left)} left`;
}

/**
 * What the card says: the feed's final values where there are some, otherwise what the points so far say.
 * @param {Recording} run
 * @param {About} about
 */
function numbers(run, { final, progress }) {
  const { epochs } = run;
  const losses = epochs.val_loss.values;
  let best = -1;
  for (let i = 0; i < losses.length; i += 1)
    if (Number.isFinite(losses[i]) && (best < 0 || losses[i] < losses[best])) best = i;
  return {
    validation: final.val_loss ?? epochs.val_loss.last,
    best: final.best_val_loss ?? losses[best],
    bestEpoch: final.best_epoch ?? (best < 0 ? null : run.epochX("epochs")[best]),
    gap: final.gap ?? epochs.val_loss.last - epochs.train_loss.last,
    updates: final.updates ?? Math.max(progress.updates ?? 0, epochs.updates.last),
    seconds: final.seconds ?? Math.max(progress.seconds ?? 0, epochs.seconds.last),
  };
}

/** @param {Recording} run */
function pillText(run) {
  const place = run.about?.queue_position;
  return run.status === "queued" && place ? `Queued, ${place} in line` : STATUS[run.status];
}
