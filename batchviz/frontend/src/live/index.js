// The live chart: puts feed, clock, charts, controls and cards together, and decides when to draw.

import { mounted } from "../core/mount-once.js";
import { element, mark, write } from "../core/dom.js";
import { DataTable } from "../chart/data-table.js";
import { readTheme } from "../chart/theme.js";
import { Cards } from "./cards.js";
import { Charts } from "./charts.js";
import { Clock } from "./clock.js";
import { emptyState } from "./empty-state.js";
import { epochTables } from "./epoch-table.js";
import { Player } from "./player.js";
import { Feed } from "./poller.js";
import { Recording } from "./recording.js";
import { Toolbar } from "./toolbar.js";
import { View } from "./view-state.js";

// Kept for the life of the page, so that leaving and coming back, or a second chart, needs no second download.
const library = new Map();

const ENGINE = {
  warming: "The training engine is warming up. The first run starts in a few seconds.",
  down: "The training engine is not running. Queued runs start as soon as it is back.",
};

/** component.data = {key, runs, mine, refused: [run ids], preset: {...}, alone, invitation, tell_end}; base is the app's base address. */
export const mount = mounted((component, base) => new Live(component, base));

class Live {
  #component;
  #ids = [];
  #removed = new Set();
  #stopping = new Set(); // asked to stop, and not known to be over
  #refusals = 0; // already heard of
  #open = new Set(); // shown, and not known to be over
  #seen = new Set();
  #lost = false;
  #frame = null;
  #lastFrame = 0;

