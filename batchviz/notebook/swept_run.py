"""One run of a sweep as it is kept: what a store would know of it, its rows, and Keras' history to the last bit."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


def train(spec: RunSpec, measure_at: Collection[int], should_stop: object) -> SweptRun:
    """Train one run as `batchviz train` does. An error that is meant for people is how the run failed."""
    from batchviz.errors import BatchVizError
    from batchviz.training import record

    assert callable(should_stop)
    began = time.time()
    try:
        recording: Recording = record(spec, should_stop=should_stop, measure_at=measure_at)
    except BatchVizError as error:
        return unrecorded(spec, measure_at, str(error))
    except MemoryError:
        reason = "There was not enough memory. Try a smaller network, fewer rows or a smaller batch size."
        return unrecorded(spec, measure_at, reason)
    return _swept(spec, measure_at, recording, began)


def train_together(
    specs: Sequence[RunSpec], measure_at: Collection[int], should_stop: Callable[[], bool]
) -> list[SweptRun]:
    """Train one of `training.replica_groups.groups`. Where that is not possible each is trained alone, and says why."""
    from batchviz.errors import BatchVizError
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
    from batchviz.training.reports import Reporter, final_values

    reports: list[Report] = []
    Reporter(reports.append)(recording)
    outcome = Outcome(recording.status, recording.reason, final_values(recording, spec), recording.progress)
    history = {name: [float(value) for value in values] for name, values in recording.history.items()}
    return SweptRun(_run(spec, measure_at, outcome, began), reports[0].series, history)


def unrecorded(
    spec: RunSpec, measure_at: Collection[int], reason: str, status: Status = Status.FAILED
) -> SweptRun:
    """A run that left nothing."""
    outcome = Outcome(status, reason, {}, Progress())
    return SweptRun(
        _run(spec, measure_at, outcome, time.time()), {kind: SERIES[kind].empty() for kind in SERIES}, {}
    )


def selection(runs: Sequence[SweptRun]) -> RecordedRuns:
    """Runs as the exporters take them."""
    return RecordedRuns(
        [LibraryEntry(swept.run) for swept in runs], {swept.run.id: swept.series for swept in runs}
    )


def _run(spec: RunSpec, measure_at: Collection[int], outcome: Outcome, began: float) -> Run:
    return Run(
        id=spec.hash[:ID_LENGTH],
        attempt=1,
        spec=spec,
        status=outcome.status,
        reason=outcome.reason,
        owner="",
        created=began,
        started=began,
        finished=time.time(),
        progress=outcome.progress,
        final=outcome.final,
        measure_at=tuple(measure_at),
    )
