"""Words -> days since 1 January 1970: 2024-03-31T12:30Z, 31.3.2024, 3/31/24 1:30 PM, 31 Mar 2024, 2024-03, 2024Q3."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batchviz.experiment.column_findings import DateOrder, Way, WayToRead

Floats = NDArray[np.float64]

_TIME = (
    r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>\.\d{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)? ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"^(?:\pL+\.?,? )?"
_MONTH = r"(?P<name>\pL+)\.?"
_NAMED = (
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -/]{{0,2}}(?:de |of )?{_MONTH}"
    rf",?[ -/]{{1,2}}(?:de )?(?P<year>\d{{4}}|\d{{2}}),?{_TIME}$",
    rf"{_WEEKDAY}{_MONTH}[ -/](?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[ -/](?P<year>\d{{4}}),?{_TIME}$",
    rf"^{_MONTH},?[ -/]{{1,2}}(?P<year>\d{{4}})(?P<day>){_TIME}$",
    rf"^(?P<year>\d{{4}})[ -/]{_MONTH}[ -/]?(?P<day>\d{{0,2}}){_TIME}$",
)
"""With a month's name; without a day, the first. These patterns take long to compile."""
_YEAR_MONTH = rf"^(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})(?P<day>){_TIME}$"
_MONTHS = (
    ("jan", "ene", "gen"), ("feb", "fév", "fev"), ("mar", "mär", "mrz", "maa"), ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei", "maj"), ("jun", "juin", "giu"), ("jul", "juil", "lug"), ("aug", "aoû", "ago"),
    ("sep", "set"), ("oct", "okt", "ott", "out"), ("nov",), ("dec", "déc", "dez", "dic"),
)  # fmt: skip
"""How the names of the twelve months begin, in English, German, French, Spanish, Italian, Portuguese and Dutch."""
_BEGINS = "|".join(start for starts in _MONTHS for start in starts)
_MONTH_AND_NUMBER = rf"(?i)(?:{_BEGINS}).*\d|\d.*(?:{_BEGINS})"
"""Without both there is no month's name: a column of other words is spared the patterns, which compile in 50 ms."""
_QUARTERS = (
    r"^(?P<year>\d{4})[ -/]?[Qq](?P<quarter>[1-4])$",
    r"^[Qq](?P<quarter>[1-4])[ -/]?(?P<year>\d{4})$",
)
"""A quarter is its first day."""
_CLOCK = r"^(?P<first>\d{1,3}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?P<part>\.\d{1,9})?)?$"
MAX_MONTH_LETTERS = 10  # "septiembre"
_YEAR_FIRST = rf"^(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}$"
_YEAR_LAST = (
    rf"^(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second_part>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d{{2}}),?{_TIME}$"
)


@dataclass(frozen=True)
class Days:
    """What words say as dates, as long as the words."""

    values: Floats
    """NaN where a word is no date."""
    order: DateOrder | None
    """How day and month were told apart; None where the year comes first."""
    ways: tuple[WayToRead, ...] = ()
    """A date in both orders of day and month, where both fit all dates; the order taken first."""


def parse(words: pa.Array, way: Way | None = None) -> Days:
    """Every word as days since 1970, with the time of day as a fraction and time zones taken to UTC.

    `way` is the order of day and month that a person chose.
    """
    values = np.full(len(words), np.nan)
    parts = pc.extract_regex(words, _YEAR_FIRST)
    if parts.null_count < len(words):
        part = _Parts(parts)
        values = days_of(part.whole("year"), part.whole("month"), part.whole("day")) + part.time()
    named = _NAMED if _any(words, _MONTH_AND_NUMBER) else ()
    for pattern in (*named, _YEAR_MONTH):
        parts = pc.extract_regex(words, pattern)
        if parts.null_count < len(words):
            part = _Parts(parts)
            month = part.whole("month") if pattern is _YEAR_MONTH else part.named_month()
            days = days_of(part.year(), month, part.whole("day", 1.0)) + part.time()
            values = np.where(np.isnan(values), days, values)
    for pattern in _QUARTERS:
        parts = pc.extract_regex(words, pattern)
        if parts.null_count < len(words):
            part = _Parts(parts)
            month = 3 * part.whole("quarter") - 2
            values = np.where(
                np.isnan(values), days_of(part.whole("year"), month, np.ones(len(words))), values
            )
    parts = pc.extract_regex(words, _YEAR_LAST)
    if parts.null_count == len(words):
        return Days(values, None)
    part = _Parts(parts)
    first, second = part.whole("first"), part.whole("second_part")
    day_first, order = _order(part, first, second, way)
    time, year = part.time(), part.year()
    both = {
        Way.DAY_FIRST: days_of(year, second, first) + time,
        Way.MONTH_FIRST: days_of(year, first, second) + time,
    }
    taken, other = (Way.DAY_FIRST, Way.MONTH_FIRST) if day_first else (Way.MONTH_FIRST, Way.DAY_FIRST)
    days = np.where(np.isnan(values), both[taken], values)
    if order in (DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST):
        return Days(days, order)
    differs = np.flatnonzero(np.floor(both[taken]) != np.floor(both[other]))
    differs = differs[~np.isnan(both[taken][differs]) & ~np.isnan(both[other][differs])]
    ways = tuple(
        WayToRead(way, words[int(differs[0])].as_py(), float(both[way][differs[0]]))
        for way in (taken, other)
        if len(differs)
    )
    return Days(days, order, ways)


