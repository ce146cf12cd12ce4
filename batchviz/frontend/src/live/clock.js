// The learner's clock over a recording. It knows nothing of charts: positions are in the units of the x-axis.

const TEACHING_SECONDS = 12; // the whole recording at speed 1, however fast the training was

export class Clock {
  position = null; // null follows the live edge
  playing = false;
  speed = 1;

  /** Start, from the beginning when the position is at the end. */
  play(end) {
    if (this.position === null || this.position >= end) this.position = 0;
    this.playing = end > 0;
  }

  pause(end) {
    this.playing = false;
    if (this.position === null) this.position = end;
  }

  /** Stand at `position`, within the recording. */
  seek(position, end) {
    this.playing = false;
    this.position = Math.min(Math.max(position, 0), end);
  }

  follow() {
    this.playing = false;
    this.position = null;
  }

  /** Move on by `seconds` of the learner's time; follows the live edge once the end is reached. */
  advance(seconds, end) {
    if (!this.playing) return false;
    this.position += (seconds / TEACHING_SECONDS) * this.speed * end;
    if (this.position >= end) this.follow();
    return true;
  }

  /** Keep the same share of the recording when the x-axis changes its units. */
  rescale(endBefore, endAfter) {
    if (this.position !== null) this.position = endBefore > 0 ? (this.position / endBefore) * endAfter : 0;
  }
}

/** The nearest mark after (direction 1) or before (-1) `position` over several ascending lists; null if none. */
export function neighbour(lists, position, direction) {
  const tolerance = 1e-9 * Math.max(1, Math.abs(position));
  let best = null;
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
    const mark = direction > 0 ? list[low] : list[low - 1];
    if (mark !== undefined && (best === null || (mark - best) * direction < 0)) best = mark;
  }
  return best;
}
