"""Words -> days since 1 January 1970: 2024-03-31, 2024-03-31T12:30Z, 31.3.2024, 31/3/2024, 3/31/2024."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batchviz.experiment.table_findings import DateOrder

Floats = NDArray[np.float64]

_TIME = (
    r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>\.\d{1,9})?)?"
    r" ?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = rf"^(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}$"
_YEAR_LAST = rf"^(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second_part>\d{{1,2}})[-/.](?P<year>\d{{4}}){_TIME}$"


@dataclass(frozen=True)
class Days:
    """What words say as dates, as long as the words."""

    values: Floats
    """NaN where a word is no date."""
    order: DateOrder | None
    """How day and month were told apart; None where the year comes first."""


def parse(words: pa.Array) -> Days:
    """Every word as days since 1970, with the time of day as a fraction and time zones taken to UTC."""
    values = np.full(len(words), np.nan)
    parts = pc.extract_regex(words, _YEAR_FIRST)
    if parts.null_count < len(words):
        part = _Parts(parts)
        values = _days(part.whole("year"), part.whole("month"), part.whole("day")) + part.time()
    parts = pc.extract_regex(words, _YEAR_LAST)
    if parts.null_count == len(words):
        return Days(values, None)
    part = _Parts(parts)
    day_first, order = _order(part)
    first, second = part.whole("first"), part.whole("second_part")
    day, month = (first, second) if day_first else (second, first)
    late = _days(part.whole("year"), month, day) + part.time()
    return Days(np.where(np.isnan(values), late, values), order)


def _order(part: _Parts) -> tuple[bool, DateOrder]:
    """Whether the day comes first, and why."""
    first, second = part.whole("first"), part.whole("second_part")
    if np.nanmax(second) > 12 and np.nanmax(first) <= 12:
        return False, DateOrder.MONTH_FIRST
    if np.nanmax(first) > 12 or "." in part.texts("mark"):
        return True, DateOrder.DAY_FIRST
    return True, DateOrder.ASSUMED_DAY_FIRST


class _Parts:
    """The named parts of a pattern, one array each."""

    def __init__(self, parts: pa.StructArray) -> None:
        self.parts = parts

    def texts(self, name: str) -> list[str | None]:
        texts: list[str | None] = pc.struct_field(self.parts, name).to_pylist()
        return texts

    def whole(self, name: str, missing: float = np.nan) -> Floats:
        """As numbers: NaN where the word did not match, `missing` where this part of it is absent."""
        texts = self.texts(name)
        return np.array([np.nan if t is None else float(t) if t else missing for t in texts], np.float64)

    def time(self) -> Floats:
        """As a fraction of a day; NaN for what is no time."""
        hour, minute, second = (self.whole(name, 0.0) for name in ("hour", "minute", "second"))
        wrong = (hour > 23) | (minute > 59) | (second > 59)
        minutes = hour * 60 + minute + (second + self.whole("part", 0.0)) / 60 - self._zone()
        return np.where(wrong, np.nan, minutes / 1440)

    def _zone(self) -> Floats:
        """Minutes east of Greenwich."""

        def minutes(text: str | None) -> float:
            if not text or text == "Z":
                return 0.0
            return float(f"{text[0]}1") * (60 * int(text[1:3]) + int(text[-2:]))

        return np.array([minutes(text) for text in self.texts("zone")], np.float64)


def _days(year: Floats, month: Floats, day: Floats) -> Floats:
    """Days since 1970, NaN for a day that does not exist."""
    possible = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(possible, (year - 1970) * 12 + month - 1, 0).astype(np.int64).astype("M8[M]")
    start, after = (m.astype("M8[D]").astype(np.int64) for m in (months, months + 1))
    days = start + np.where(possible, day, 1) - 1
    return np.where(possible & (days < after), days, np.nan).astype(np.float64)
