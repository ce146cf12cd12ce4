"""The loop that hands out runs. One a database, the leader."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from batchviz.engine.backend import Backend, TrainingResult
from batchviz.engine.heartbeat import HeartbeatMonitor
from batchviz.engine.leader import Leadership
from batchviz.engine.limits import MAX_OUTAGE_SECONDS, MAX_SILENT_SECONDS
from batchviz.engine.measuring import Measuring
from batchviz.engine.sweeping import Sweeping
from batchviz.errors import StoreError
from batchviz.experiment.records import Outcome, Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import ENGINE, Changes, RunningRun, StaleAttempt, Store

logger = logging.getLogger(__name__)

TURN_SECONDS = 0.02
POLL_SECONDS = 0.005
"""Between looks whether anybody wrote, while somebody trains and for a minute after: half of it is what a click on
Train waits on average. Waking up so often takes 4 % of a core, which nobody's absence is worth."""
IDLE_AFTER_SECONDS = 60.0
IDLE_TURN_SECONDS = 2.0
"""With nothing to do; a write by anybody ends it after IDLE_POLL_SECONDS at most."""
IDLE_POLL_SECONDS = 0.08
IDLE_QUERY_SECONDS = 0.25
"""Where every look is a query."""
BEAT_SECONDS = 1.0
LOOK_SECONDS = 0.25
REST_LOOK_SECONDS = 1.0
"""While nothing trains: there is nothing to stop, and nobody to miss."""
IDLE_LOOK_SECONDS = 2.0
"""When that has been so for IDLE_AFTER_SECONDS. The beats of web processes end the rests in between."""
STOP_GRACE_SECONDS = 5.0
"""How long a worker may take to react to Stop before it is ended. A compilation cannot be interrupted."""
ADOPTED_SILENCE_SECONDS = 5.0
"""A worker of an earlier dispatcher whose beat has not changed for so long is taken for dead."""
TIDY_SECONDS = 3600.0
KEPT_SECONDS = 24 * 3600.0
"""How long a deletion can be undone."""
NOBODY_SECONDS = 10.0
"""With no web process beating for so long and nothing to train, the dispatcher ends."""


class LeadershipLost(Exception):
    """Another dispatcher took over; this one must leave everything alone."""


@dataclass
class _Every:
    """True once every so many seconds."""

    seconds: float
    last: float = float("-inf")

    def due(self, now: float) -> bool:
        if now - self.last < self.seconds:
            return False
        self.last = now
        return True


