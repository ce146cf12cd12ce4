"""Inside a worker process: one run from its spec to its recorded end."""

from __future__ import annotations

import math
import time
import traceback
from dataclasses import dataclass, replace

from batchviz.engine.heartbeat import HeartbeatThread
from batchviz.engine.limits import MAX_OUTAGE_SECONDS
from batchviz.engine.report_buffer import ReportBuffer
from batchviz.errors import OUT_OF_MEMORY, BatchVizError, StoreError
from batchviz.experiment.records import Outcome, Progress, Report, Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import ClockRequest, StaleAttempt, Store

LOOK_SECONDS = 0.05
"""Between looks of a measurement for runs, to which it gives way."""

WARM_UP = RunSpec.parse({"rows": 64, "hidden": (3,), "batch_size": 16, "budget": 1})
"""Of another shape than anybody's run, small, and through every part of the training code."""

_store: Store | None = None
_max_seconds = math.inf


@dataclass(frozen=True)
class WorkerResult:
    """How the training of an attempt ended. `unrecorded` is an outcome that the database did not take."""

    unrecorded: Outcome | None = None
    trace: str = ""


def warm_up(database_url: str, threads: int, max_seconds: float = math.inf) -> None:
    """Make this process ready: TensorFlow loaded and used once, the database open.

    `max_seconds` is what one run may take; then it is stopped, and keeps what it recorded.
    """
    global _store, _max_seconds
    import batchviz.engine.preload  # noqa: F401  already there when forked, needed when spawned
    from batchviz.training import run_spec, use_threads

    use_threads(threads)
    run_spec(WARM_UP, report=lambda report: None, should_stop=lambda: False)
    _store, _max_seconds = Store(database_url), max_seconds


def train(run: Run) -> WorkerResult:
    """Train an attempt and record it. Never raises for anything that the training or the database did."""
    assert _store is not None, "warm_up comes first"
    try:
        with HeartbeatThread(_store, run.id, run.attempt) as heartbeat:
            outcome, trace = _outcome(_store, run, heartbeat)
        if heartbeat.orphaned and outcome.status == Status.STOPPED:
            _store.attempts.release(run.id, run.attempt, "the server was gone")
            return WorkerResult()
        try:
            _store.attempts.finish(run.id, run.attempt, outcome)
        except StaleAttempt:
            raise
        except StoreError:
            return WorkerResult(unrecorded=outcome, trace=trace)
        _store.series.compact(run.id)
        return WorkerResult(trace=trace)
    except StoreError as error:
        # A stale attempt: the run is another's now; or only the packing failed, which does no harm.
        return WorkerResult(trace=str(error))


def measure(request: ClockRequest, holder: str, machine: str) -> WorkerResult:
    """Measure a clock and keep it, unless a run comes first. Never raises, as `train` does not."""
    assert _store is not None, "warm_up comes first"
    from batchviz.training import calibrate

    requests, trace = _store.clock_requests, ""
    try:
        try:
            clock = calibrate(request.spec, request.path, machine, _GiveWay(_store, request))
        except StoreError:
            raise
        except BatchVizError as error:
            requests.failed(request, str(error))
        except Exception as error:
            trace = traceback.format_exc()
            name = type(error).__name__
            requests.failed(request, f"Measuring ended in an error ({name}); engine.log has the details.")
        else:
            if clock is None:
                requests.gave_way(request, holder)
            else:
                _store.clocks.save(clock)
    except StoreError as error:
        return WorkerResult(trace=str(error))
    return WorkerResult(trace=trace)


class _GiveWay:
    """Whether a run waits or trains, looked up no more often than LOOK_SECONDS."""

    def __init__(self, store: Store, request: ClockRequest) -> None:
        self._store, self._gives_way = store, request.gives_way
        self._looked = float("-inf")
        self._answer = False

    def __call__(self) -> bool:
        if self._gives_way and not self._answer and time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            self._answer = self._store.queue.anything_unfinished()
        return self._answer


class _Reports:
    """What a run reports, on its way into the database."""

    def __init__(self, store: Store, run: Run, heartbeat: HeartbeatThread) -> None:
        self._buffer = ReportBuffer(
            lambda report, after: store.attempts.append(run.id, run.attempt, report, after)
        )
        self._heartbeat = heartbeat
        self.progress = Progress()

    def __call__(self, report: Report) -> None:
        self.progress = report.progress
        if self._buffer.add(report):
            self._heartbeat.stop()

    def flush(self) -> None:
        self._buffer.flush()


def _outcome(store: Store, run: Run, heartbeat: HeartbeatThread) -> tuple[Outcome, str]:
    """How the run ended and a trace, once all that it recorded is in the database. Raises StaleAttempt."""
    reports = _Reports(store, run, heartbeat)
    outcome, trace = _train(store, run, heartbeat, reports)
    try:
        reports.flush()
    except StaleAttempt:
        raise
    except StoreError as error:
        minutes = MAX_OUTAGE_SECONDS / 60
        reason = f"What was recorded last could not be stored for {minutes:g} minutes and is lost. {error}"
        return Outcome(Status.FAILED, reason, {}, reports.progress), trace
    return outcome, trace


def _train(store: Store, run: Run, heartbeat: HeartbeatThread, reports: _Reports) -> tuple[Outcome, str]:
    from batchviz.training import run_spec

    deadline = time.monotonic() + _max_seconds
    try:
        outcome = run_spec(
            run.spec,
            report=reports,
            should_stop=lambda: heartbeat.should_stop() or time.monotonic() > deadline,
            fetch_own=store.uploads.arrays,
            measure_at=run.measure_at,
        )
        if outcome.status == Status.STOPPED and not heartbeat.should_stop():
            reason = (
                f"Stopped after {_max_seconds:,.0f} seconds, the most that a run may take on this server."
            )
            outcome = replace(outcome, reason=f"{reason} What it recorded is kept.")
        return outcome, ""
    except StaleAttempt:
        raise
    except BatchVizError as error:
        return Outcome(Status.FAILED, str(error), {}, reports.progress), ""
    except MemoryError:
        return Outcome(Status.FAILED, OUT_OF_MEMORY, {}, reports.progress), ""
    except Exception as error:
        if type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's out of memory
            reason = (
                "TensorFlow ran out of memory. Try a smaller network, fewer rows or a smaller batch size."
            )
            return Outcome(Status.FAILED, reason, {}, reports.progress), ""
        line = (str(error).strip().splitlines() or [""])[0][:200]
        reason = (
            f"Training ended in an unforeseen error ({type(error).__name__}: {line}). "
            "The curves up to there are kept; engine.log has the details."
        )
        return Outcome(Status.FAILED, reason, {}, reports.progress), traceback.format_exc()
