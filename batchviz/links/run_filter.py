"""Which runs are looked for, as one frozen value and as the parameters of the page's address:
`/runs?search=tiny&data=teacher&batch_size=32&batch_size=800&tag=class&sort=val_loss&page=2`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from batchviz.experiment import datasets
from batchviz.experiment.records import ORDERS, Query, Status
from batchviz.links.url_model import UrlModel

PAGE_SIZE = 25
MAX_SEARCH_LENGTH = 200
MAX_DIGITS = 10

Item = TypeVar("Item")


def _check(condition: bool) -> None:
    if not condition:
        raise ValueError("not to be read")


def _dataset(name: str) -> str:
    _check(datasets.exists(name))
    return name


def _status(name: str) -> str:
    _check(name in tuple(Status))
    return name


def _order(name: str) -> str:
    _check(name in ORDERS)
    return name


def _decimal(value: Any) -> Any:
    _check(not isinstance(value, str) or (value.isdecimal() and len(value) <= MAX_DIGITS))
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        value = date.fromisoformat(value)
        _check(1970 < value.year < 3000)
    return value


Search = Annotated[
    str, Field(max_length=MAX_SEARCH_LENGTH), AfterValidator(lambda text: text.replace("\x00", ""))
]
Number = Annotated[int, BeforeValidator(_decimal), Field(ge=1, le=10**8)]
Day = Annotated[date, BeforeValidator(_day)]


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
    datasets: tuple[Annotated[str, AfterValidator(_dataset)], ...] = ()
    batch_sizes: tuple[Number, ...] = ()
    statuses: tuple[Annotated[str, AfterValidator(_status)], ...] = ()
    tags: tuple[Search, ...] = ()
    favourite: Annotated[bool, BeforeValidator(lambda value: value in (True, "true"))] = False
    since: Day | None = None
    until: Day | None = None
    order: Annotated[str, AfterValidator(_order)] = "newest"
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
