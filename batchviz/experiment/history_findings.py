"""What was found when another program's history was read, as values; `text.history` has the words.

A file that can be read in two ways is read in one of them, and offers the other: `Choice`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Choice(StrEnum):
    """What a file may leave open."""

    DECIMAL_MARK = "decimal_mark"
    """`.` or `,`."""
    NAN = "nan"
    """NOT_MEASURED or DIVERGED."""
    PART = "part"
    """LAST, JOINED, or the number of a training, from 1."""
    EVERY = "every"
    """Validated every so many epochs."""


NOT_MEASURED, DIVERGED = "not measured", "diverged"
LAST, JOINED = "last", "joined"


@dataclass(frozen=True)
class Open:
    """A choice: the reading taken, and the others that fit as well."""

    choice: Choice
    taken: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """Numbers that were read with one decimal mark and fit the other."""

    column: str
    word: str
    value: float


@dataclass(frozen=True)
class NanUnmeasured:
    """NaN that stands for no measurement, since the training went on with finite losses."""

    column: str
    epochs: int


@dataclass(frozen=True)
class HeadingsRepeated:
    """The line of headings stands in the file again, as a training that is resumed may write it."""

    lines: tuple[int, ...]


@dataclass(frozen=True)
class EpochsRestart:
    """The epochs start again, or go back to one that was there already."""

    line: int
    epoch: int
    """From 1."""
    parts: int
    taken: str
    trainings: bool
    """Whether each part starts where the file does: several trainings, or one continued without its count."""


@dataclass(frozen=True)
class EpochsMissing:
    """Epochs that the file has no line for."""

    first: int
    epochs: int


@dataclass(frozen=True)
class ValidatedEvery:
    """Fewer validation values than epochs, as `validation_freq` makes them."""

    every: int
    values: int
    epochs: int


@dataclass(frozen=True)
class PerCent:
    """An accuracy above 1, read as per cent."""

    column: str
    value: float


@dataclass(frozen=True)
class TakenAs:
    """A heading that is not Keras', and what it was taken for."""

    column: str
    name: str


@dataclass(frozen=True)
class SeveralAnEpoch:
    """A column that is left out: it has several values in one epoch."""

    column: str
    epoch: int


Finding = (
    Mark
    | NanUnmeasured
    | HeadingsRepeated
    | EpochsRestart
    | EpochsMissing
    | ValidatedEvery
    | PerCent
    | TakenAs
    | SeveralAnEpoch
)
