// A run that the page trains itself, told as recorded ones are: same rows, same first weights, same order.

import { decodeFloat32, encodeFloat32 } from "../core/columns.js";
import { initialWeights } from "../training/initial-weights.js";
import { Training } from "../training/training.js";

/**
 * @typedef {import("../core/payload.js").RecordedRun} RecordedRun
 * @typedef {import("./document.js").Size} Size
 * @typedef {import("./document.js").Trainable} Trainable
 */

const BADGE = "Trained in your browser.";

/** @type {WeakMap<Trainable, { x: Float32Array, y: Float32Array }>} */
const unpacked = new WeakMap();

export class BrowserRun {
  #training;
  #like;
  #size;
  #seconds = 0;

  /**
   * @param {string} group what it shares with the other seeds
   * @param {Trainable} setUp
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
      updates: size.plan.updates ?? 0,
      seed: Number(seed),
      training_rows: setUp.training_rows,
      x,
      y,
      weights: initialWeights(setUp.widths, setUp.seeds[seed]),
      moments: size.moments,
    });
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
    const { name, examples, color, plan } = this.#size;
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
      plan,
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

/** @param {Trainable} setUp */
function arrays(setUp) {
  const known = unpacked.get(setUp) ?? { x: decodeFloat32(setUp.x), y: decodeFloat32(setUp.y) };
  unpacked.set(setUp, known);
  return known;
}
