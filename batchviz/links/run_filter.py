"""Which runs are looked for, as one frozen value and as the parameters of the page's address:
`/runs?search=tiny&data=teacher&batch_size=32&batch_size=800&tag=class&sort=val_loss&page=2`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from batchviz.experiment import datasets
from batchviz.experiment.library import ORDERS, Query
from batchviz.experiment.records import Status
from batchviz.links.limits import MAX_DIGITS, MAX_SEARCH_LENGTH
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


Search = Annotated[
    str, Field(max_length=MAX_SEARCH_LENGTH), AfterValidator(lambda text: text.replace("\x00", ""))
]
Number = Annotated[int, BeforeValidator(_decimal), Field(ge=1, le=10**8)]
Day = Annotated[date, BeforeValidator(_day)]
Dataset = Annotated[str, _accepted(datasets.exists)]
StatusName = Annotated[str, _accepted(tuple(Status).__contains__)]
Order = Annotated[str, _accepted(ORDERS.__contains__)]


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
    }

    text: Search = ""
    datasets: tuple[Dataset, ...] = ()
    batch_sizes: tuple[Number, ...] = ()
    statuses: tuple[StatusName, ...] = ()
    tags: tuple[Search, ...] = ()
    favourite: Annotated[bool, BeforeValidator(lambda value: value in (True, "true"))] = False
    since: Day | None = None
    until: Day | None = None
    order: Order = "newest"
    page: Number = 1

    @field_validator("datasets", "batch_sizes", "statuses", "tags")
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
        fields = (self.datasets, self.batch_sizes, self.statuses, self.tags, self.favourite)
        return sum(map(bool, fields)) + (self.since is not None or self.until is not None)

    def query(self, zone: ZoneInfo) -> Query:
        """The same for the store; `until` is the end of that day."""
        return Query(
            text=self.text,
            datasets=self.datasets,
            batch_sizes=self.batch_sizes,
            statuses=tuple(map(Status, self.statuses)),
            tags=self.tags,
            favourite=self.favourite,
            since=_midnight(self.since, zone),
            until=_midnight(self.until and self.until + timedelta(days=1), zone),
            order=self.order,
            page=self.page - 1,
            page_size=PAGE_SIZE,
        )


def _midnight(day: date | None, zone: ZoneInfo) -> float | None:
    return None if day is None else datetime.combine(day, time(), zone).timestamp()
