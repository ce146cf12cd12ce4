"""Which runs are looked for, as one frozen value and as the parameters of the page's address:
`/runs?search=tiny&data=teacher&batch_size=32&batch_size=800&tag=class&sort=val_loss&page=2`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from batchviz.experiment import datasets
from batchviz.experiment.records import ORDERS, Query, Status

PAGE_SIZE = 25
MAX_TEXT_LENGTH = 200
MAX_VALUES = 50
"""Of a kind in an address."""


@dataclass(frozen=True)
class RunFilter:
    """What the questions of the page say. Empty means any; days are the visitor's; pages count from 1."""

    text: str = ""
    datasets: tuple[str, ...] = ()
    batch_sizes: tuple[int, ...] = ()
    statuses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    favourite: bool = False
    since: date | None = None
    until: date | None = None
    order: str = "newest"
    page: int = 1

    @property
    def filters(self) -> int:
        """How many filters are set, beside the search."""
        given = (self.datasets, self.batch_sizes, self.statuses, self.tags, self.favourite)
        return sum(map(bool, given)) + (self.since is not None or self.until is not None)

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


def _one_of(known: Callable[[str], bool]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not known(text):
            raise ValueError
        return text

    return read


def _whole_number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:10]) <= 10**8:
        raise ValueError
    return int(text[:10])


def _short(text: str) -> str:
    if len(text) > MAX_TEXT_LENGTH:
        raise ValueError
    return text.replace("\x00", "")


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not 1970 < day.year < 3000:
        raise ValueError
    return day


PARAMETERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "text": ("search", _short),
    "datasets": ("data", _one_of(datasets.known)),
    "batch_sizes": ("batch_size", _whole_number),
    "statuses": ("status", _one_of(tuple(Status).__contains__)),
    "tags": ("tag", _short),
    "favourite": ("favourite", lambda text: text == "true"),
    "since": ("from", _day),
    "until": ("until", _day),
    "order": ("sort", _one_of(ORDERS.__contains__)),
    "page": ("page", _whole_number),
}
"""Field -> its name in an address, and how its text is read (ValueError: not at all)."""


def decode(given: Mapping[str, Sequence[str]]) -> tuple[RunFilter, list[str]]:
    """What an address asks for, and the names in it whose values could not be read. Anything may stand there."""
    values: dict[str, Any] = {}
    unread = []
    for field in fields(RunFilter):
        name, read = PARAMETERS[field.name]
        texts = list(given.get(name, ()))[:MAX_VALUES]
        try:
            if isinstance(field.default, tuple):
                values[field.name] = tuple(dict.fromkeys(map(read, texts)))
            elif texts:
                values[field.name] = read(texts[0])
        except ValueError:
            unread.append(name)
    return RunFilter(**values), unread


def encode(wanted: RunFilter) -> dict[str, str | list[str]]:
    """The parameters of an address: what differs from the default."""
    parameters: dict[str, str | list[str]] = {}
    for field in fields(RunFilter):
        value = getattr(wanted, field.name)
        if value == field.default:
            continue
        name = PARAMETERS[field.name][0]
        parameters[name] = list(map(str, value)) if isinstance(value, tuple) else _text(value)
    return parameters


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
