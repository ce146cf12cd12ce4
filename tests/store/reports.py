"""Reports and outcomes as a worker would hand them in, without any training; runs that several visitors have."""

from collections.abc import Sequence

import numpy as np

from batchviz.experiment.records import Outcome, Progress, Report, Status
from batchviz.experiment.series import SERIES, Series
from batchviz.store import Store
from batchviz.store.inserts import add_to_library
from batchviz.store.search import visible_rows


def give(store: Store, owner: str, run_ids: Sequence[str]) -> None:
    """Put runs into somebody's library too, as a finished run is when somebody else asks for it."""
    with store.database.writing() as connection:
        add_to_library(connection, owner, [row.id for row in visible_rows(connection, run_ids)])


def rows(columns: tuple[str, ...], first: int, count: int) -> Series:
    """Distinct values everywhere, so that any mix-up of rows or columns shows."""
    numbers = np.arange(first, first + count, dtype=np.float32)
    return {name: numbers + np.float32(1000 * index) for index, name in enumerate(columns)}


def report(first: int = 0, count: int = 10, *, first_epoch: int = 0, epochs: int = 0) -> Report:
    done = first + count
    return Report(
        updates=rows(SERIES["updates"].names, first, count),
        epochs=rows(SERIES["epochs"].names, first_epoch, epochs),
        progress=Progress(updates=done, examples=32 * done, epochs=done / 25, seconds=done / 1000),
    )


def outcome(status: Status = Status.DONE, reason: str = "", **final: float) -> Outcome:
    return Outcome(status, reason, final, Progress(updates=10, examples=320, epochs=0.4, seconds=0.01))
