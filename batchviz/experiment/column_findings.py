"""What was found and done when one column of a visitor's table was read, as values; `text.column` has the words.

They are kept with the data, as those of the whole table are (`table_findings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True)
class InfiniteValues:
    """Values that are infinite count as missing."""

    values: int
    code: Literal["infinite_values"] = "infinite_values"


@dataclass(frozen=True)
class UnsupportedType:
    """No network learns from values of this type."""

    type: str
    code: Literal["unsupported_type"] = "unsupported_type"


@dataclass(frozen=True)
class NumberNotation:
    """How a number that needed more than reading was understood."""

    word: str
    value: float
    other: float | None = None
    """What it would be in the other reading that fits the column."""
    unit: str = ""
    """What stands beside the column's numbers."""
    without: int = 0
    """Rows whose number stands without the unit."""
    code: Literal["number_notation"] = "number_notation"


@dataclass(frozen=True)
class LostValues:
    """Values that are not what the rest of their column is count as missing."""

    what: Literal["number", "date"]
    values: int
    example: str
    code: Literal["lost_values"] = "lost_values"


class DateOrder(StrEnum):
    """How day and month were told apart."""

    MONTH_FIRST = "month_first"
    """The second number exceeds 12."""
    DAY_FIRST = "day_first"
    ASSUMED_DAY_FIRST = "assumed_day_first"
    """Nothing in the column contradicts it."""
    CHOSEN_DAY_FIRST = "chosen_day_first"
    CHOSEN_MONTH_FIRST = "chosen_month_first"


@dataclass(frozen=True)
class OrderedDates:
    """Dates whose year comes last."""

    order: DateOrder
    code: Literal["ordered_dates"] = "ordered_dates"


class Way(StrEnum):
    """How the words of a column are read, where two ways fit."""

    POINT = "decimal_point"
    COMMA = "decimal_comma"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    CALENDAR = "calendar"
    """20240131 as a day."""
    EXCEL = "excel"
    """45322 as the day that Excel means by it."""
    NUMBER = "number"
    """Either as the number that stands there."""
    KEPT = "kept"
    """-999 as a value like any other."""
    MISSING = "missing"
    """As a missing value."""


@dataclass(frozen=True)
class WayToRead:
    """What a word of a column is in one of the ways that fit."""

    way: Way
    word: str
    value: float
    """A number, or days since 1970."""


@dataclass(frozen=True)
class MostlyNumbers:
    """A column of categories of which most are numbers."""

    share: float
    example: str
    """One that is none."""
    code: Literal["mostly_numbers"] = "mostly_numbers"


@dataclass(frozen=True)
class MissingMarks:
    """Words that count as missing because the rest of their column are numbers or dates."""

    values: int
    words: tuple[str, ...]
    code: Literal["missing_marks"] = "missing_marks"


@dataclass(frozen=True)
class LikelyMark:
    """A number such as -999, far from all others of its column: it may stand for a missing value."""

    value: float
    rows: int
    code: Literal["likely_mark"] = "likely_mark"


@dataclass(frozen=True)
class SeveralUnits:
    """Numbers in several units make no column of numbers."""

    units: tuple[str, ...]
    code: Literal["several_units"] = "several_units"


Remark = (
    InfiniteValues | UnsupportedType | NumberNotation | LostValues | OrderedDates | MostlyNumbers | MissingMarks
    | SeveralUnits | LikelyMark
)  # fmt: skip
"""What was decided when a column was read."""


class Reason(StrEnum):
    """Why a column is left out."""

    CHOSEN = "chosen"
    COUNTS_ROWS = "counts_rows"
    NUMBERS_ROWS = "numbers_rows"
    """Another whole number in every row, not from 1 on."""
    NEVER_REPEATS = "never_repeats"
    UNSUPPORTED = "unsupported"
    EMPTY = "empty"
    TOO_MANY_TEXTS = "too_many_texts"
    CONSTANT = "constant"


@dataclass(frozen=True)
class LeftOut:
    """A column that becomes no input."""

    column: str
    reason: Reason
    texts: int = 0
    """Different ones, where they are too many."""
    most: int = 0
    """Different ones that would become inputs."""
    type: str = ""
    """Of values that are not supported."""
    code: Literal["left_out"] = "left_out"


@dataclass(frozen=True)
class BecomesInputs:
    """What becomes of a column that is used."""

    column: str
    kind: str
    """One of `importers.table.Kind`."""
    inputs: int
    missing: int
    """Rows without a value."""
    code: Literal["becomes_inputs"] = "becomes_inputs"


Fate = LeftOut | BecomesInputs
