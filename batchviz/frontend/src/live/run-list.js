// The runs that a live page shows: which they are, which were asked to stop, which have just ended, and whether that
// was a race.

import { Recording } from "./recording.js";

/**
 * Kept for the life of the page, so that leaving and coming back, or a second chart, needs no second download.
 * @type {Map<string, Recording>}
 */
export const library = new Map();

export class RunList {
  /** @type {string[]} */
  ids = [];
  /** @type {Set<string>} */
  stopping = new Set(); // asked to stop, and not known to be over
  /** @type {Set<string>} */
  #removed = new Set();
  /** @type {Set<string>} */
  #open = new Set(); // shown, and not known to be over
  #refusals = 0; // already heard of
  /** @type {Set<string> | null} */
  #racing = null; // asked for since the page stands, and not known to be over; null before its first runs

  /**
   * What Python says: the ids to follow from now on, without those that were removed here a moment ago.
   * @param {string[]} ids
   * @param {string[]} refused runs whose stop was refused, ever
   */
  received(ids, refused) {
    for (const id of this.#removed) if (!ids.includes(id)) this.#removed.delete(id);
    for (const id of refused.slice(this.#refusals)) this.stopping.delete(id);
    this.#refusals = refused.length;
    return ids.filter((id) => !this.#removed.has(id));
  }

  /**
   * Follow these runs. Says whether the list changed, and whether a run is new in it.
   * @param {string[]} ids
   */
  follow(ids) {
    const changed = ids.length !== this.ids.length || ids.some((id, i) => id !== this.ids[i]);
    const added = ids.filter((id) => !this.ids.includes(id));
    const fresh = added.length > 0;
    if (this.#racing === null) this.#racing = new Set();
    else for (const id of added) this.#racing.add(id);
    this.ids = ids;
    for (const id of ids) if (!library.has(id)) library.set(id, new Recording(id));
    if (changed) for (const run of this.recordings) if (!run.final) this.#open.add(run.id);
    return { changed, fresh };
  }

  /**
   * Gone at once; Python confirms with the next list of runs. Returns the ids that are left.
   * @param {string[]} gone
   */
  remove(gone) {
    for (const id of gone) this.#removed.add(id);
    return this.ids.filter((id) => !gone.includes(id));
  }

  /** News arrived: forget what is over. Returns the runs that ended since this was last asked. */
  settle() {
    for (const id of this.stopping) if (library.get(id)?.final) this.stopping.delete(id);
    return this.recordings.filter((run) => run.final && this.#open.delete(run.id));
  }

  /**
   * Whether a race that was asked for here has just come to its end: one seed of each of its settings, the others may
   * follow. Says so once a race.
   */
  raceOver() {
    const racing = this.recordings.filter(({ id }) => this.#racing?.has(id));
    if (!racing.length || racing.some((run) => !run.about && !run.final)) return false;
    const leads = racing.filter((run) => !racing.some((other) => isBefore(other, run)));
    if (leads.some((run) => !run.final)) return false;
    this.#racing?.clear();
    return leads.filter((run) => run.about).length > 1;
  }

  /** @returns {Recording[]} */
  get recordings() {
    return this.ids.flatMap((id) => library.get(id) ?? []);
  }
}

/**
 * Whether a run is of the same setting and of a lower seed.
 * @param {Recording} run
 * @param {Recording} other
 */
function isBefore(run, other) {
  if (!run.about || !other.about || run.about.group !== other.about.group) return false;
  return run.about.seed < other.about.seed;
}
