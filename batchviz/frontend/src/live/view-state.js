// How the learner looks at the runs: kept for the browser tab, so reruns, page changes and reloads do not lose it.

/** @typedef {import("../core/units.js").Axis} Axis */

class Settings {
  /** @type {Axis} */
  axis = "epochs";
  /** @type {"linear" | "log"} */
  scale = "linear";
  /** @type {"end" | "running"} the true loss at the epoch's end, or Keras' running mean */
  training = "end";
  noise = false; // the loss of every update
  smoothing = 0; // weight of the past in the moving average
  /** @type {string[]} */
  hidden = [];
  /** @type {string | null} the one run that is shown, if one is isolated */
  alone = null;
  preset = "{}"; // what the link said about all this when it was last heard
}

const DEFAULTS = Object.freeze(new Settings());

export class View extends Settings {
  #storageKey;
  #onChange;

  /**
   * @param {string} key distinguishes pages
   * @param {(before: Pick<Settings, "axis" | "scale">) => void} onChange called after every change
   */
  constructor(key, onChange) {
    super();
    this.#storageKey = `batchviz.view.${key}`;
    this.#onChange = onChange;
    try {
      Object.assign(this, readable(JSON.parse(sessionStorage.getItem(this.#storageKey) ?? "{}")));
    } catch {
      // Storage is forbidden in some embeddings: the view then lasts as long as the page.
    }
  }

  /** @param {Partial<Settings>} changes */
  set(changes) {
    const before = { axis: this.axis, scale: this.scale };
    Object.assign(this, changes);
    try {
      sessionStorage.setItem(this.#storageKey, JSON.stringify(this));
    } catch {
      // See the constructor.
    }
    this.#onChange(before);
  }

  /**
   * What a link says about drawing counts when the link is opened; from then on the learner's choices do.
   * @param {Partial<Settings>} settings
   */
  open(settings) {
    const preset = JSON.stringify(settings);
    if (preset === this.preset) return;
    const { axis, scale, training, noise, smoothing } = DEFAULTS;
    this.set({ axis, scale, training, noise, smoothing, ...settings, preset });
  }

  /** @param {string} id */
  shows(id) {
    return this.alone ? this.alone === id : !this.hidden.includes(id);
  }

  /** @param {string} id */
  toggle(id) {
    if (this.alone) {
      // Leaving isolation by another run's button adds that run instead of surprising with all of them.
      this.set({ alone: null, hidden: this.hidden.filter((other) => other !== id) });
    } else if (this.hidden.includes(id)) {
      this.set({ hidden: this.hidden.filter((other) => other !== id) });
    } else {
      this.set({ hidden: [...this.hidden, id] });
    }
  }

  /** @param {string} id */
  isolate(id) {
    this.set({ alone: this.alone === id ? null : id });
  }

  /**
   * Forget settings about runs that are gone.
   * @param {string[]} ids those that are left
   */
  keepOnly(ids) {
    const hidden = this.hidden.filter((id) => ids.includes(id));
    const alone = ids.find((id) => id === this.alone) ?? null;
    if (hidden.length !== this.hidden.length || alone !== this.alone) this.set({ hidden, alone });
  }
}

/**
 * Of what was stored, that which a setting can be: another release may have stored it.
 * @param {Record<string, unknown>} stored
 */
function readable(stored) {
  const fits = (/** @type {string} */ name, /** @type {unknown} */ setting) =>
    name === "alone"
      ? typeof stored[name] === "string"
      : typeof stored[name] === typeof setting && Array.isArray(stored[name]) === Array.isArray(setting);
  const names = Object.entries(DEFAULTS).flatMap(([name, setting]) => (fits(name, setting) ? [name] : []));
  return Object.fromEntries(names.map((name) => [name, stored[name]]));
}
