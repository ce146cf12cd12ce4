"""A selection in memory, that remembers what was read of it."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from batchviz.experiment.clock import Clock, ClockPath
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.records import Progress, Run, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from tests.store.reports import report, rows


def run(run_id: str = "AbCdEf12345", spec: RunSpec | None = None, **changes: object) -> Run:
    given: dict[str, object] = {
        "id": run_id,
        "attempt": 1,
        "spec": spec or RunSpec(),
        "status": Status.DONE,
        "reason": "",
        "owner": "ada",
        "created": 1_700_000_000.0,
        "started": 1_700_000_010.0,
        "finished": 1_700_000_020.0,
        "progress": Progress(250, 8000, 10.0, 0.25),
        "final": {"val_loss": 0.09},
    }
    return Run(**{**given, **changes})  # type: ignore[arg-type]


def trained(epochs: int = 3, updates: int = 50) -> dict[str, Series]:
    """What a worker would have recorded, every value its own and none of them short in decimal."""
    made = report(0, updates, epochs=epochs)
    noise = np.random.default_rng(0)
    for series in (made.epochs, made.updates):
        for name in series:
            if name not in ("updates", "examples", "batch_size"):
                series[name] += noise.random(len(series[name]), np.float32)
    made.epochs["updates"] = np.arange(epochs, dtype=np.float32) * 25
    made.epochs["examples"] = made.epochs["updates"] * 32
    made.epochs["seconds"] = made.epochs["updates"] / np.float32(1000)
    if epochs:
        made.epochs["loss"][0] = made.epochs["metric"][0] = np.nan
    inside = rows(SERIES["measured"].names, 0, 3)
    for name in SERIES["measured"].axes:
        inside[name] = made.epochs[name].max(initial=0) * np.array([0.1, 0.2, 0.5], np.float32)
    return {"epochs": made.epochs, "updates": made.updates, "measured": inside}


class MemorySelection:
    """The contract of exports.Selection, held by dictionaries. `read` lists what was asked for, in order."""

    def __init__(
        self, entries: Sequence[LibraryEntry], rows: Mapping[str, Mapping[str, Series]], piece: int = 7
    ) -> None:
        self.entries, self.rows, self.piece = entries, rows, piece
        self.read: list[tuple[str, str, int]] = []
        self.own: dict[str, OwnData] = {}
        self.known: dict[ClockPath, dict[str, Clock]] = {}

    @classmethod
    def from_entries(cls, *entries: LibraryEntry, piece: int = 7) -> "MemorySelection":
        return cls(entries, {entry.run.id: trained() for entry in entries}, piece)

    def pieces(self, run_id: str, kind: str) -> Iterator[tuple[int, Series]]:
        series = self.rows[run_id][kind]
        for first in range(0, len(next(iter(series.values()))), self.piece):
            self.read.append((run_id, kind, first))
            yield first, {name: column[first : first + self.piece] for name, column in series.items()}

    def clocks(self, path: ClockPath) -> Mapping[str, Clock]:
        return self.known.get(path, {})

    def own_data(self, dataset: str) -> OwnData | None:
        return self.own.get(dataset)

    def fingerprints(self) -> Sequence[str]:
        return ["tensorflow 2.21.0, keras 3.15.1, numpy 2.4.6, x86_64, loop 5"]

    def whole(self, run_id: str, kind: str) -> Series:
        self.read.append((run_id, kind, -1))
        return dict(self.rows[run_id][kind])
