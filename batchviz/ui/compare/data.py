"""The runs on the page, as they stand now: their records, their epoch rows and the names that this visitor gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batchviz.analysis.pace import Clocks
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.records import Run
from batchviz.experiment.series import Series
from batchviz.ui import resources, session
from batchviz.web import series_cache
from batchviz.web.clocks import clocks


@dataclass(frozen=True)
class Fetched:
    """What the store knows of the runs asked for, in the order they were asked for."""

    run_ids: tuple[str, ...]
    runs: tuple[Run, ...]
    series: dict[str, Series]
    """Epoch rows by run id; of very long runs those that analysis.thinned keeps."""
    names: dict[str, str]
    missing: tuple[str, ...]
    """Ids that open nothing: deleted, damaged, or of another installation."""
    clocks: Clocks
    """Of the path that the view names."""

    @property
    def changing(self) -> bool:
        """Whether the page may be another in a moment: runs train, or their clock is being measured."""
        return bool(self.unfinished or self.clocks.awaited)

    @property
    def unfinished(self) -> list[Run]:
        """Runs that are queued or training."""
        return [run for run in self.runs if not run.status.final]


def fetch(ids: Sequence[str], path: ClockPath, names: Mapping[str, str] | None = None) -> Fetched:
    """Everything a comparison needs, under these names. Raises StoreError while the store cannot be reached."""
    store = resources.store()
    runs = store.runs.by_id(ids)
    series = series_cache.epochs(store, list(runs.values()))
    if names is None:
        entries = store.library.entries(session.visitor(), list(runs))
        names = {run_id: entry.name for run_id, entry in entries.items() if entry.name}
    return Fetched(
        run_ids=tuple(ids),
        runs=tuple(runs[run_id] for run_id in ids if run_id in runs),
        series=series,
        names=dict(names),
        missing=tuple(run_id for run_id in ids if run_id not in runs),
        clocks=clocks(store, list(runs.values()), path),
    )


def updates(runs: Sequence[Run]) -> dict[str, Series]:
    """The rows of single updates, by run id: thousands a run, so only when they are drawn."""
    return series_cache.updates(resources.store(), runs)
