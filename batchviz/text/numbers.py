"""Numbers, counts and lists as they stand in a sentence: one spelling of each, here and in the scripts.

`tests/shared/numbers.json` holds the cases that this module and the scripts' `core/format.js` must agree on. Rounding
is that of `Intl.NumberFormat`: the shortest decimals of a number, halves away from zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from babel import Locale, localedata
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, format_scientific

LOCALE = Locale.parse("en_GB")
"""Of all words on a screen."""
_USED = {
    "decimal_formats",
    "list_patterns",
    "number_symbols",
    "percent_formats",
    "plural_form",
    "scientific_formats",
}
MAX_NAMED = 4
"""Names in one sentence; the rest is counted."""
MAX_LISTED = 8
"""Columns of a table in one sentence."""
ABSENT = "–"
"""For what was not measured."""
_PLAIN = "#,##0.############"
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
"""Digits enough for any float."""
_BYTES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
_SECONDS = (("h", 3600.0, 5400.0), ("min", 60.0, 90.0), ("s", 1.0, 0.995), ("ms", 0.001, 0.0))
"""A unit, its seconds, and from how many on an expected duration is told in it: `75 s` says more than `1.3 min`."""

# Territories, currencies and calendars would take the web process 6 MB. A locale's data are merged from its parents'.
for _identifier in ("root", "en", "en_001", str(LOCALE)):
    _entries = localedata.load(_identifier)
    for _entry in _entries.keys() - _USED:
        del _entries[_entry]


def number(value: float) -> str:
    """About three significant digits: `0.0833`, `12.3`, `8,000`, `1.3e7`; a dash for what was not measured.

    From 100 on it is whole; from a million on, and below 0.0001, it has an exponent.
    """
    if math.isnan(value):
        return ABSENT
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    magnitude = abs(value)
    rounded = _digits(magnitude, 3) if magnitude < 100 else _decimals(magnitude, "1")
    if rounded >= 10**6 or 0 < rounded < Decimal("1e-4"):
        text = format_scientific(_digits(magnitude, 3), format="0.##E0", locale=LOCALE)
        text = text.replace("E", "e").replace("-", "−")
    else:
        text = _plain(rounded)
    return f"−{text}" if value < 0 else text


def signed(value: float) -> str:
    """A difference, which says which way it goes: `+0.0121`, `−0.5`, `0`."""
    return f"+{number(value)}" if value > 0 else number(value)


def quantity(value: float) -> str:
    """How many, or how far: `8,000`, and with decimals only where it has them: `3.25`, `1,559.7`.

    Whole numbers are exact; of others four digits are told, and one decimal at least.
    """
    if not math.isfinite(value):
        return number(value)
    magnitude = abs(value)
    rounded = _digits(magnitude, 4) if magnitude < 1000 else _decimals(magnitude, "0.1")
    return f"−{_plain(rounded)}" if value < 0 else _plain(rounded)


def count(value: float, noun: str, plural: str = "") -> str:
    """`1 update`, `8,000 updates`, `2 batches`; `noun` is the singular, `plural` is told where it takes no `s`."""
    return f"{quantity(value)} {form(value, noun, plural)}"


def form(value: float, singular: str, plural: str = "") -> str:
    """The word that goes with so many: `run` or `runs`, `is` or `are`."""
    is_one = math.isfinite(value) and LOCALE.plural_form(round(value, 6)) == "one"
    return singular if is_one else plural or f"{singular}s"


def percent(share: float) -> str:
    """`99 %`."""
    with localcontext(_WIDE):
        return format_percent(Decimal(repr(float(share))), format="#,##0.## %", locale=LOCALE)


def byte_size(low: float, high: float | None = None) -> str:
    """Bytes: `512 bytes`, `1.23 MB`, and from one size to another `480–512 kB`."""
    high = low if high is None else high
    for unit, bytes_each in _BYTES:
        if _digits(high / bytes_each, 3) >= 1:
            ends = dict.fromkeys((number(low / bytes_each), number(high / bytes_each)))
            return f"{'–'.join(ends)} {unit}"
    ends = dict.fromkeys((quantity(low), quantity(high)))
    return f"{'–'.join(ends)} {form(high, 'byte')}"


def expected_duration(seconds: float) -> str:
    """An expected duration in two digits, as it is no more exact than that: `13 min`, `1.1 s`, `20 ms`."""
    unit, length = next((unit, length) for unit, length, least in _SECONDS if seconds >= least)
    return f"{_plain(_digits(seconds / length, 2))} {unit}"


def rate(each_second: float) -> str:
    """How many a second in two digits, as it is no more exact than that: `61,000`, `4.7 million`; or a dash."""
    if not math.isfinite(each_second):
        return ABSENT
    rounded = _digits(each_second, 2)
    return f"{_plain(rounded / 10**6)} million" if rounded >= 10**6 else _plain(rounded)


def listing(names: Sequence[str], most: int | None = None) -> str:
    """`a, b and c`, each name once; beyond `most` names the rest is counted: `a, b and 7 more`."""
    names = list(dict.fromkeys(names))
    if most is not None and len(names) > most + 1:
        names = [*names[:most], f"{quantity(len(names) - most)} more"]
    return format_list(names, locale=LOCALE)


def _digits(value: float, digits: int) -> Decimal:
    """Rounded to so many significant digits."""
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(Decimal(repr(float(value))))


def _decimals(value: float, step: str) -> Decimal:
    """Rounded to a multiple of the step, however large the value is."""
    return Decimal(repr(float(value))).quantize(Decimal(step), context=_WIDE)


def _plain(value: Decimal) -> str:
    """With all of its digits."""
    with localcontext(_WIDE):
        return format_decimal(value, format=_PLAIN, locale=LOCALE)