class Dispatcher:
    """Claims queued runs, hands them to a backend, records what became of them."""

    def __init__(
        self,
        store: Store,
        leadership: Leadership,
        backend: Backend,
        wake: threading.Event,
        *,
        until_unwanted: bool,
        max_long_runs: int = 0,
    ) -> None:
        """`max_long_runs` 0: on every worker but one, which is for short runs."""
        self._store, self._leadership, self._backend, self._wake = store, leadership, backend, wake
        # The form's first network: its seconds are known before its first run.
        self._measuring = Measuring(store, backend, leadership.token, first=RunSpec())
        self._sweeping = Sweeping(store)
        self._changes = Changes(store.database)
        self._queue_known_empty = self._claimed_last = False
        self._until_unwanted, self._max_long_runs = until_unwanted, max_long_runs
        self._stopping = False
        self._unrecorded: dict[tuple[str, int], Callable[[], object]] = {}
        self._asked_to_stop: dict[str, float] = {}
        self._hung: set[str] = set()
        self._beats, self._webs = HeartbeatMonitor(), HeartbeatMonitor()
        self._adopted = 0
        self._last_wanted = self._last_busy = self._last_turn = time.monotonic()
        self._beat, self._look, self._retry = _Every(BEAT_SECONDS), _Every(LOOK_SECONDS), _Every(1.0)
        self._tidy = _Every(TIDY_SECONDS)

    def stop(self) -> None:
        """End `serve` soon: what is training goes back to the queue. Safe in a signal handler."""
        self._stopping = True
        self._wake.set()

    def serve(self) -> None:
        """Work until stopped or unwanted. Raises LeadershipLost."""
        self._measuring.request_first()
        while not self._stopping:
            try:
                self._turn(time.monotonic())
                self._last_turn = time.monotonic()
            except StoreError as error:
                logger.error("%s Trying again.", error)
                self._end_when_forsaken()
                self._beats.forget_others(set())  # no beat that could not be written proves a death
                self._webs.forget_others(set())
                self._wake.wait(1.0)
            self._rest()
        self._hand_back()

    def _rest(self) -> None:
        """Until a worker has something to tell or somebody wrote into the database, but not for long."""
        now = time.monotonic()
        idle = self._is_idle(now)
        poll, end = POLL_SECONDS, now + TURN_SECONDS
        if idle:
            poll = IDLE_POLL_SECONDS if self._changes.cheap else IDLE_QUERY_SECONDS
            end = now + IDLE_TURN_SECONDS
        self._beat.seconds = IDLE_TURN_SECONDS if idle else BEAT_SECONDS
        while not self._wake.wait(poll) and time.monotonic() < end:
            if self._changes.happened():
                self._queue_known_empty = False
                break
        self._wake.clear()

    def _is_idle(self, now: float) -> bool:
        return now - self._last_busy > IDLE_AFTER_SECONDS

    def _turn(self, now: float) -> None:
        ended = self._backend.finished()
        for result in ended:
            self._take(result)
        self._measuring.request_clocks([each.run.spec for each in ended if not each.cause])
        self._measuring.record()
        if self._unrecorded and self._retry.due(now):
            self._record()
        if self._beat.due(now) and not self._leadership.renew(self._backend.state):
            raise LeadershipLost
        trains = bool(self._backend.runs or self._adopted or self._unrecorded)
        idle = self._is_idle(now)
        self._look.seconds = LOOK_SECONDS if trains else IDLE_LOOK_SECONDS if idle else REST_LOOK_SECONDS
        looks = self._look.due(now)
        if looks:
            self._look_around(now)
        if self._tidy.due(now):
            self._store.deletion.purge(time.time() - KEPT_SECONDS)
            self._store.classes.purge()
        if looks or not idle:
            self._sweeping.turn(now)
        self._hand_out(now)
        self._measuring.turn(now, busy=bool(self._backend.runs or self._adopted))

    def _hand_out(self, now: float) -> None:
        queue = self._store.queue
        if self._changes.happened():
            self._queue_known_empty = False
        if self._queue_known_empty:
            return
        while self._backend.busy + self._adopted < self._backend.size and self._backend.free:
            if self._measuring.holds_back_runs:
                break
            most_long = self._max_long_runs or max(1, self._backend.size - 1)
            token = self._leadership.token
            # After one there is often another; the look that spares an idle database its write would come on top.
            asks = self._claimed_last or queue.anything_queued()
            runs = queue.claim_group(token, most_long=most_long) if asks else []
            self._claimed_last = bool(runs)
            if not runs:
                self._queue_known_empty = True
                break
            self._last_busy = now
            self._backend.start(runs)
            for run in runs:
                logger.info("Run %s, attempt %d, training.", run.id, run.attempt)

    def _take(self, result: TrainingResult) -> None:
        run, key, cause = result.run, (result.run.id, result.run.attempt), result.cause
        self._last_busy = time.monotonic()
        stop_asked = self._asked_to_stop.pop(run.id, None) is not None
        if run.id in self._hung:
            self._hung.remove(run.id)
            cause = cause and f"its worker showed no sign of life for {MAX_SILENT_SECONDS:g} seconds"
        if result.trace:
            logger.warning("Run %s, attempt %d: %s", run.id, run.attempt, result.trace)
        if result.unrecorded is not None:
            outcome = result.unrecorded
            self._unrecorded[key] = lambda: self._store.attempts.finish(*key, outcome)
        elif cause and stop_asked:
            self._unrecorded[key] = lambda: self._store.attempts.finish(*key, self._stopped(run))
        elif result.interrupted:
            logger.warning("Run %s, attempt %d, was interrupted: %s.", run.id, run.attempt, cause)
            self._unrecorded[key] = lambda: self._store.attempts.release(*key, cause)
        elif cause:
            logger.warning("Run %s, attempt %d, lost its worker: %s.", run.id, run.attempt, cause)
            self._unrecorded[key] = lambda: self._store.attempts.worker_crashed(*key, cause)
        else:
            # Usually over by now; when not, the worker was fenced off or could not record it.
            logger.info("Run %s, attempt %d, ended.", run.id, run.attempt)
            return
        self._record()

    def _record(self) -> None:
        """Write what is still to be written; what the database refuses now is tried again every second."""
        for key, write in list(self._unrecorded.items()):
            try:
                write()
            except StaleAttempt:
                pass  # it had ended after all
            except StoreError as error:
                logger.error("Run %s: %s", key[0], error)
                continue
            del self._unrecorded[key]

    def _look_around(self, now: float) -> None:
        training = {run.id for run in self._backend.runs}
        ours = training | {run_id for run_id, _ in self._unrecorded}
        running = self._store.attempts.running()
        self._beats.forget_others({(run.id, run.attempt) for run in running})
        for run in running:
            if run.id in ours:
                self._see_it_stops(run, now)
            if run.id in training:
                self._see_it_lives(run)
        adopted = [run for run in running if run.id not in ours and not self._start_again_if_dead(run)]
        # Each of its own worker, until that has said who it is: some may be trained together.
        self._adopted = len({run.worker if ":" in run.worker else run.id for run in adopted})
        if running:
            self._last_busy = now
        if self._until_unwanted:
            # A clock that is being measured keeps nothing alive: its request waits for the next dispatcher.
            self._end_when_unwanted(now, busy=bool(running or self._unrecorded))

    def _see_it_stops(self, run: RunningRun, now: float) -> None:
        if run.stop_requested and now - self._asked_to_stop.setdefault(run.id, now) > STOP_GRACE_SECONDS:
            self._backend.stop(run.id)

    def _see_it_lives(self, run: RunningRun) -> None:
        """A worker that is stopped or stuck, which no operating system reports, is ended as if it had died."""
        seconds_silent = self._beats.seconds_silent((run.id, run.attempt), (run.worker, run.beat))
        if seconds_silent > MAX_SILENT_SECONDS and run.id not in self._hung:
            self._hung.add(run.id)
            self._backend.stop(run.id)

    def _start_again_if_dead(self, run: RunningRun) -> bool:
        if run.worker == self._leadership.token:
            # Claimed, but of that we heard no answer, or given back in vain: no worker has it, and none has died of it.
            with suppress(StaleAttempt):
                self._store.attempts.release(
                    run.id, run.attempt, "the database was gone while it was handed out"
                )
            return True
        seconds_silent = self._beats.seconds_silent((run.id, run.attempt), (run.worker, run.beat))
        if seconds_silent <= ADOPTED_SILENCE_SECONDS and not self._leadership.gone(run.worker):
            return False
        with suppress(StaleAttempt):
            self._store.attempts.worker_crashed(
                run.id, run.attempt, "its worker was gone when the engine came back"
            )
        return True

    def _end_when_unwanted(self, now: float, *, busy: bool) -> None:
        webs = [runner for runner in self._store.processes.all() if runner.name != ENGINE]
        for web in webs:
            seconds_silent = self._webs.seconds_silent(web.token, web.beat)
            if seconds_silent > NOBODY_SECONDS:
                self._store.processes.unregister(web.name, web.token)
            else:  # since its last beat: it may be dead
                self._last_wanted = max(self._last_wanted, now - seconds_silent)
        if not busy and now - self._last_wanted > NOBODY_SECONDS and not self._store.queue.anything_queued():
            logger.info("Nobody is there and nothing waits: ending.")
            self._stopping = True

    def _end_when_forsaken(self) -> None:
        """Without a database nobody can say that this dispatcher is wanted; whoever wants one starts another."""
        if self._until_unwanted and time.monotonic() - self._last_turn > MAX_OUTAGE_SECONDS:
            logger.error("The database has been away for %g minutes: ending.", MAX_OUTAGE_SECONDS / 60)
            self.stop()

    def _hand_back(self) -> None:
        runs = self._backend.runs
        measuring = self._backend.measuring
        self._backend.close()
        self._record()
        with suppress(StoreError):
            self._measuring.hand_back(measuring)
        for run in runs:
            with suppress(StoreError):  # it ended in time, or the next dispatcher will find its worker gone
                self._store.attempts.release(run.id, run.attempt, "the server was stopped meanwhile")
        with suppress(StoreError):  # then the next dispatcher sees that it is gone
            self._leadership.release()

    def _stopped(self, run: Run) -> Outcome:
        try:
            progress = self._store.runs.get(run.id).progress
        except StoreError:  # deleted meanwhile
            progress = run.progress
        reason = f"Stopped. The worker did not react within {STOP_GRACE_SECONDS:g} seconds and was ended."
        return Outcome(Status.STOPPED, reason, {}, progress)