  constructor(component, base) {
    this.#component = component;
    this.base = base;
    this.root = component.parentElement.querySelector(".batchviz-live");
    this.clock = new Clock();
    this.view = new View(component.data.key, (before) => this.#viewChanged(before));
    this.feed = new Feed(base, library, () => this.#news());
    this.charts = new Charts({
      shown: () => this.#shown(),
      invalidate: () => this.invalidate(),
      onPoints: (points) => this.#announce(points),
      onToggle: (ids) => this.view.set({ alone: null, hidden: [...new Set([...this.view.hidden, ...ids])] }),
      onIsolate: (ids) => this.#isolate(ids),
    });
    this.player = new Player(
      this.clock,
      () => this.#scope(),
      () => this.invalidate(),
    );
    this.toolbar = new Toolbar(this.view, {
      resetZoom: () => this.charts.setZoom(null),
      save: (format) => this.charts.save(format, this.feed.sentence),
    });
    const served = !component.data.recorded; // a file that plays alone has no server to ask and nothing to remove from
    this.cards = new Cards({
      stop: (id) => this.#stop(id),
      remove: served ? (id) => this.#remove(id) : null,
      toggle: (id) => this.view.toggle(id),
      isolate: (id) => this.view.isolate(id),
      link: served
        ? (id) => Object.assign(new URL(base), { search: new URLSearchParams({ runs: id }) }).href
        : null,
      csv: served ? (id) => new URL(`api/export/csv-epochs?run=${id}`, base).href : null,
    });
    this.table = new DataTable({ testId: "live-table", choose: "Run", about: "Numbers of each epoch" });
    this.#build();
    this.charts.load(base, () => !this.#recordings.length && this.root.isConnected);
  }

  #build() {
    this.notice = element("p", { class: "bv-notice", role: "status", "data-testid": "live-notice" });
    this.sentence = element("p", {
      class: "bv-sentence",
      "aria-live": "polite",
      "data-testid": "live-sentence",
    });
    this.empty = emptyState();
    this.stage = element("div", { class: "bv-stage" }, this.charts.node, this.player.node, this.toolbar.node);
    this.runs = element(
      "section",
      { class: "bv-runs", "aria-labelledby": "bv-runs-heading" },
      element("h2", { class: "bv-heading", id: "bv-runs-heading" }, "Runs"),
      this.cards.node,
      this.table.node,
    );
    this.root.replaceChildren(this.notice, this.empty, this.stage, this.sentence, this.runs);
  }

  close() {
    cancelAnimationFrame(this.#frame);
    this.feed.close();
    this.charts.close();
  }

  /** New data or a new theme from Streamlit. */
  update(component) {
    this.#component = component;
    const ids = component.data.runs;
    for (const id of this.#removed) if (!ids.includes(id)) this.#removed.delete(id);
    const refused = component.data.refused ?? [];
    for (const id of refused.slice(this.#refusals)) this.#stopping.delete(id);
    this.#refusals = refused.length;
    this.theme = readTheme(this.root);
    this.view.open(component.data.preset ?? {});
    this.#follow(ids.filter((id) => !this.#removed.has(id)));
  }

  #follow(ids) {
    const same = ids.length === this.#ids.length && ids.every((id, i) => id === this.#ids[i]);
    if (!same) {
      const fresh = ids.some((id) => !this.#ids.includes(id));
      // A new run is shown live, unless the learner is in the middle of a recording.
      if (fresh && !this.clock.playing) this.clock.follow();
      if (fresh && this.view.alone && this.#ids.length) this.view.set({ alone: null });
      this.#ids = ids;
      for (const id of ids) if (!library.has(id)) library.set(id, new Recording(id));
      for (const run of this.#recordings) if (!run.final) this.#open.add(run.id);
      this.view.keepOnly(ids);
      this.feed.watch(ids);
    }
    this.invalidate();
  }

  /**
   * After an outage the server may be a new one, to which this tab's session means nothing until the script has run:
   * until then the first press of a button would go unheard. So run it, as soon as Streamlit is connected again.
   */
  #greet(tries = 60) {
    const app = document.querySelector("[data-testid=stApp]");
    if (app && app.dataset.testConnectionState !== "CONNECTED" && tries > 0) {
      setTimeout(() => this.#greet(tries - 1), 1000);
    } else {
      this.#component.setTriggerValue("reconnected", Date.now());
    }
  }

  #news() {
    for (const id of this.#stopping) if (library.get(id)?.final) this.#stopping.delete(id);
    this.#tellEnds();
    this.invalidate();
  }

  /** Python hears of every run that is known to be over, if it asked for that. */
  #tellEnds() {
    const over = this.#recordings.filter((run) => run.final && this.#open.delete(run.id));
    if (over.length && this.#component.data.tell_end) this.#component.setTriggerValue("ended", Date.now());
  }

  #viewChanged(before) {
    if (before.axis !== this.view.axis) {
      const visible = this.#visible();
      const end = (axis) => Math.max(0, ...visible.map((run) => run.end(axis)));
      this.clock.rescale(end(before.axis), end(this.view.axis));
      this.charts.zoom = null;
    } else if (before.scale !== this.view.scale) {
      this.charts.zoom = this.charts.zoom?.x ? { x: this.charts.zoom.x } : null;
    }
    this.charts.tooltip.clear();
    this.invalidate();
  }

  #isolate(ids) {
    if (ids.length === 1) this.view.isolate(ids[0]);
    else this.view.set({ alone: null, hidden: this.#ids.filter((id) => !ids.includes(id)) });
  }

  #stop(id) {
    this.#stopping.add(id);
    this.#component.setTriggerValue("stop", id);
    this.invalidate();
  }

  #remove(id) {
    this.#removed.add(id); // gone at once; Python confirms with the next list of runs
    this.#component.setTriggerValue("remove", id);
    this.#follow(this.#ids.filter((other) => other !== id));
  }

  get #recordings() {
    return this.#ids.map((id) => library.get(id));
  }

  #visible() {
    return this.#recordings.filter(
      (run) => run.about && !run.missing && !this.feed.imminent(run) && this.view.shows(run.id),
    );
  }

  #scope() {
    const { axis } = this.view;
    const recordings = this.#visible();
    return { recordings, axis, end: Math.max(0, ...recordings.map((run) => run.end(axis))) };
  }

  #shown() {
    return {
      recordings: this.#visible(),
      view: this.view,
      theme: this.theme,
      zoom: this.charts.zoom,
      position: this.clock.position,
    };
  }

  /** Draw on the next animation frame, however often this is called until then. */
  invalidate() {
    if (this.#frame === null) this.#frame = requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now) {
    this.#frame = null;
    const { end } = this.#scope();
    if (this.clock.playing) {
      this.clock.advance(Math.min(now - this.#lastFrame, 250) / 1000, end);
      this.invalidate();
    }
    this.#lastFrame = now;
    this.#draw();
  }

  #draw() {
    const recordings = this.#recordings;
    const none = recordings.length === 0;
    this.empty.hidden = !none;
    this.stage.hidden = none;
    this.runs.hidden = none || Boolean(this.#component.data.alone);
    if (this.#component.data.invitation)
      write(this.empty.querySelector(".bv-invitation"), this.#component.data.invitation);
    mark(this.root, "data-state", none ? "empty" : "runs");
    this.#drawNotice(recordings);
    write(this.sentence, none ? "" : this.feed.sentence);
    if (none) return;
    this.player.draw();
    this.toolbar.draw({ zoomed: this.charts.zoom !== null, recordings: this.#visible() });
    const mine = new Set(this.#component.data.mine);
    this.cards.draw(recordings, { view: this.view, theme: this.theme, mine, stopping: this.#stopping });
    this.table.draw(
      () => epochTables(this.#recordings),
      recordings.map((run) => `${run.id} ${run.revision}`).join(),
    );
    // The empty axes of a run that is about to have its first point would only flash.
    if (!this.charts.begun && !this.#visible().length && recordings.some((run) => this.feed.imminent(run)))
      return;
    this.charts.draw(this.clock.playing);
  }

  #drawNotice(recordings) {
    const waiting = recordings.some((run) => !run.final);
    const text = this.feed.lost
      ? "Connection lost, trying again. Nothing recorded is lost."
      : (waiting && ENGINE[this.feed.engine]) || "";
    write(this.notice, text);
    mark(this.notice, "data-kind", this.feed.lost ? "lost" : this.feed.engine);
    if (this.#lost && !this.feed.lost) {
      this.#stopping.clear(); // what was pressed in vain can be pressed again
      this.#greet();
    }
    this.#lost = this.feed.lost;
  }

  /** Tell whoever measures that the first point of a run is on the screen. */
  #announce(points) {
    for (const [id, count] of Object.entries(points)) {
      if (!count || this.#seen.has(id)) continue;
      this.#seen.add(id);
      const at = performance.now();
      mark(this.root, "data-first-point", at);
      mark(this.root, "data-first-point-run", id);
      this.root.dispatchEvent(new CustomEvent("batchviz:first-point", { bubbles: true, detail: { id, at } }));
    }
  }
}
