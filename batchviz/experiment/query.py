"""How runs are looked for in a library: words, conditions, an order."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from batchviz.experiment.columns import COLUMNS, Value


@dataclass(frozen=True)
class Condition:
    """What a column of a list must hold: one of `values`, or a number from `low` up to but not including `high`.

    Neither is anything at all: the column must have a value.
    """

    column: str
    """One of columns.COLUMNS."""
    values: tuple[Value, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Word:
    """One word of a search: it stands in what was written on a run, or one of the conditions is met."""

    text: str
    """As `folded` writes it."""
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Query:
    """Which runs of a library are looked for. Empty means any. Dates are Unix seconds."""

    words: tuple[Word, ...] = ()
    """All of them occur. What is written on a run is its name, note, tags and title; a whole id finds its run too."""
    conditions: tuple[Condition, ...] = ()
    """All of them are met."""
    tags: tuple[str, ...] = ()
    """Any of them."""
    favourite: bool = False
    since: float | None = None
    until: float | None = None
    order: str = "newest"
    """One of ORDERS. What has no value comes last, whichever way it goes."""
    reverse: bool = False
    page: int = 0
    page_size: int = 100


ORDERS = ("newest", "oldest", "name", "favourite", *(column for column in COLUMNS if column != "full_batch"))
"""By when a run came, by what was written on it, or by a column, the least first."""


def folded(text: str) -> str:
    """Text as a search compares it: without accents, upper and lower case alike."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def words(text: str) -> tuple[Word, ...]:
    """The words of a search, looked for in what is written on runs."""
    return tuple(Word(word) for word in folded(text).split())
