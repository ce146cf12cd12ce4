"""Inside a worker process: one run from its spec to its recorded end."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from batchviz.engine.heartbeat import HeartbeatThread
from batchviz.errors import BatchVizError, StoreError
from batchviz.experiment.records import Outcome, Progress, Report, Run, Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import StaleAttempt, Store

WARM_UP = RunSpec.parse({"rows": 64, "hidden": (3,), "batch_size": 16, "budget": 1})
"""Of another shape than anybody's run, small, and through every part of the training code."""

_store: Store | None = None


@dataclass(frozen=True)
class WorkerResult:
    """How the training of an attempt ended. `unrecorded` is an outcome that the database did not take."""

    unrecorded: Outcome | None = None
    trace: str = ""


def warm_up(database_url: str, threads: int) -> None:
    """Make this process ready: TensorFlow loaded and used once, the database open."""
    global _store
    import batchviz.engine.preload  # noqa: F401  already there when forked, needed when spawned
    from batchviz.training import run_spec, use_threads

    use_threads(threads)
    run_spec(WARM_UP, report=lambda report: None, should_stop=lambda: False)
    _store = Store(database_url)


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


def _outcome(store: Store, run: Run, heartbeat: HeartbeatThread) -> tuple[Outcome, str]:
    from batchviz.training import run_spec

    progress = Progress()

    def record(report: Report) -> None:
        nonlocal progress
        if store.attempts.append(run.id, run.attempt, report):
            heartbeat.stop()
        progress = report.progress

    try:
        outcome = run_spec(
            run.spec, report=record, should_stop=heartbeat.should_stop, fetch_own=store.uploads.arrays
        )
        return outcome, ""
    except StaleAttempt:
        raise
    except BatchVizError as error:
        return Outcome(Status.FAILED, str(error), {}, progress), ""
    except MemoryError:
        reason = "There was not enough memory. Try a smaller network, fewer rows or a smaller batch size."
        return Outcome(Status.FAILED, reason, {}, progress), ""
    except Exception as error:
        if type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's out of memory
            reason = (
                "TensorFlow ran out of memory. Try a smaller network, fewer rows or a smaller batch size."
            )
            return Outcome(Status.FAILED, reason, {}, progress), ""
        line = (str(error).strip().splitlines() or [""])[0][:200]
        reason = (
            f"Training ended in an unforeseen error ({type(error).__name__}: {line}). "
            "The curves up to there are kept; engine.log has the details."
        )
        return Outcome(Status.FAILED, reason, {}, progress), traceback.format_exc()