def _any(words: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(words, pattern)).as_py())


def clock(words: pa.Array) -> Floats:
    """Times without a day, in their first unit: 13:45 is 13.75, whether hours or minutes; NaN where a word is none."""
    parts = pc.extract_regex(words, _CLOCK)
    if parts.null_count == len(words):
        return np.full(len(words), np.nan)
    part = _Parts(parts)
    return (
        part.whole("first")
        + part.whole("minute") / 60
        + (part.whole("second", 0.0) + part.whole("part", 0.0)) / 3600
    )


def _order(part: _Parts, first: Floats, second: Floats, way: Way | None) -> tuple[bool, DateOrder]:
    """Whether the day comes first, and why."""
    if np.nanmax(second) > 12 and np.nanmax(first) <= 12:
        return False, DateOrder.MONTH_FIRST
    if np.nanmax(first) > 12 or "." in part.texts("mark"):
        return True, DateOrder.DAY_FIRST
    if way in (Way.DAY_FIRST, Way.MONTH_FIRST):
        chosen_day = way is Way.DAY_FIRST
        return chosen_day, DateOrder.CHOSEN_DAY_FIRST if chosen_day else DateOrder.CHOSEN_MONTH_FIRST
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

    def year(self) -> Floats:
        """Two digits are years from 1969 to 2068, as POSIX has it."""
        short = np.array([text is not None and len(text) == 2 for text in self.texts("year")], bool)
        year = self.whole("year")
        return np.where(short, np.where(year >= 69, 1900, 2000) + year, year)

    def named_month(self) -> Floats:
        """From 1 to 12; NaN for what names no month."""

        def number(name: str | None) -> float:
            lower = (name or "").lower()
            if not 3 <= len(lower) <= MAX_MONTH_LETTERS:
                return np.nan
            fitting = [i for i, starts in enumerate(_MONTHS, 1) if lower.startswith(starts)]
            return float(fitting[0]) if len(fitting) == 1 else np.nan

        return np.array([number(name) for name in self.texts("name")], np.float64)

    def time(self) -> Floats:
        """As a fraction of a day; NaN for what is no time."""
        hour, minute, second = (self.whole(name, 0.0) for name in ("hour", "minute", "second"))
        half = np.array([(text or " ")[0].lower() for text in self.texts("half")])
        wrong = (hour > 23) | (minute > 59) | (second > 59) | ((half != " ") & ((hour < 1) | (hour > 12)))
        hour = np.where(half == " ", hour, hour % 12 + 12 * (half == "p"))
        minutes = hour * 60 + minute + (second + self.whole("part", 0.0)) / 60 - self._zone()
        return np.where(wrong, np.nan, minutes / 1440)

    def _zone(self) -> Floats:
        """Minutes east of Greenwich."""

        def minutes(text: str | None) -> float:
            if not text or text in ("Z", "UTC", "GMT"):
                return 0.0
            return float(f"{text[0]}1") * (60 * int(text[1:3]) + int(text[-2:]))

        return np.array([minutes(text) for text in self.texts("zone")], np.float64)


def days_of(year: Floats, month: Floats, day: Floats) -> Floats:
    """Days since 1970, NaN for a day that does not exist."""
    possible = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(possible, (year - 1970) * 12 + month - 1, 0).astype(np.int64).astype("M8[M]")
    start, after = (m.astype("M8[D]").astype(np.int64) for m in (months, months + 1))
    days = start + np.where(possible, day, 1) - 1
    return np.where(possible & (days < after), days, np.nan).astype(np.float64)
