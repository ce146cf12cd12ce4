// How the learner looks at the runs: kept for the browser tab, so reruns, page changes and reloads do not lose it.

/** @typedef {import("../core/units.js").Axis} Axis */

class Settings {
  /** @type {Axis} */
  axis = "epochs";
  /** @type {"loop" | "fit"} the way of training whose seconds are told */
  clock = "loop";
  /** @type {"linear" | "log"} */
  scale = "linear";
  /** @type {"end" | "running"} the true loss at the epoch's end, or Keras' running mean */
  training = "end";
  noise = false; // the loss of every update
  seeds = false; // a line for every seed, behind their mean
  smoothing = 0; // weight of the past in the moving average
  color = "auto"; // a field of a run, or what differs
  dash = "auto"; // the same, or "none"
  panels = "none";
  /** @type {string[]} */
  hidden = [];
  /** @type {string[]} the only runs that are shown, if any are isolated */
  alone = [];
  preset = "{}"; // what the link said about all this when it was last heard
}

const DEFAULTS = Object.freeze(new Settings());

export class View extends Settings {
  #storageKey;
  #onChange;

  /**
   * @param {string} key distinguishes pages
   * @param {(before: Pick<Settings, "axis" | "clock" | "scale">) => void} onChange called after every change
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
    const before = { axis: this.axis, clock: this.clock, scale: this.scale };
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
    const { hidden, alone } = this;
    this.set({ ...DEFAULTS, hidden, alone, ...settings, preset });
  }

  /** @param {string} id */
  shows(id) {
    return this.alone.length ? this.alone.includes(id) : !this.hidden.includes(id);
  }

  /**
   * Hide runs that belong together, or show them again.
   * @param {string[]} ids
   */
  toggle(ids) {
    const others = this.hidden.filter((id) => !ids.includes(id));
    if (this.alone.length) {
      // Leaving isolation by another run's button adds that run instead of surprising with all of them.
      this.set({ alone: [], hidden: others });
    } else {
      this.set({ hidden: ids.every((id) => this.hidden.includes(id)) ? others : [...others, ...ids] });
    }
  }

  /**
   * Whether exactly these are shown.
   * @param {string[]} ids
   */
  isolates(ids) {
    return this.alone.length > 0 && ids.every((id) => this.alone.includes(id));
  }

  /** @param {string[]} ids */
  isolate(ids) {
    this.set({ alone: this.isolates(ids) ? [] : ids });
  }

  /**
   * Forget settings about runs that are gone.
   * @param {string[]} ids those that are left
   */
  keepOnly(ids) {
    const hidden = this.hidden.filter((id) => ids.includes(id));
    const alone = this.alone.filter((id) => ids.includes(id));
    if (hidden.length !== this.hidden.length || alone.length !== this.alone.length)
      this.set({ hidden, alone });
  }
}

/**
 * Of what was stored, that which a setting can be: another release may have stored it.
 * @param {Record<string, unknown>} stored
 */
function readable(stored) {
  const fits = (/** @type {string} */ name, /** @type {unknown} */ setting) =>
    typeof stored[name] === typeof setting && Array.isArray(stored[name]) === Array.isArray(setting);
  const names = Object.entries(DEFAULTS).flatMap(([name, setting]) => (fits(name, setting) ? [name] : []));
  return Object.fromEntries(names.map((name) => [name, stored[name]]));
}
