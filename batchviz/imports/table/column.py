"""What a column is: numbers, dates, yes or no, categories or text; its values; what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

MOST_CATEGORIES = 50
"""Most different values of a column that becomes one input a value."""


class Kind(StrEnum):
    """What a column holds, in the words of the page."""

    NUMBER = "numbers"
    DATE = "dates"
    YES_NO = "yes/no"
    CATEGORY = "categories"
    TEXT = "text"
    EMPTY = "empty"
    UNSUPPORTED = "not supported"


@dataclass(frozen=True)
class Column:
    """One column. Exactly one of `numbers` and `codes` says something, by kind."""

    name: str
    kind: Kind
    numbers: NDArray[np.float64]
    """NUMBER, DATE (days since 1970) and YES_NO (0 and 1): a value a row, NaN where it is missing."""
    codes: NDArray[np.int32]
    """CATEGORY and TEXT: the place in `words`, -1 where it is missing."""
    words: tuple[str, ...] = ()
    """The different values in sorted order (TEXT: empty when there are more than can be classes); no and yes."""
    remark: str = ""
    """What was decided when the column was read."""
    distinct: int = 0
    """Different values, missing ones not counted."""

    @property
    def missing(self) -> NDArray[np.bool_]:
        """True where the value is missing."""
        return np.isnan(self.numbers) if len(self.numbers) else self.codes < 0


NO_NUMBERS = np.empty(0, np.float64)
NO_CODES = np.empty(0, np.int32)


def of_numbers(name: str, kind: Kind, numbers: NDArray[np.float64]) -> Column:
    """The column of values that come as numbers: NUMBER, DATE in days, YES_NO in 0 and 1."""
    infinite = int(np.isinf(numbers).sum())
    present = np.where(np.isinf(numbers), np.nan, numbers)
    remark = (
        f"{'1 infinite value counts' if infinite == 1 else f'{infinite:,} infinite values count'} as missing."
        if infinite
        else ""
    )
    distinct = len(np.unique(present[~np.isnan(present)]))
    if not distinct:
        return Column(name, Kind.EMPTY, NO_NUMBERS, np.full(len(numbers), -1, np.int32), remark=remark)
    return Column(
        name, kind, present, NO_CODES, ("no", "yes") if kind is Kind.YES_NO else (), remark, distinct
    )


def unsupported(name: str, rows: int, holds: str) -> Column:
    """A column of what no network learns from."""
    codes = np.full(rows, -1, np.int32)
    return Column(name, Kind.UNSUPPORTED, NO_NUMBERS, codes, remark=f"It holds {holds}.")


def shortened(text: str, most: int = 60) -> str:
    """The text on one line, without what cannot be seen, at most so long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}\u2026"
