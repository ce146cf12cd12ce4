"""A file as it stands, before anybody asks what its columns are: what the readers of CSV and JSON give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.history_findings import (
    DIVERGED,
    JOINED,
    LAST,
    NOT_MEASURED,
    Choice,
    Finding,
    Open,
)

OTHER_PARTS = 20
"""Most trainings of one file that are offered one by one."""


@dataclass(frozen=True)
class Column:
    """One column of a file."""

    name: str
    values: NDArray[np.float64]
    measured: NDArray[np.bool_]
    """False where the file says that there is no value; NaN among the others may be a loss that was NaN."""
    problem: str = ""
    """The first value that is no number, and where; empty where all are."""


@dataclass(frozen=True)
class Rows:
    """Columns of a file, and what was found on the way."""

    columns: Sequence[Column]
    epochs: Column | None = None
    """The column that counts epochs, if there is one: then all columns are as long."""
    lines: Sequence[int] = ()
    """The line, or the number of the entry, of each row; in errors."""
    stated: Mapping[str, float] = field(default_factory=dict)
    """Numbers that stand beside the columns: batch_size, seed, samples."""
    left_out: tuple[str, ...] = ()
    """What stands beside the columns and is nothing that is read."""
    findings: tuple[Finding, ...] = ()
    choices: tuple[Open, ...] = ()


@dataclass(frozen=True)
class Reading:
    """How to read what a file leaves open; empty and 0 leave it to the file."""

    decimal_mark: str = ""
    nan: str = ""
    part: str = ""
    every: int = 0

    @classmethod
    def from_choices(cls, chosen: Mapping[Choice, str]) -> Reading:
        """From the values of choices; those that no file offers are passed over."""
        part, every = chosen.get(Choice.PART, ""), chosen.get(Choice.EVERY, "")
        mark, nan = chosen.get(Choice.DECIMAL_MARK, ""), chosen.get(Choice.NAN, "")
        return cls(
            mark if mark in (".", ",") else "",
            nan if nan in (NOT_MEASURED, DIVERGED) else "",
            part if part in (LAST, JOINED) or part.isdecimal() else "",
            int(every) if every.isdecimal() else 0,
        )
