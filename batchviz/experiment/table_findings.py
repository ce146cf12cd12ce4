"""What was found and done when a visitor's table was read and prepared, as values; `text.table` has the words.

They are kept with the data: `stored` and `read` are the form in which the store keeps them. A field may be added to a
finding with a default; a finding that was stored is never renamed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter


@dataclass(frozen=True)
class TableShape:
    """The file as a table."""

    rows: int
    columns: int
    separator: str
    """Of a text file; empty for Parquet."""
    code: Literal["table_shape"] = "table_shape"


@dataclass(frozen=True)
class MarkedEncoding:
    """The file's byte order mark says how it is written."""

    encoding: str
    code: Literal["marked_encoding"] = "marked_encoding"


@dataclass(frozen=True)
class WindowsEncoding:
    """It was read as Windows-1252, because a byte is not UTF-8. Bytes and lines count from 1."""

    byte: int
    line: int
    code: Literal["windows_encoding"] = "windows_encoding"


@dataclass(frozen=True)
class SampledRows:
    """Of too many rows the first, or some at random, were taken."""

    rows: int
    total: int
    at_random: bool
    code: Literal["sampled_rows"] = "sampled_rows"


@dataclass(frozen=True)
class NoHeadings:
    """The first line holds values: the columns are named by number."""

    code: Literal["no_headings"] = "no_headings"


@dataclass(frozen=True)
class NamelessColumns:
    """Columns without a name are named by number."""

    columns: int
    code: Literal["nameless_columns"] = "nameless_columns"


@dataclass(frozen=True)
class RepeatedNames:
    """Names that several columns had were numbered."""

    names: tuple[str, ...]
    code: Literal["repeated_names"] = "repeated_names"


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


@dataclass(frozen=True)
class ColumnRemarks:
    """What was decided about one column."""

    column: str
    remarks: tuple[Annotated[Remark, Field(discriminator="code")], ...]
    quoted: bool = False
    """Whether the column is the target, whose name stands in quotation marks."""
    code: Literal["column_remarks"] = "column_remarks"


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


@dataclass(frozen=True)
class NumberTarget:
    """What is predicted is a number, standardised; its mean and standard deviation are None where too large."""

    column: str
    mean: float | None
    deviation: float | None
    days: bool
    """Whether it is a date, in days since 1970."""
    over_training_rows: bool = False
    """Whether each run takes mean and deviation from its training rows; older data has them of all rows."""
    code: Literal["number_target"] = "number_target"


@dataclass(frozen=True)
class ClassTarget:
    """What is predicted is a class."""

    column: str
    classes: int
    commonest: str
    share: float
    """Of the rows that are of the commonest class."""
    code: Literal["class_target"] = "class_target"


@dataclass(frozen=True)
class SingleRowClasses:
    """Classes that are trained on or validated on, never both."""

    classes: tuple[str, ...]
    code: Literal["single_row_classes"] = "single_row_classes"


@dataclass(frozen=True)
class DroppedRows:
    """Rows without a target were dropped."""

    dropped: int
    rows: int
    """That remain."""
    code: Literal["dropped_rows"] = "dropped_rows"


@dataclass(frozen=True)
class OrderedRows:
    """The rows are not shuffled: the last ones are held out."""

    column: str
    """By whose values they stand in order; empty for the order of the file."""
    code: Literal["ordered_rows"] = "ordered_rows"


@dataclass(frozen=True)
class KindInputs:
    """What was done with all columns of one kind."""

    kind: str
    columns: tuple[tuple[str, int], ...]
    """Names, and the inputs that each becomes."""
    most: int = 0
    """Different values that categories may have."""
    over_training_rows: bool = False
    """Whether each run takes mean and deviation from its training rows; older data has them of all rows."""
    code: Literal["kind_inputs"] = "kind_inputs"


@dataclass(frozen=True)
class FilledGaps:
    """Missing values of columns, and how many: numbers become the mean, categories one of their own."""

    categories: bool
    columns: tuple[tuple[str, int], ...]
    over_training_rows: bool = False
    """Whether each run takes mean and deviation from its training rows; older data has them of all rows."""
    code: Literal["filled_gaps"] = "filled_gaps"


@dataclass(frozen=True)
class MissingWords:
    """Some words count as missing."""

    code: Literal["missing_words"] = "missing_words"


@dataclass(frozen=True)
class LeftOutColumns:
    """The columns that become no input."""

    columns: tuple[LeftOut, ...]
    code: Literal["left_out_columns"] = "left_out_columns"


Finding = (
    TableShape | MarkedEncoding | WindowsEncoding | SampledRows | NoHeadings | NamelessColumns | RepeatedNames
    | ColumnRemarks | NumberTarget | ClassTarget | SingleRowClasses | DroppedRows | KindInputs | FilledGaps
    | MissingWords | LeftOutColumns | OrderedRows
)  # fmt: skip
"""A step on the way from a file to what a network trains on."""


def stored(findings: Sequence[Finding | str]) -> list[Any]:
    """As JSON holds them; sentences, of which older data is explained by, stay as they are."""
    dumped: list[Any] = _findings().dump_python(list(findings), mode="json")
    return dumped


def read(explanation: Iterable[Any]) -> tuple[Finding | str, ...]:
    """From what `stored` gave. Raises ValueError for what no version of it did."""
    return tuple(_findings().validate_python(list(explanation)))


@functools.cache
def _findings() -> TypeAdapter[list[Finding | str]]:
    return TypeAdapter(list[Annotated[Finding, Field(discriminator="code")] | str])
