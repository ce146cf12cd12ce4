// The live chart: puts feed, clock, charts, controls and cards together, and decides when to draw.

import { commonAxis } from "./axes.js";
import { announce } from "../core/announce.js";
import { whenConnected, whenIdle } from "../core/app-state.js";
import { showHints } from "../core/hints.js";
import { mountOnce } from "../core/mount-once.js";
import { only } from "../core/dom.js";
import { AXES } from "../core/units.js";
import { DataTable } from "../chart/data-table.js";
import { readTheme } from "../chart/theme.js";
import { Cards } from "./cards.js";
import { Charts } from "./charts.js";
import { Clock } from "./clock.js";
import { ClockNote } from "./clock-note.js";
import { epochTables } from "./epoch-table.js";
import { groupRuns } from "./groups.js";
import { listen } from "./keys.js";
import { Page } from "./page.js";
import { Player } from "./player.js";
import { Poller } from "./poller.js";
import { RaceAgain } from "./race-again.js";
import { Starts } from "./starts.js";
import { library, RunList } from "./run-list.js";
import { Timing } from "./timing.js";
import { Toolbar } from "./toolbar.js";
import { View } from "./view-state.js";

const MAX_STEP = 250; // milliseconds that a frame moves the playback at most
const STILL = 900; // milliseconds that the end of a race is looked at before it is played again

/**
 * @typedef {import("../core/mount-once.js").Component} Component its data: {key, runs, owned, refused: [run ids],
 *   preset: {...}, alone, opening, invitation, again: {lead, offers}, tell_clock, starts: {page, number}, recorded,
 *   moment: {axis, at, play}}
 * @typedef {import("./curves.js").KnownRun} KnownRun
 * @typedef {import("../core/units.js").Axis} Axis
 */

showHints();
announce();

/** The component's entry. */
export const mount = mountOnce((component, base) => new Live(component, base));

class Live {
  /** @type {Component} */
  #component;
  #runs = new RunList();
  #lost = false;
  #accepted = false; // the offer of further training
  /** @type {number | null} */
  #frame = null;
  #lastFrame = 0;
  #moment = "null"; // that the page asked for last

