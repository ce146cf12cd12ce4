// A run that the page trains itself, told as recorded ones are: same rows, same first weights, same order.

import { decodeFloat32, encodeFloat32 } from "../core/columns.js";
import { initialWeights } from "../training/initial-weights.js";
import { Training } from "../training/training.js";

/**
 * @typedef {import("../core/payload.js").RecordedRun} RecordedRun
 * @typedef {import("./document.js").Size} Size
 * @typedef {import("./document.js").Training} SetUp what is needed to train it
 */

const BADGE = "Trained in your browser.";
const SPACING = 1.5; // of the measurements in the first epoch: each after so many times the updates

/** @type {WeakMap<SetUp, { x: Float32Array, y: Float32Array }>} */
const unpacked = new WeakMap();

export class OwnRun {
  #training;
  #setUp;
  #like;
  #size;
  #seconds = 0;

  /**
   * @param {string} group what it shares with the other seeds
   * @param {SetUp} setUp
   * @param {RecordedRun} like a recorded run with the same learning rate
   * @param {number} rate
   * @param {Size} size
   * @param {string} seed one of the set-up's
   * @param {number} attempt at this
   */
  constructor(group, setUp, like, rate, size, seed, attempt) {
    this.id = `${group}-${seed}`;
    this.group = group;
    this.seed = seed;
    this.attempt = attempt;
    this.stopped = false;
    this.#setUp = setUp;
    this.#like = like;
    this.#size = size;
    const { x, y } = arrays(setUp);
    this.#training = new Training({
      widths: setUp.widths,
      activation: setUp.activation,
      task: setUp.task,
      optimizer: { name: setUp.optimizer, momentum: setUp.momentum },
      learning_rate: rate,
      batch_size: size.examples,
      updates: this.#updates,
      seed: Number(seed),
      training_rows: setUp.training_rows,
      x,
      y,
      weights: initialWeights(setUp.widths, setUp.seeds[seed]),
      moments: spaced(Math.min(this.#anEpoch, this.#updates)),
    });
  }

  get #anEpoch() {
    return Math.ceil(this.#setUp.training_rows / this.#size.examples);
  }

  get #updates() {
    const { unit, budget } = this.#setUp;
    return unit === "updates" ? budget : budget * this.#anEpoch;
  }

  get over() {
    return this.stopped || this.#training.status !== "running";
  }

  stop() {
    this.stopped = !this.over;
  }

  /**
   * Train for about so long.
   * @param {number} milliseconds
   */
  advance(milliseconds) {
    const begun = performance.now();
    let now = begun;
    while (!this.over && now < begun + milliseconds) {
      this.#training.train(1);
      now = performance.now();
    }
    this.#seconds += (now - begun) / 1000;
  }

  /** @returns {RecordedRun} */
  get message() {
    const { status, reason, progress, rows, updates } = this.#training;
    const { unit, budget } = this.#setUp;
    const { name, examples, color } = this.#size;
    return {
      ...this.#like,
      id: this.id,
      status: this.stopped ? "stopped" : status,
      reason: [BADGE, reason].filter(Boolean).join(" "),
      label: `B = ${name}, yours`,
      end: "",
      panel: "",
      dash: "solid",
      batch_size: examples,
      color,
      group: this.group,
      seed: Number(this.seed),
      details: this.#like.details.replace(/seed \d+$/, `seed ${this.seed}`),
      plan: {
        ...this.#like.plan,
        updates_per_epoch: this.#anEpoch,
        updates: this.#updates,
        epochs: unit === "epochs" ? budget : null,
      },
      progress: { ...progress, seconds: this.#seconds, remaining_seconds: null },
      final: {},
      attempt: this.attempt,
      epochs: {
        from: 0,
        stride: 1,
        recorded: rows.updates.length,
        seconds: rows.updates.map((_, i) => (i + 1 === rows.updates.length ? this.#seconds : null)),
        ...rows,
      },
      updates: {
        from: 0,
        stride: 1,
        loss: encodeFloat32(updates.loss),
        metric: encodeFloat32(updates.metric),
      },
    };
  }
}

/** @param {SetUp} setUp */
function arrays(setUp) {
  const known = unpacked.get(setUp) ?? { x: decodeFloat32(setUp.x), y: decodeFloat32(setUp.y) };
  unpacked.set(setUp, known);
  return known;
}

/** @param {number} end */
function spaced(end) {
  /** @type {number[]} */
  const moments = [];
  for (let update = 1; update < end; update = Math.ceil(update * SPACING)) moments.push(update);
  return moments;
}
