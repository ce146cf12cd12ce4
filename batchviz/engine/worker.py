"""Inside a worker process: runs from their specs to their recorded ends, one or a group that is trained together."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from batchviz.engine.attempt import WorkerAttempt, WorkerResult
from batchviz.engine.backend import MeasuringRequest
from batchviz.engine.heartbeat import HeartbeatThread
from batchviz.errors import OUT_OF_MEMORY, BatchVizError, StoreError
from batchviz.experiment.records import Outcome, Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import ClockRequest, InspectionRequest, StaleAttempt, Store

if TYPE_CHECKING:
    from batchviz.training import Recording

LOOK_SECONDS = 0.05
"""Between looks of a measurement for runs, to which it gives way."""

WARM_UP = RunSpec.parse({"rows": 64, "hidden": (3,), "batch_size": 16, "budget": 1})
"""Of another shape than anybody's run, small, and through every part of the training code."""

_store: Store | None = None
_max_seconds = math.inf
_warm_bytes = 0


@dataclass(frozen=True)
class WorkerReply:
    """What a worker tells when it is through with what it was given."""

    results: list[WorkerResult]
    """One an attempt, and one of a measurement."""
    grown_bytes: int = 0
    """What its process has come to hold since it was warm."""


def warm_up(database_url: str, threads: int, max_seconds: float = math.inf) -> None:
    """Make this process ready: TensorFlow loaded and used once, the database open.

    `max_seconds` is what one run may take; then it is stopped, and keeps what it recorded.
    """
    global _store, _max_seconds, _warm_bytes
    import batchviz.engine.preload  # noqa: F401  already there when forked, needed when spawned
    from batchviz.training import run_spec, use_threads

    use_threads(threads)
    run_spec(WARM_UP, report=lambda report: None, should_stop=lambda: False)
    _store, _max_seconds = Store(database_url), max_seconds
    _warm_bytes = _resident_bytes()


def train(runs: Sequence[Run]) -> WorkerReply:
    """Train an attempt of each, together if they are several, and record it.

    Never raises for anything that the training or the database did.
    """
    assert _store is not None, "warm_up comes first"
    with HeartbeatThread(_store, runs) as heartbeat:
        attempts = [WorkerAttempt(_store, run, heartbeat, _max_seconds) for run in runs]
        if len(attempts) == 1:
            _train_alone(_store, attempts[0])
        else:
            _train_together(_store, attempts)
    return _reply([attempt.result for attempt in attempts])


def measure(request: MeasuringRequest, holder: str, machine: str) -> WorkerReply:
    """Measure a clock, or look into a run, and keep it. Never raises, as `train` does not."""
    assert _store is not None, "warm_up comes first"
    if isinstance(request, InspectionRequest):
        trace = _look_into_run(_store, request)
    else:
        trace = _measure_clock(_store, request, holder, machine)
    return _reply([WorkerResult(trace=trace)])


def _reply(results: list[WorkerResult]) -> WorkerReply:
    return WorkerReply(results, _resident_bytes() - _warm_bytes)


def _resident_bytes() -> int:
    return int(psutil.Process().memory_info().rss)


def _measure_clock(store: Store, request: ClockRequest, holder: str, machine: str) -> str:
    """Unless a run comes first; the trace of what went wrong."""
    from batchviz.training import calibrate

    requests, trace = store.clock_requests, ""
    try:
        try:
            clock = calibrate(request.spec, request.path, machine, _GiveWay(store, request))
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
                store.clocks.save(clock)
    except StoreError as error:
        trace = str(error)
    return trace


def _look_into_run(store: Store, request: InspectionRequest) -> str:
    """Train a finished run once more, and keep what is seen of it; the trace of what went wrong."""
    from batchviz.engine.inspecting import inspected

    inspections, trace, deadline = store.inspections, "", time.monotonic() + _max_seconds
    try:
        try:
            fetch_own = store.uploads.arrays
            look = inspected(request.spec, request.updates, fetch_own, lambda: time.monotonic() > deadline)
        except BatchVizError as error:
            inspections.failed(request, str(error))
        except Exception as error:
            trace = traceback.format_exc()
            name = type(error).__name__
            inspections.failed(
                request, f"Looking inside ended in an error ({name}); engine.log has the details."
            )
        else:
            inspections.save(request, look)
    except StoreError as error:
        trace = str(error)
    return trace


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


def _train_alone(store: Store, attempt: WorkerAttempt) -> None:
    from batchviz.training import run_spec

    try:
        outcome = run_spec(
            attempt.run.spec,
            report=attempt.report,
            should_stop=attempt.should_stop,
            fetch_own=store.uploads.arrays,
            measure_at=attempt.run.measure_at,
        )
    except StaleAttempt as error:
        attempt.leave(str(error))
    except Exception as error:
        attempt.end(*_failure(error, attempt))
    else:
        attempt.end(outcome)


def _train_together(store: Store, attempts: Sequence[WorkerAttempt]) -> None:
    """Each ends by itself. What breaks the computation sends all that have not to a start of their own."""
    from batchviz.training.replicas import record_replicas
    from batchviz.training.reports import Reporter, outcome

    by_spec = {attempt.run.spec: attempt for attempt in attempts}
    reporters = {spec: Reporter(attempt.report) for spec, attempt in by_spec.items()}

    def report(spec: RunSpec, recording: Recording) -> None:
        attempt = by_spec[spec]
        if attempt.over:
            return
        try:
            reporters[spec](recording)
        except StaleAttempt as error:
            attempt.leave(str(error))
        else:
            if recording.status is not Status.RUNNING:
                attempt.end(outcome(recording, spec))

    try:
        record_replicas(
            list(by_spec),
            should_stop=lambda spec: by_spec[spec].should_stop(),
            fetch_own=store.uploads.arrays,
            measure_at=attempts[0].run.measure_at,
            report=report,
        )
    except Exception as error:
        trace = traceback.format_exc()
        for attempt in attempts:
            if not attempt.over:
                attempt.train_alone(
                    f"training it together with others failed ({type(error).__name__})", trace
                )
                trace = ""  # said once


def _failure(error: Exception, attempt: WorkerAttempt) -> tuple[Outcome, str]:
    """How a run ended that training could not go on with, and a trace of what nobody foresaw."""
    trace = ""
    if isinstance(error, BatchVizError):
        reason = str(error)
    elif isinstance(error, MemoryError):
        reason = OUT_OF_MEMORY
    elif type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's out of memory
        reason = "TensorFlow ran out of memory. Try a smaller network, fewer rows or a smaller batch size."
    else:
        line = (str(error).strip().splitlines() or [""])[0][:200]
        reason = (
            f"Training ended in an unforeseen error ({type(error).__name__}: {line}). "
            "The curves up to there are kept; engine.log has the details."
        )
        trace = traceback.format_exc()
    return Outcome(Status.FAILED, reason, {}, attempt.progress), trace
