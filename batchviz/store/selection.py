"""A selection of runs, read from the store piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from batchviz.errors import StoreError
from batchviz.experiment import datasets
from batchviz.experiment.clock import Clock, ClockPath, clock_key
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.series import Series
from batchviz.store import Cursor, Store
from batchviz.store.limits import MAX_MISSING_NAMED

ROWS_AT_ONCE = 65_536


class MissingError(StoreError):
    """Runs that were asked for are not there; the text names them."""


class StoredSelection:
    """The exporters.Selection of an installation: an immutable list of runs, whose rows are read when asked for."""

    def __init__(self, store: Store, run_ids: Sequence[str], owner: str = "") -> None:
        """`owner` sees the names that are in his or her library, and nobody else's. Raises MissingError, StoreError."""
        ids = list(dict.fromkeys(run_ids))
        runs = store.runs.by_id(ids)
        missing = [run_id for run_id in ids if run_id not in runs]
        if missing:
            raise MissingError(_missing(missing))
        self._store, self._owner = store, owner
        library = store.library.entries(owner, ids) if owner else {}
        self._entries = [library.get(run_id) or LibraryEntry(runs[run_id]) for run_id in ids]

    @property
    def entries(self) -> Sequence[LibraryEntry]:
        """Each run once, in the order asked for."""
        return self._entries

    def pieces(self, run_id: str, kind: str) -> Iterator[tuple[int, Series]]:
        """(number of the first row, rows), each read on its own: the store is not held between two of them."""
        cursor = Cursor()
        while True:
            delta = self._store.series.since({run_id: cursor}, limit=ROWS_AT_ONCE, kinds=[kind]).get(run_id)
            if delta is None or cursor.attempt not in (0, delta.attempt):
                return  # deleted or started again meanwhile: better a short file than one of two halves
            first, series = delta.first[kind], delta.rows(kind)
            count = len(next(iter(series.values())))
            if count:
                yield first, series
            if delta.complete:
                return
            cursor = Cursor(delta.attempt, **{kind: first + count})

    def whole(self, run_id: str, kind: str) -> Series:
        """All rows, in one read."""
        return self._store.series.whole([run_id], kind)[run_id]

    def clocks(self, path: ClockPath) -> Mapping[str, Clock]:
        """Of the network of every run, as far as it was measured."""
        return self._store.clocks.find({clock_key(entry.run.spec) for entry in self._entries}, path)

    def own_data(self, dataset: str) -> OwnData | None:
        """All rows of a visitor's own data, for that visitor alone: who has a run's id may not have its data."""
        identity = datasets.identity(dataset)
        owned = {upload.id for upload in self._store.uploads.owned_by(self._owner)} if self._owner else set()
        return self._store.uploads.arrays(identity) if identity in owned else None

    def fingerprints(self) -> Sequence[str]:
        """The versions that trained the runs, each once."""
        return self._store.runs.fingerprints([entry.run.id for entry in self._entries])


def _missing(run_ids: Sequence[str]) -> str:
    listed = ", ".join(run_ids[:MAX_MISSING_NAMED])
    more = f" and {len(run_ids) - MAX_MISSING_NAMED} more" if len(run_ids) > MAX_MISSING_NAMED else ""
    return (
        f"There is no run {listed}{more} here: it was deleted, or the link is damaged or comes from another "
        "installation. Leave it out of the selection, and export again."
    )
