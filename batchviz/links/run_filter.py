"""Which runs are looked for, as one frozen value and as the parameters of the page's address:
`/runs?search=tiny&data=teacher&batch_size=32&batch_size=800&tag=class&sort=val_loss&page=2`.

`where=optimizer:sgd` asks for a value of any column, `where=val_loss:0.05..0.1` for a number between two.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from batchviz.experiment import datasets
from batchviz.experiment.columns import COLUMNS, FLAGS, NUMBERS, Value
from batchviz.experiment.parsing import as_text
from batchviz.experiment.query import ORDERS, Condition, Query, words
from batchviz.experiment.records import Status
from batchviz.links.limits import MAX_DIGITS, MAX_NUMBER, MAX_SEARCH_LENGTH
from batchviz.links.url_model import UrlModel

PAGE_SIZE = 25

Item = TypeVar("Item")


def _accepted(by: Callable[[str], bool]) -> AfterValidator:
    def check(name: str) -> str:
        if not by(name):
            raise ValueError("unknown name")
        return name

    return AfterValidator(check)


def _decimal(value: Any) -> Any:
    if isinstance(value, str) and not (value.isdecimal() and len(value) <= MAX_DIGITS):
        raise ValueError("no whole number")
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    day = date.fromisoformat(value)
    if not 1970 < day.year < 3000:
        raise ValueError("not of our time")
    return day


def where(column: str, value: Value) -> str:
    """A value of a column as one of `RunFilter.where`."""
    return f"{column}:{as_text(value)}"


def between(column: str, low: float | None, high: float | None) -> str:
    """A number from `low` to `high`, both included, as one of `RunFilter.where`."""
    ends = ("" if end is None else as_text(float(end)) for end in (low, high))
    return f"{column}:{'..'.join(ends)}"


def condition(text: str) -> Condition:
    """What one of `RunFilter.where` asks for. Raises ValueError for what none of ours can be."""
    column, colon, value = text.partition(":")
    if not colon or column not in COLUMNS:
        raise ValueError("unknown column")
    if column in FLAGS:
        return Condition(column, ({"true": True, "false": False}[value],))
    if column not in NUMBERS:
        return Condition(column, (value,))
    low, dots, high = value.partition("..")
    if not dots:
        return Condition(column, (_finite(value),))
    if not low and not high:
        raise ValueError("neither end")
    end = math.nextafter(_finite(high), math.inf) if high else None
    return Condition(column, low=_finite(low) if low else None, high=end)


def _finite(text: str) -> float:
    number = float(text)
    if not abs(number) < MAX_NUMBER:
        raise ValueError("no number of a list")
    return number


def _is_condition(text: str) -> bool:
    try:
        condition(text)
    except (ValueError, KeyError):
        return False
    return True


Search = Annotated[
    str, Field(max_length=MAX_SEARCH_LENGTH), AfterValidator(lambda text: text.replace("\x00", ""))
]
Number = Annotated[int, BeforeValidator(_decimal), Field(ge=1, le=10**8)]
Day = Annotated[date, BeforeValidator(_day)]
Dataset = Annotated[str, _accepted(datasets.exists)]
StatusName = Annotated[str, _accepted(tuple(Status).__contains__)]
Order = Annotated[str, _accepted(ORDERS.__contains__)]
ColumnName = Annotated[str, _accepted(COLUMNS.__contains__)]
Where = Annotated[Search, _accepted(_is_condition)]
Switch = Annotated[bool, BeforeValidator(lambda value: value in (True, "true"))]


class RunFilter(UrlModel):
    """What the questions of the page say. Empty means any; days are the visitor's; pages count from 1."""

    PARAMETERS: ClassVar[Mapping[str, str]] = {
        "text": "search",
        "datasets": "data",
        "batch_sizes": "batch_size",
        "statuses": "status",
        "tags": "tag",
        "since": "from",
        "order": "sort",
        "columns": "column",
    }

    text: Search = ""
    datasets: tuple[Dataset, ...] = ()
    batch_sizes: tuple[Number, ...] = ()
    statuses: tuple[StatusName, ...] = ()
    tags: tuple[Search, ...] = ()
    where: tuple[Where, ...] = ()
    """Values of one column are alternatives, and each column must have one of its own."""
    favourite: Switch = False
    since: Day | None = None
    until: Day | None = None
    order: Order = "newest"
    reverse: Switch = False
    group: Switch = False
    """Whether the seeds of an experiment are one row."""
    columns: tuple[ColumnName, ...] = ()
    """Shown beside those that always are; none are those that tell the runs apart."""
    page: Number = 1

    @field_validator("datasets", "batch_sizes", "statuses", "tags", "where", "columns")
    @classmethod
    def _each_once(cls, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(dict.fromkeys(items))

    def texts(self, name: str) -> list[str]:
        """A field's values, each as the text of a parameter."""
        value = getattr(self, name)
        return list(map(str, value)) if isinstance(value, tuple) else super().texts(name)

    @property
    def filters(self) -> int:
        """How many filters are set, beside the search."""
        fields = (self.datasets, self.batch_sizes, self.statuses, self.tags, self.where, self.favourite)
        return sum(map(bool, fields)) + (self.since is not None or self.until is not None)

    def query(self, zone: ZoneInfo) -> Query:
        """The same for the store; `until` is the end of that day."""
        chosen = (("dataset", self.datasets), ("batch_size", self.batch_sizes), ("status", self.statuses))
        return Query(
            words=words(self.text),
            conditions=(*(Condition(column, values) for column, values in chosen if values), *self._wheres()),
            tags=self.tags,
            favourite=self.favourite,
            since=_midnight(self.since, zone),
            until=_midnight(self.until and self.until + timedelta(days=1), zone),
            order=self.order,
            reverse=self.reverse,
            page=self.page - 1,
            page_size=PAGE_SIZE,
        )

    def _wheres(self) -> Iterator[Condition]:
        values: dict[str, tuple[Value, ...]] = {}
        for clause in map(condition, self.where):
            if clause.values:
                values[clause.column] = values.get(clause.column, ()) + clause.values
            else:
                yield clause
        for column, alternatives in values.items():
            yield Condition(column, alternatives)


def _midnight(day: date | None, zone: ZoneInfo) -> float | None:
    return None if day is None else datetime.combine(day, time(), zone).timestamp()
