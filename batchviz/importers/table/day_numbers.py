"""Numbers that may be days: 20240131, and what Excel counts from the end of 1899."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.column_findings import Way, WayToRead
from batchviz.importers.table.dates import days_of

Floats = NDArray[np.float64]

_FEWEST = 3
"""Different days, below which a number such as 20000101 may be anything."""
_EXCEL_EPOCH = -25_569.0
"""Excel's day 0, in days since 1970: 30 December 1899, as its leap day in 1900 has it from March 1900 on."""
_EXCEL_DAYS = (18_264, 73_050)  # of 1950 to 2099
_NAMED_A_DAY = re.compile(r"date|datum|day|fecha|data\b|tag\b|\bdt\b|time|zeit", re.IGNORECASE)


def ways(name: str, values: Floats, way: Way | None) -> tuple[WayToRead, ...]:
    """The two readings of a column's different values, the one to take first; none where only numbers fit.

    Whole numbers that are all days of the calendar are taken for days; those that Excel may mean are numbers until
    somebody says otherwise, and are offered only where the heading speaks of a day.
    """
    finite = values[np.isfinite(values)]
    if len(np.unique(finite)) < _FEWEST or (finite != np.floor(finite)).any():
        return ()
    if np.isfinite(days(finite, Way.CALENDAR)).all():
        as_day, usual = Way.CALENDAR, Way.CALENDAR
    elif _NAMED_A_DAY.search(name) and (finite >= _EXCEL_DAYS[0]).all() and (finite <= _EXCEL_DAYS[1]).all():
        as_day, usual = Way.EXCEL, Way.NUMBER
    else:
        return ()
    taken = way if way in (as_day, Way.NUMBER) else usual
    word, first = f"{finite[0]:.0f}", finite[:1]
    both = {
        as_day: WayToRead(as_day, word, float(days(first, as_day)[0])),
        Way.NUMBER: WayToRead(Way.NUMBER, word, float(first[0])),
    }
    return both[taken], both[Way.NUMBER if taken is as_day else as_day]


def days(values: Floats, way: Way) -> Floats:
    """Days since 1970 of numbers that are read this way; NaN for what is none."""
    if way is Way.EXCEL:
        return values + _EXCEL_EPOCH
    there = np.isfinite(values) & (values >= 1_900_01_01) & (values <= 2_100_12_31)
    whole = np.where(there, values, 0.0)
    return days_of(whole // 10_000, whole // 100 % 100, whole % 100)