  /**
   * @param {Component} component
   * @param {URL} base the app's base address
   */
  constructor(component, base) {
    this.#component = component;
    this.root = /** @type {HTMLElement} */ (only(component.parentElement, ".batchviz-live"));
    this.theme = readTheme(this.root);
    this.clock = new Clock();
    this.view = new View(component.data.key, (before) => this.#viewChanged(before));
    this.poller = new Poller(base, library, () => this.#news());
    this.timing = new Timing(base, () => this.#clocksKnown());
    this.clockNote = new ClockNote(() => this.#measure());
    this.charts = new Charts(this.root, {
      shown: () => this.#shown(),
      invalidate: () => this.invalidate(),
      onToggle: (ids) => this.view.set({ alone: [], hidden: [...new Set([...this.view.hidden, ...ids])] }),
      onIsolate: (ids) => this.view.isolate(ids),
    });
    this.player = new Player(
      this.clock,
      () => this.#scope(),
      () => this.invalidate(),
    );
    this.toolbar = new Toolbar(this.view, {
      resetZoom: () => this.charts.setZoom(null),
      save: (/** @type {"png" | "svg"} */ format) => this.charts.save(format, this.#caption()),
    });
    this.cards = new Cards(this.#cardActions(base));
    this.table = new DataTable({ testId: "live-table", choose: "Run", about: "Numbers of each epoch" });
    this.starts = new Starts(
      base,
      (runs, points) => this.#show(runs, points),
      () => this.page.hold(),
      () => this.poller.choice,
    );
    this.again = new RaceAgain((change) => this.#press("again", change));
    const parts = {
      stage: [this.charts.node, this.player.node, this.charts.notes, this.clockNote.node, this.toolbar.node],
      again: this.again.node,
      runs: [this.cards.node, this.table.node],
    };
    this.page = new Page(
      this.root,
      parts,
      () => this.#accept(),
      (preset) => this.#press("start", preset),
    );
    const empty = () => !this.#runs.ids.length && this.root.isConnected;
    this.charts.load(base, component.data.runs.length ? () => false : empty);
    this.deafen = listen(() => Boolean(this.#component.data.keys), this.#keys());
  }

  /** @returns {import("./keys.js").Acts} */
  #keys() {
    const { player, view } = this;
    const axes = /** @type {Axis[]} */ (Object.keys(AXES));
    return {
      toggle: () => player.toggle(),
      step: (stride, direction) => player.step(stride, direction),
      begin: () => player.begin(),
      end: () => player.end(),
      axis: () => view.set({ axis: axes[(axes.indexOf(view.axis) + 1) % axes.length] }),
      full: () => (document.fullscreenElement ? document.exitFullscreen() : this.root.requestFullscreen()),
    };
  }

  /** @param {URL} base */
  #cardActions(base) {
    const served = !this.#component.data.recorded; // a file that plays alone has no server to ask and nothing to remove from
    const link = (/** @type {string[]} */ ids) =>
      Object.assign(new URL(base), { search: `runs=${ids.join()}` }).href;
    const csv = (/** @type {string[]} */ ids) =>
      new URL(`api/export/csv-epochs?${ids.map((id) => `run=${id}`).join("&")}`, base).href;
    return {
      stop: (/** @type {string[]} */ ids) => this.#stop(ids),
      remove: served ? (/** @type {string[]} */ ids) => this.#remove(ids) : null,
      toggle: (/** @type {string[]} */ ids) => this.view.toggle(ids),
      isolate: (/** @type {string[]} */ ids) => this.view.isolate(ids),
      link: served ? link : null,
      csv: served ? csv : null,
    };
  }

  close() {
    this.deafen();
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.poller.close();
    this.starts.close();
    this.timing.close();
    this.charts.close();
  }

  /**
   * New data or a new theme from Streamlit.
   * @param {Component} component
   */
  update(component) {
    this.#component = component;
    this.#accepted = false;
    this.theme = readTheme(this.root);
    const { runs, preset, starts, moment } = component.data;
    this.starts.know(starts);
    this.view.open(preset ?? {});
    this.#show(runs);
    this.#lookAt(moment ?? null);
  }

  /**
   * Stand where whoever holds the recording says, once: `at` so much of an axis, or null for all that is recorded.
   * @param {{ axis: Axis, at: number | null, play: boolean } | null} moment
   */
  #lookAt(moment) {
    const asked = JSON.stringify(moment);
    if (asked === this.#moment || !moment) return;
    this.#moment = asked;
    this.view.set({ axis: moment.axis });
    this.#setPaces();
    if (moment.at === null) this.clock.follow();
    else this.clock.seek(moment.at, this.#scope().end);
    if (moment.play) setTimeout(() => this.#playAgain(), STILL);
  }

  /**
   * @param {string[]} runs
   * @param {import("../core/payload.js").Feed} [points] what is known of them
   */
  #show(runs, points) {
    this.#follow(this.#runs.received(runs, this.#component.data.refused ?? []), points);
    if (!points || this.#frame === null) return;
    cancelAnimationFrame(this.#frame); // the first point need not wait for a frame
    this.#tick(performance.now());
  }

  /**
   * Tell Python of a press that trains.
   * @param {string} name
   * @param {unknown} value
   */
  #press(name, value) {
    this.#component.setTriggerValue(name, value);
    this.starts.ask();
  }

  /**
   * @param {string[]} ids
   * @param {import("../core/payload.js").Feed} [points]
   */
  #follow(ids, points) {
    const begun = this.#runs.ids.length > 0;
    const { changed, fresh } = this.#runs.follow(ids);
    if (changed) {
      // A new run is shown live, unless the learner is in the middle of a recording.
      if (fresh && !this.clock.playing) this.clock.follow();
      if (fresh && begun && this.view.alone.length) this.view.set({ alone: [] });
      this.view.keepOnly(ids);
      this.poller.watch(ids, points);
    }
    this.invalidate();
  }

  #news() {
    // The first run of a network brings its clock, a moment after its end.
    if (this.#runs.settle().length) this.timing.expect();
    if (this.#runs.raceOver() && !this.#component.data.recorded) setTimeout(() => this.#playAgain(), STILL);
    this.invalidate();
  }

  /**
   * After a race all curves run once more, together from the start line: while they were trained each came when it could.
   * Not for who looks at another moment already, looks elsewhere, or asked the system for less motion.
   */
  #playAgain() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still || document.hidden || !this.root.isConnected || this.clock.position !== null) return;
    const axis = commonAxis(this.#visible(), this.view.axis);
    if (axis !== this.view.axis) this.view.set({ axis });
    this.clock.play(this.#scope().end);
    this.invalidate();
  }

  /** @param {{axis: Axis, clock: string, scale: string}} before */
  #viewChanged(before) {
    if (before.axis !== this.view.axis || before.clock !== this.view.clock) {
      const visible = this.#visible();
      const end = (/** @type {Axis} */ axis) => Math.max(0, ...visible.map((run) => run.end(axis)));
      const endBefore = end(before.axis);
      this.#setPaces();
      this.clock.rescale(endBefore, end(this.view.axis));
      this.charts.zoom = null;
    } else if (before.scale !== this.view.scale) {
      this.charts.zoom = this.charts.zoom?.x ? { x: this.charts.zoom.x } : null;
    }
    this.charts.tooltip.clear();
    this.invalidate();
  }

  /** @param {string[]} ids */
  #stop(ids) {
    const { owned } = this.#component.data;
    const own = this.#runs.recordings.filter(
      (run) => ids.includes(run.id) && owned.includes(run.id) && !run.final,
    );
    for (const { id } of own) this.#runs.stopping.add(id);
    this.#component.setTriggerValue("stop", own.map(({ id }) => id).join());
    this.invalidate();
  }

  /** @param {string[]} ids */
  #remove(ids) {
    const rest = this.#runs.remove(ids);
    this.#component.setTriggerValue("remove", ids.join());
    this.#follow(rest);
  }

  #accept() {
    this.#accepted = true; // until Python answers
    this.#press("accept", Date.now());
    this.invalidate();
  }

  /** Under a picture of the charts: what they show, and whose seconds those are. */
  #caption() {
    const note = this.view.axis === "seconds" ? this.timing.state(this.view.clock)?.note : "";
    return [this.poller.sentence, note].filter(Boolean).join(" ");
  }

  #measure() {
    this.#component.setTriggerValue("measure", this.view.clock);
    this.timing.expect();
  }

  /** What the page says of time follows from the clock: once that is measured the script runs again, if it asked to. */
  #clocksKnown() {
    if (this.timing.arrived && this.#component.data.tell_clock) {
      whenIdle(() => this.#component.setTriggerValue("clock", Date.now()));
    }
    this.invalidate();
  }

  /** Seconds are told on the chosen clock; what is known of it changes while it is measured. */
  #setPaces() {
    const { recordings, ids } = this.#runs;
    if (this.view.axis === "seconds" || this.#component.data.tell_clock)
      this.timing.watch(ids, recordings.filter((run) => run.final).length);
    for (const run of recordings) run.setPace(this.timing.pace(run.id, this.view.clock));
  }

  #visible() {
    const visible = this.#runs.recordings.filter(
      (run) => run.about && !run.missing && !this.poller.imminent(run) && this.view.shows(run.id),
    );
    return /** @type {KnownRun[]} */ (visible);
  }

  /** One card a group. Many runs that were just asked for have none until it is known which belong together. */
  #listed() {
    const { recordings } = this.#runs;
    const unknown = recordings.filter((run) => !run.about && this.poller.imminent(run));
    return groupRuns(unknown.length > 1 ? recordings.filter((run) => !unknown.includes(run)) : recordings);
  }

