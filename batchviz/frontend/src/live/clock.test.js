import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock, neighbour } from "./clock.js";

/**
 * Seconds of the learner's time that a recording takes to play.
 * @param {Clock} clock
 * @param {number} end
 */
function playingTime(clock, end) {
  let seconds = 0;
  for (clock.play(end); clock.playing; clock.advance(0.01, end)) seconds += 0.01;
  return seconds;
}

test("any recording plays in twelve seconds, then follows the live edge again", () => {
  for (const end of [0.01, 10, 1e6]) {
    const clock = new Clock();
    assert.ok(Math.abs(playingTime(clock, end) - 12) < 0.02);
    assert.equal(clock.position, null);
  }
});

test("speed divides the time that playing takes", () => {
  for (const speed of [0.25, 8]) {
    const clock = new Clock();
    clock.speed = speed;
    assert.ok(Math.abs(playingTime(clock, 10) - 12 / speed) < 0.02);
  }
});

test("playing again from the end starts over", () => {
  const clock = new Clock();
  clock.seek(10, 10);
  clock.play(10);
  assert.deepEqual([clock.position, clock.playing], [0, true]);
});

test("nothing recorded does not play", () => {
  const clock = new Clock();
  clock.play(0);
  assert.equal(clock.playing, false);
});

test("a pause at the live edge stands where the recording ends", () => {
  const clock = new Clock();
  clock.pause(7);
  assert.deepEqual([clock.position, clock.playing], [7, false]);
});

test("seeking stays within the recording and stops the playback", () => {
  const clock = new Clock();
  clock.play(10);
  clock.seek(99, 10);
  assert.deepEqual([clock.position, clock.playing], [10, false]);
  clock.seek(-1, 10);
  assert.equal(clock.position, 0);
});

test("changing the axis keeps the share that was played", () => {
  const clock = new Clock();
  clock.seek(3, 10);
  clock.rescale(10, 250);
  assert.equal(clock.position, 75);
  clock.follow();
  clock.rescale(250, 10);
  assert.equal(clock.position, null);
});

test("a step goes to the next stop of any run", () => {
  const lists = [Float64Array.of(0, 1, 2, 3), Float64Array.of(0, 0.5, 1.5)];
  assert.equal(neighbour(lists, 1, 1), 1.5);
  assert.equal(neighbour(lists, 1, -1), 0.5);
  assert.equal(neighbour(lists, 3, 1), null);
  assert.equal(neighbour(lists, 0, -1), null);
});
