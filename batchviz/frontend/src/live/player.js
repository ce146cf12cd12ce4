// The player's controls. The clock keeps the time; this shows it and takes the learner's hand.

import { AXES } from "../core/units.js";
import { neighbour } from "./clock.js";
import { element, icon, setAttribute, setText } from "../core/dom.js";
import * as format from "../core/format.js";
import { updatesOfAStep } from "./describe.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const STEPS = 1000; // of the scrubber

/**
 * @typedef {import("./clock.js").Clock} Clock
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("../core/units.js").Axis} Axis
 * @typedef {"epoch" | "update"} Stride what one step moves by
 */

export class Player {
  /**
   * @param {Clock} clock
   * @param {() => { recordings: Recording[], axis: Axis, end: number }} scope what is being played
   * @param {() => void} onChange the position, or whether it plays, changed
   */
  constructor(clock, scope, onChange) {
    this.clock = clock;
    this.scope = scope;
    this.onChange = onChange;
    this.playButton = button("play", "Play", () => this.toggle());
    this.back = button("updateBack", "Back one update", () => this.step("update", -1));
    this.forward = button("updateForward", "Forward one update", () => this.step("update", 1));
    this.live = element("button", {
      type: "button",
      class: "bv-live",
      onclick: () => this.#do(() => clock.follow()),
    });
    this.scrubber = element("input", {
      type: "range",
      class: "bv-scrubber",
      min: 0,
      max: STEPS,
      step: 1,
      value: STEPS,
      "aria-label": "Position in the recording",
      oninput: () => this.#do((end) => clock.seek((Number(this.scrubber.value) / STEPS) * end, end)),
    });
    this.text = element("span", { class: "bv-position", "data-testid": "live-position" });
    this.speed = element(
      "select",
      {
        class: "bv-select",
        "aria-label": "Playback speed",
        "data-hint":
          "Playback speed: how quickly the recording runs. At 1× all of it takes 12 seconds, however long the training was.",
        onchange: () =>
          this.#do(() => {
            clock.speed = Number(this.speed.value);
          }),
      },
      ...SPEEDS.map((speed) => element("option", { value: speed, selected: speed === 1 }, `${speed}×`)),
    );
    this.node = element(
      "div",
      {
        class: "bv-player",
        role: "group",
        "aria-label": "Playback of the recording",
        "data-testid": "live-player",
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      },
      element(
        "div",
        { class: "bv-transport" },
        button("epochBack", "Back one epoch", () => this.step("epoch", -1)),
        this.back,
        this.playButton,
        this.forward,
        button("epochForward", "Forward one epoch", () => this.step("epoch", 1)),
      ),
      this.scrubber,
      this.text,
      element("div", { class: "bv-pace" }, this.speed, this.live),
    );
  }

  /** @param {(end: number) => void} act */
  #do(act) {
    act(this.scope().end);
    this.onChange();
  }

  toggle() {
    this.#do((end) => (this.clock.playing ? this.clock.pause(end) : this.clock.play(end)));
  }

  /**
   * Go to the next stop of any visible run: an epoch's end, or a recorded update or bucket of updates.
   * @param {Stride} stride
   * @param {1 | -1} direction
   */
  step(stride, direction) {
    const { recordings, axis, end } = this.scope();
    const stops = recordings.map((run) => (stride === "epoch" ? run.epochX(axis) : run.updateX(axis)));
    const next = neighbour(stops, this.clock.position ?? end, direction) ?? (direction > 0 ? end : 0);
    this.#do(() => this.clock.seek(next, end));
  }

  begin() {
    this.#do((end) => this.clock.seek(0, end));
  }

  end() {
    this.#do(() => this.clock.follow());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const onButton = event.target instanceof Element && event.target.closest("button, select");
    if (event.altKey || event.ctrlKey || event.metaKey || event.target === this.speed) return;
    const stride = event.shiftKey ? "epoch" : "update";
    /** @type {Record<string, () => void>} */
    const acts = {
      " ": () => this.toggle(),
      ArrowRight: () => this.step(stride, 1),
      ArrowLeft: () => this.step(stride, -1),
      PageDown: () => this.step("epoch", 1),
      PageUp: () => this.step("epoch", -1),
      Home: () => this.begin(),
      End: () => this.end(),
    };
    const act = acts[event.key];
    if (!act || (event.key === " " && onButton)) return; // a focused button answers to space itself
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  draw() {
    const { recordings, axis, end } = this.scope();
    const { clock } = this;
    const at = clock.position ?? end;
    const training = recordings.some((run) => run.status === "running");
    const position = end > 0 ? Math.round((at / end) * STEPS) : 0;
    if (Number(this.scrubber.value) !== position) this.scrubber.value = String(position);
    this.scrubber.style.setProperty("--share", `${position / (STEPS / 100)}%`);
    const text = this.#position(recordings, axis, at);
    setText(this.text, text);
    setAttribute(this.scrubber, "aria-valuetext", text);

    name(this.back, `Back ${updatesOfAStep(recordings)}`);
    name(this.forward, `Forward ${updatesOfAStep(recordings)}`);

    const following = clock.position === null;
    const face = clock.playing ? "pause" : "play";
    if (this.playButton.dataset.face !== face) {
      this.playButton.dataset.face = face;
      this.playButton.replaceChildren(icon(face));
      setAttribute(this.playButton, "aria-label", clock.playing ? "Pause" : "Play");
      setAttribute(
        this.playButton,
        "data-hint",
        clock.playing ? "Pause (space)" : "Play the recording (space)",
      );
    }
    setText(this.live, following ? (training ? "Live" : "All shown") : training ? "Go to live" : "Show all");
    setAttribute(this.live, "data-state", following ? (training ? "live" : "complete") : "recording");
    setAttribute(
      this.live,
      "data-hint",
      following ? "The charts show everything recorded so far" : "Show everything recorded so far",
    );
    for (const control of this.#controls) control.disabled = end <= 0;
    setAttribute(this.node, "data-position", at);
    setAttribute(this.node, "data-mode", following ? "live" : "recording");
    setAttribute(this.node, "data-playing", String(clock.playing));
  }

  get #controls() {
    /** @type {NodeListOf<HTMLButtonElement | HTMLInputElement | HTMLSelectElement>} */
    const controls = this.node.querySelectorAll("button, input, select");
    return controls;
  }

  /**
   * "epoch 3 of 10 · update 75 of 250"; with several runs the span of their updates.
   * @param {Recording[]} recordings
   * @param {Axis} axis
   * @param {number} at
   */
  #position(recordings, axis, at) {
    if (!recordings.length) return "no run shown";
    const planned = Math.max(...recordings.map((run) => run.plannedEnd(axis)));
    const main =
      axis === "seconds"
        ? share(at, planned, format.duration)
        : `${AXES[axis].singular} ${share(axis === "epochs" ? at : Math.floor(at + 1e-6), planned, AXES[axis].print)}`;
    if (recordings.length > 1) {
      if (axis === "updates") return `${main} · ${recordings.length} runs`;
      const updates = recordings
        .map((run) => run.updatesAt(axis, at))
        .filter(Number.isFinite)
        .sort((a, b) => a - b);
      // An imported history may not say.
      return updates.length < recordings.length
        ? `${main} · ${recordings.length} runs`
        : `${main} · updates ${format.quantity(updates[0])} to ${format.quantity(updates.at(-1))}`;
    }
    const [run] = recordings;
    if (axis === "updates") {
      const perEpoch = run.about?.plan.updates_per_epoch;
      return perEpoch ? `epoch ${format.quantity(Math.floor((at / perEpoch) * 100) / 100)} · ${main}` : main;
    }
    return `${main} · update ${share(run.updatesAt(axis, at), run.plannedEnd("updates"), format.quantity)}`;
  }
}

/**
 * A button with a picture on it, and its name for those who do not see that.
 * @param {Parameters<typeof icon>[0]} face
 * @param {string} label
 * @param {() => void} act
 */
function button(face, label, act) {
  return element(
    "button",
    { type: "button", class: "bv-icon", "aria-label": label, "data-hint": label, onclick: act },
    icon(face),
  );
}

/**
 * @param {HTMLElement} control
 * @param {string} label
 */
function name(control, label) {
  setAttribute(control, "aria-label", label);
  setAttribute(control, "data-hint", label);
}

/**
 * "3 of 10"; "3" where the end is not planned.
 * @param {number} made
 * @param {number} planned
 * @param {(value: number) => string} print
 */
function share(made, planned, print) {
  return planned ? `${print(made)} of ${print(planned)}` : print(made);
}