  #scope() {
    const { axis } = this.view;
    const recordings = this.#visible();
    return { recordings, axis, end: Math.max(0, ...recordings.map((run) => run.end(axis))) };
  }

  /** @returns {import("./axes.js").ChartState} */
  #shown() {
    const { view, theme } = this;
    return {
      recordings: this.#visible(),
      view,
      theme,
      zoom: this.charts.zoom,
      position: this.clock.position,
    };
  }

  /** Draw on the next animation frame, however often this is called until then. */
  invalidate() {
    this.#frame ??= requestAnimationFrame((now) => this.#tick(now));
  }

  /** @param {number} now */
  #tick(now) {
    this.#frame = null;
    if (this.clock.playing) {
      this.clock.advance(Math.min(now - this.#lastFrame, MAX_STEP) / 1000, this.#scope().end);
      this.invalidate();
    }
    this.#lastFrame = now;
    this.#draw();
  }

  #draw() {
    const { recordings, stopping } = this.#runs;
    const { view, theme, poller } = this;
    const { data } = this.#component;
    const empty = recordings.length === 0;
    this.#setPaces();
    this.clockNote.draw(view.axis === "seconds", this.timing.state(view.clock));
    const waiting = recordings.some((run) => !run.final);
    const { sentence, lost, engine } = poller;
    this.again.draw(waiting || data.alone ? undefined : data.again);
    this.page.draw({
      empty,
      alone: Boolean(data.alone),
      opening: Boolean(data.opening),
      invitation: data.invitation,
      sentence,
      offer: data.offers ? poller.offer : "",
      accepted: this.#accepted,
      lost,
      engine,
      waiting,
    });
    this.#connection(lost);
    if (empty) return;
    // The empty axes of a run that is about to have its first point would only flash.
    const flashing = !this.#visible().length && recordings.some((run) => poller.imminent(run));
    const first = !this.charts.begun;
    if (!first || !flashing) this.charts.draw(this.clock.playing);
    if (first && !flashing) {
      this.invalidate(); // the first point is on the screen before what stands around it
      return;
    }
    if (view.noise && view.seeds) poller.fetchEveryUpdate();
    this.player.draw();
    poller.tellBy(view);
    this.toolbar.draw({
      zoomed: this.charts.zoom !== null,
      recordings: this.#visible(),
      means: poller.means,
    });
    this.cards.draw(this.#listed(), { view, theme, owned: new Set(data.owned), stopping });
    const version = recordings.map((run) => `${run.id} ${run.revision}`).join();
    this.table.draw(() => epochTables(groupRuns(recordings)), version);
  }

  /** @param {boolean} lost */
  #connection(lost) {
    if (this.#lost && !lost) {
      this.#runs.stopping.clear(); // what was pressed in vain can be pressed again
      // The server may be a new one, to which this tab's session means nothing until the script has run: until then the
      // first press of a button would go unheard. So run it.
      whenConnected(() => this.#component.setTriggerValue("reconnected", Date.now()));
    }
    this.#lost = lost;
  }
}
