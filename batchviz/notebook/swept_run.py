"""One run of a sweep as it is kept: what a store would know of it, its rows, and Keras' history to the last bit."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
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


def train(spec: RunSpec, measure_at: Collection[int], should_stop: object) -> SweptRun:
    """Train one run as `batchviz train` does. An error that is meant for people is how the run failed."""
    from batchviz.errors import BatchVizError
    from batchviz.training import record
    from batchviz.training.reports import Reporter, final_values

    assert callable(should_stop)
    began = time.time()
    reports: list[Report] = []
    try:
        recording: Recording = record(spec, should_stop=should_stop, measure_at=measure_at)
    except BatchVizError as error:
        return unrecorded(spec, measure_at, str(error))
    except MemoryError:
        reason = "There was not enough memory. Try a smaller network, fewer rows or a smaller batch size."
        return unrecorded(spec, measure_at, reason)
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
