// How the learner looks at the runs: kept for the browser tab, so reruns, page changes and reloads do not lose it.

const DEFAULTS = {
  axis: "epochs", // epochs, updates, examples or seconds
  scale: "linear", // linear or log
  training: "end", // the true loss at the epoch's end, or Keras' running mean ("running")
  noise: false, // the loss of every update
  smoothing: 0, // weight of the past in the moving average
  hidden: [],
  alone: null, // the one run that is shown, if one is isolated
  preset: "{}", // what the link said about all this when it was last heard
};

export class View {
  #name;
  #onChange;

  constructor(key, onChange) {
    this.#name = `batchviz.view.${key}`;
    this.#onChange = onChange;
    Object.assign(this, DEFAULTS);
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#name) ?? "{}");
      for (const name of Object.keys(DEFAULTS))
        if (typeof kept[name] === typeof DEFAULTS[name] || name === "alone")
          this[name] = kept[name] ?? DEFAULTS[name];
    } catch {
      // Storage is forbidden in some embeddings: the view then lasts as long as the page.
    }
  }

  set(changes) {
    const before = { axis: this.axis, scale: this.scale };
    Object.assign(this, changes);
    try {
      sessionStorage.setItem(
        this.#name,
        JSON.stringify(Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, this[name]]))),
      );
    } catch {
      // See the constructor.
    }
    this.#onChange(before);
  }

  /** What a link says about drawing counts when the link is opened; from then on the learner's choices do. */
  open(preset) {
    const said = JSON.stringify(preset);
    if (said === this.preset) return;
    const { axis, scale, training, noise, smoothing } = DEFAULTS;
    this.set({ axis, scale, training, noise, smoothing, ...preset, preset: said });
  }

  shows(id) {
    return this.alone ? this.alone === id : !this.hidden.includes(id);
  }

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

  isolate(id) {
    this.set({ alone: this.alone === id ? null : id });
  }

  /** Forget settings about runs that are gone. */
  keepOnly(ids) {
    const hidden = this.hidden.filter((id) => ids.includes(id));
    const alone = ids.includes(this.alone) ? this.alone : null;
    if (hidden.length !== this.hidden.length || alone !== this.alone) this.set({ hidden, alone });
  }
}
