"""An attempt as its worker has it: what it recorded, and how it ended, on the way into the database."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace

from batchviz.engine.heartbeat import HeartbeatThread
from batchviz.engine.limits import MAX_OUTAGE_SECONDS
from batchviz.engine.report_buffer import ReportBuffer
from batchviz.errors import StoreError
from batchviz.experiment.expected import run_seconds
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Outcome, Progress, Report, Run, Status
from batchviz.store import SPARE_CHUNKS, StaleAttempt, Store

BRIEF_SECONDS = 0.003
"""Of training, about as much as three writes take: nobody sees its beginning before its end."""


@dataclass(frozen=True)
class WorkerResult:
    """How the training of an attempt ended. `unrecorded` is an outcome that the database did not take."""

    unrecorded: Outcome | None = None
    trace: str = ""


class WorkerAttempt:
    """One of those that a worker trains at once. What one meets in the database does nothing to the others."""

    def __init__(self, store: Store, run: Run, heartbeat: HeartbeatThread, max_seconds: float) -> None:
        self.run = run
        self.progress = Progress()
        self.result = WorkerResult()
        self.over = False
        """Nothing more of it is written."""
        self._store, self._heartbeat = store, heartbeat
        self._max_seconds, self._deadline = max_seconds, time.monotonic() + max_seconds
        self._brief = run_seconds(plan_for(run.spec)) < BRIEF_SECONDS
        self._buffer = ReportBuffer(
            lambda report, after: store.attempts.append(run.id, run.attempt, report, after)
        )

    def report(self, report: Report) -> None:
        """Record what is new, now or as soon as the database takes it, the last with `end`. Raises StaleAttempt.

        Of a run that should be over before it is written, the first report goes with the next.
        """
        self.progress = report.progress
        first = not self._buffer.writes and self._buffer.waiting[0] is None
        if report.last or (first and self._brief):
            self._buffer.keep(report)
        elif self._buffer.add(report):
            self._heartbeat.stop(self.run.id)

    def should_stop(self) -> bool:
        """Whether its training should end at the next opportunity."""
        return self.over or self._asked_to_stop() or time.monotonic() > self._deadline

    def end(self, outcome: Outcome, trace: str = "") -> None:
        """Write what waits, then how it ended. Raises nothing for what the database does: see `result`."""
        if outcome.status is Status.STOPPED and not self._asked_to_stop():
            outcome = replace(
                outcome,
                reason=f"Stopped after {self._max_seconds:,.0f} seconds, the most that a run may take on this "
                "server. What it recorded is kept.",
            )
        given_up = self._heartbeat.orphaned and outcome.status is Status.STOPPED
        try:
            if not given_up and self._finished_at_once(outcome, trace):
                return
            outcome = self._flushed(outcome)
            self._heartbeat.leave(self.run.id)
            self.over, self.result = True, WorkerResult(trace=trace)
            if given_up and outcome.status is Status.STOPPED:
                self._store.attempts.release(self.run.id, self.run.attempt, "the server was gone")
            else:
                self._finish(outcome)
        except StoreError as error:
            self.leave(trace or str(error))

    def leave(self, trace: str) -> None:
        """The run is another's now, or over: nothing more is written, and there is nothing to be sorry for."""
        self._heartbeat.leave(self.run.id)
        self.over, self.result = True, WorkerResult(trace=trace)

    def train_alone(self, cause: str, trace: str) -> None:
        """Give a run back that did not get on with its group: it starts again, without others."""
        self.leave(trace)
        with suppress(StoreError):  # it had ended, or the dispatcher finds it without a worker
            self._store.attempts.worker_crashed(self.run.id, self.run.attempt, cause)

    def _asked_to_stop(self) -> bool:
        return self._heartbeat.should_stop(self.run.id)

    def _finished_at_once(self, outcome: Outcome, trace: str) -> bool:
        """Write what waits and how it ended in one transaction, half the price of two; False if that was refused.

        Raises StaleAttempt, and StoreError where only the packing failed, which does no harm.
        """
        report, written = self._buffer.waiting
        try:
            self._store.attempts.finish(self.run.id, self.run.attempt, outcome, report, written)
        except StaleAttempt:
            raise
        except StoreError:
            return False
        self._heartbeat.leave(self.run.id)
        self.over, self.result = True, WorkerResult(trace=trace)
        self._compact()
        return True

    def _flushed(self, outcome: Outcome) -> Outcome:
        """How it ended, once all that it recorded is in the database. Raises StaleAttempt."""
        try:
            self._buffer.flush()
        except StaleAttempt:
            raise
        except StoreError as error:
            minutes = MAX_OUTAGE_SECONDS / 60
            reason = (
                f"What was recorded last could not be stored for {minutes:g} minutes and is lost. {error}"
            )
            return Outcome(Status.FAILED, reason, {}, self.progress)
        return outcome

    def _finish(self, outcome: Outcome) -> None:
        """Raises StaleAttempt, and StoreError where only the packing failed, which does no harm."""
        try:
            self._store.attempts.finish(self.run.id, self.run.attempt, outcome)
        except StaleAttempt:
            raise
        except StoreError:
            self.result = replace(self.result, unrecorded=outcome)
            return
        self._compact()

    def _compact(self) -> None:
        """Unless there can be no more pieces than are left as they are; an earlier attempt may be on show with many."""
        if self._buffer.writes >= SPARE_CHUNKS or self.run.attempt > 1:
            self._store.series.compact(self.run.id)
