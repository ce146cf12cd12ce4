// The learner's clock over a recording. It knows nothing of charts: positions are in the units of the x-axis.

const TEACHING_SECONDS = 12; // the whole recording at speed 1, however fast the training was

export class Clock {
  /** @type {number | null} */
  position = null; // null follows the live edge
  playing = false;
  speed = 1;

  /**
   * Start, from the beginning when the position is at the end.
   * @param {number} end
   */
  play(end) {
    if (this.position === null || this.position >= end) this.position = 0;
    this.playing = end > 0;
  }

  /** @param {number} end */
  pause(end) {
    this.playing = false;
    if (this.position === null) this.position = end;
  }

  /**
   * Stand at `position`, within the recording.
   * @param {number} position
   * @param {number} end
   */
  seek(position, end) {
    this.playing = false;
    this.position = Math.min(Math.max(position, 0), end);
  }

  follow() {
    this.playing = false;
    this.position = null;
  }

  /**
   * Move on by `seconds` of the learner's time; follows the live edge once the end is reached.
   * @param {number} seconds
   * @param {number} end
   */
  advance(seconds, end) {
    if (!this.playing || this.position === null) return;
    this.position += (seconds / TEACHING_SECONDS) * this.speed * end;
    if (this.position >= end) this.follow();
  }

  /**
   * Keep the same share of the recording when the x-axis changes its units.
   * @param {number} endBefore
   * @param {number} endAfter
   */
  rescale(endBefore, endAfter) {
    if (this.position !== null) this.position = endBefore > 0 ? (this.position / endBefore) * endAfter : 0;
  }
}

/**
 * The nearest stop after (direction 1) or before (-1) `position` over several ascending lists; null if none.
 * @param {Float64Array[]} lists
 * @param {number} position
 * @param {1 | -1} direction
 */
export function neighbour(lists, position, direction) {
  const tolerance = 1e-9 * Math.max(1, Math.abs(position));
  /** @type {number | null} */
  let nearest = null;
  for (const list of lists) {
    // Binary search by hand: the lists are long and this runs on every key press.
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const beyond =
        direction > 0 ? list[middle] > position + tolerance : list[middle] >= position - tolerance;
      if (beyond) high = middle;
      else low = middle + 1;
    }
    const stop = direction > 0 ? list[low] : list[low - 1];
    if (stop !== undefined && (nearest === null || (stop - nearest) * direction < 0)) nearest = stop;
  }
  return nearest;
}
