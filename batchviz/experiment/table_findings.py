"""What was found and done when a visitor's table was read and prepared, as values; `text.table` has the words.

They are kept with the data: `stored` and `read` are the form in which the store keeps them. A field may be added to a
finding with a default; a finding that was stored is never renamed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from batchviz.experiment.column_findings import LeftOut, Remark


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
class ColumnRemarks:
    """What was decided about one column."""

    column: str
    remarks: tuple[Annotated[Remark, Field(discriminator="code")], ...]
    quoted: bool = False
    """Whether the column is the target, whose name stands in quotation marks."""
    code: Literal["column_remarks"] = "column_remarks"


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
