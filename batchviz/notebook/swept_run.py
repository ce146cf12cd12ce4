"""One run of a sweep as it is kept: what a store would know of it, its rows, and Keras' history to the last bit."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batchviz.errors import OUT_OF_MEMORY, BatchVizError
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Outcome, Progress, Report, Run, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.selection import RecordedRuns

if TYPE_CHECKING:
    from batchviz.training import Recording

ID_LENGTH = 12
STOPPED = "Stopped before it began."


@dataclass(frozen=True)
class SweptRun:
    """A run and everything it recorded. `history` is that of Keras' `History.history`."""

    run: Run
    series: Mapping[str, Series]
    """By kind in SERIES."""
    history: Mapping[str, list[float]]

    @property
    def kept(self) -> bool:
        """Whether it answers whoever asks for the same run again, as in the dashboard."""
        return self.run.status in (Status.DONE, Status.DIVERGED)

    @property
    def together(self) -> bool:
        """Whether it was trained in one computation with others: equal up to rounding to the run alone."""
        return self.run.final.get("trained_together", 1) > 1


def train(spec: RunSpec, measure_at: Collection[int], should_stop: Callable[[], bool]) -> SweptRun:
    """Train one run as `batchviz train` does. An error that is meant for people is how the run failed."""
    from batchviz.training import record

    began = time.time()
    try:
        recording: Recording = record(spec, should_stop=should_stop, measure_at=measure_at)
    except BatchVizError as error:
        return unrecorded(spec, measure_at, str(error))
    except MemoryError:
        return unrecorded(spec, measure_at, OUT_OF_MEMORY)
    return _swept(spec, measure_at, recording, began)


def train_together(
    specs: Sequence[RunSpec], measure_at: Collection[int], should_stop: Callable[[], bool]
) -> list[SweptRun]:
    """Train one of `experiment.replica_groups.groups`. Where that fails each is trained alone, and says why."""
    from batchviz.training.replicas import record_replicas

    if len(specs) > 1:
        began = time.time()
        try:
            recordings = record_replicas(specs, lambda spec: should_stop(), measure_at=measure_at)
        except (BatchVizError, MemoryError):
            pass
        else:
            parts = zip(specs, recordings, strict=True)
            return [_swept(spec, measure_at, recording, began) for spec, recording in parts]
    return [
        unrecorded(spec, measure_at, STOPPED, Status.STOPPED)
        if should_stop()
        else train(spec, measure_at, should_stop)
        for spec in specs
    ]


def _swept(spec: RunSpec, measure_at: Collection[int], recording: Recording, began: float) -> SweptRun:
    from batchviz.training.reports import Reporter, outcome

    reports: list[Report] = []
    Reporter(reports.append)(recording)
    history = {name: [float(value) for value in values] for name, values in recording.history.items()}
    run = recorded_run(spec, measure_at, outcome(recording, spec), began, time.time())
    return SweptRun(run, reports[0].series, history)


def unrecorded(
    spec: RunSpec, measure_at: Collection[int], reason: str, status: Status = Status.FAILED
) -> SweptRun:
    """A run that left nothing."""
    now = time.time()
    run = recorded_run(spec, measure_at, Outcome(status, reason, {}, Progress()), now, now)
    return SweptRun(run, {kind: SERIES[kind].empty() for kind in SERIES}, {})


def selection(runs: Sequence[SweptRun]) -> RecordedRuns:
    """Runs as the exporters take them."""
    return RecordedRuns(
        [LibraryEntry(swept.run) for swept in runs], {swept.run.id: swept.series for swept in runs}
    )


def recorded_run(
    spec: RunSpec, measure_at: Collection[int], outcome: Outcome, began: float, finished: float
) -> Run:
    """What a store would know of it. Times are Unix seconds."""
    return Run(
        id=spec.hash[:ID_LENGTH],
        attempt=1,
        spec=spec,
        status=outcome.status,
        reason=outcome.reason,
        owner="",
        created=began,
        started=began,
        finished=finished,
        progress=outcome.progress,
        final=outcome.final,
        measure_at=tuple(measure_at),
    )
