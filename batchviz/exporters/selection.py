"""What is to be exported, as a writer sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from batchviz.experiment.clock import Clock, ClockPath
from batchviz.experiment.environment import fingerprint
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.series import Series


class Selection(Protocol):
    """Some runs, in order, and their rows. `kind` is one of SERIES.

    Reading blocks and may raise StoreError. Rows of a run that is still training are those recorded so far.
    """

    @property
    def entries(self) -> Sequence[LibraryEntry]:
        """Each run once, with the name and tags that whoever exports has given it."""

    def pieces(self, run_id: str, kind: str) -> Iterator[tuple[int, Series]]:
        """(number of the first row, rows) from the first row on, without ever holding a run whole."""

    def whole(self, run_id: str, kind: str) -> Series:
        """All rows; for what is known to be short, or must be known at once."""

    def clocks(self, path: ClockPath) -> Mapping[str, Clock]:
        """The clocks of the runs' networks on this machine, as far as they are known."""

    def own_data(self, dataset: str) -> OwnData | None:
        """All rows of a visitor's own data by its name; None where whoever exports is not who uploaded it."""

    def fingerprints(self) -> Sequence[str]:
        """The versions that trained the runs, each once: those of `experiment.environment`."""


class RecordedRuns:
    """A Selection of runs whose rows are at hand: recorded by this very process. `rows` are by run id and kind."""

    def __init__(
        self,
        entries: Sequence[LibraryEntry],
        rows: Mapping[str, Mapping[str, Series]],
        clocks: Mapping[ClockPath, Mapping[str, Clock]] = MappingProxyType({}),
        fingerprints: Sequence[str] | None = None,
    ) -> None:
        """`fingerprints`: of those that trained the runs; this process did where nothing is told."""
        self.entries, self._rows, self._clocks = entries, rows, clocks
        self._fingerprints = fingerprints

    def pieces(self, run_id: str, kind: str) -> Iterator[tuple[int, Series]]:
        """All rows at once."""
        yield 0, self.whole(run_id, kind)

    def whole(self, run_id: str, kind: str) -> Series:
        """All rows."""
        return self._rows[run_id][kind]

    def clocks(self, path: ClockPath) -> Mapping[str, Clock]:
        """Those that were measured as well."""
        return self._clocks.get(path, {})

    def own_data(self, dataset: str) -> OwnData | None:
        """None is known."""
        return None

    def fingerprints(self) -> Sequence[str]:
        """Those that were told."""
        return [fingerprint()] if self._fingerprints is None else self._fingerprints
