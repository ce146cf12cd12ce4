"""A word -> figures, sign and unit: `-$1,200` and `(1,200 USD)` are both 1,200, negative, with a unit."""

from __future__ import annotations

import functools
import sys
import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batchviz.importers.limits import MAX_NUMBER_LENGTH

_BARE = r"^[+-]?[\d.,]+([eE][+-]?\d{1,4})?$"
"""Most words: no unit, no spaces. They need no taking apart."""

_CODES = (
    "EUR|USD|GBP|CHF|JPY|CNY|RMB|INR|KRW|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|RUB|UAH|TRY|ILS|ZAR|BRL|MXN|ARS|CLP|COP|"
    "CAD|AUD|NZD|SGD|HKD|TWD|THB|IDR|MYR|PHP|VND|AED|SAR|EGP|NGN|KES|Fr\\.?|SFr\\.?|[Kk]r\\.?|Rs\\.?|Rp\\.?|RM|R|TL|"
    "S/\\.?|zł|Kč|Ft|лв\\.?|руб\\.?|р\\."
)
_PREFIX = rf"(?:[A-Z]{{0,3}}[\p{{Sc}}%]|{_CODES})"
_LETTERS = r"[\pL\p{Sc}%‰°′″\"²³/.+*]"
_SUFFIX = rf"{_LETTERS}+(?: {_LETTERS}+)?"  # counted below: a bounded repetition takes RE2 ten times as long to compile
MAX_UNIT_LENGTH = 26
_DRESSED = (
    rf"^(?P<before>[+\-(]?) ?(?P<prefix>{_PREFIX})? ?(?P<inner>[+\-(]?) ?"
    r"(?P<figures>(?:\d[\d.,' _]*|[.,]\d+)(?:[eEdD][+-]?\d{1,4})?)"
    rf" ?(?P<behind>[\-)]?) ?(?P<suffix>{_SUFFIX})? ?(?P<after>[\-)]?)$"
)
_NO_CENTS = r"^(.*\d)[.,]-{1,2}(\D*)$"  # 12,- and 12.--: no cents, not a minus
_TIMES_TEN = r" ?[xX×·*] ?10 ?\^? ?([+-]?\d{1,4})$"  # 1.5x10^3


@dataclass(frozen=True)
class Undressed:
    """Words taken apart, each part as long as the words; null where a word is no number in any dress."""

    figures: pa.Array
    """Digits, marks between them, an exponent: "1.234,5e3"; no sign, no unit."""
    negative: NDArray[np.bool_]
    units: pa.Array
    """What stood before or behind the figures, both with a space between; empty for none."""


def undressed(words: pa.Array) -> Undressed:
    """Every word without its sign and its unit."""
    words = words.cast(pa.string())
    short = true(pc.less_equal(pc.utf8_length(words), MAX_NUMBER_LENGTH))
    bare = true(pc.match_substring_regex(words, _BARE)) & short
    negative = true(pc.starts_with(words, "-")) & bare
    figures = pc.if_else(pa.array(bare), pc.utf8_ltrim(words, "+-"), pa.scalar(None, pa.string()))
    units = pa.array([""] * len(words), pa.string())
    places = np.flatnonzero(short & ~bare & true(pc.match_substring_regex(words, r"\p{Nd}")))
    if not len(places):
        return Undressed(figures, negative, units)
    parts = _parts(words.take(pa.array(places)))
    mask = np.zeros(len(words), bool)
    mask[places] = True
    negative[places] = parts.negative
    return Undressed(
        pc.replace_with_mask(figures, pa.array(mask), parts.figures),
        negative,
        pc.replace_with_mask(units, pa.array(mask), parts.units),
    )


def _parts(words: pa.Array) -> Undressed:
    words = pc.utf8_trim_whitespace(_in_ascii(words))
    words = pc.replace_substring_regex(words, _NO_CENTS, r"\1\2")
    words = pc.replace_substring_regex(words, _TIMES_TEN, r"e\1")
    parts = pc.extract_regex(words, _DRESSED)
    before, prefix, inner, figures, behind, suffix, after = (
        pc.struct_field(parts, name)
        for name in ("before", "prefix", "inner", "figures", "behind", "suffix", "after")
    )
    leading = pc.binary_join_element_wise(before, inner, "")
    signs = pc.binary_join_element_wise(leading, behind, after, "")
    minus = true(pc.is_in(signs, pa.array(["-", "()"])))
    # "-(5)" and "+5-" say nothing that anybody agrees on.
    sound = minus | true(pc.is_in(signs, pa.array(["", "+"])))
    sound &= true(pc.less_equal(pc.utf8_length(suffix), MAX_UNIT_LENGTH))
    figures = pc.if_else(pa.array(sound), pc.utf8_rtrim(figures, " "), pa.scalar(None, pa.string()))
    both = pc.utf8_trim_whitespace(pc.binary_join_element_wise(prefix, suffix, " "))
    return Undressed(figures, minus, both)


def _in_ascii(words: pa.Array) -> pa.Array:
    """Signs, spaces, apostrophes and digits of other scripts as ASCII has them; units stay."""
    foreign = ~true(pc.string_is_ascii(words))
    if not foreign.any():
        return words
    table = _translation()
    texts = [word.translate(table) for word in words.filter(pa.array(foreign)).to_pylist()]
    return pc.replace_with_mask(words, pa.array(foreign), pa.array(texts, words.type))


@functools.cache
def _translation() -> dict[int, str]:
    table = {
        point: str(unicodedata.digit(chr(point)))
        for point in range(128, min(sys.maxunicode, 0xFFFF))
        if unicodedata.category(chr(point)) == "Nd"
    }
    for characters, plain in (
        ("\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d", "-"),
        ("\u2019\u02bc\u00b4\u2032\u066c\uff07", "'"),
        ("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        ("\u200b\u200c\u200d\u200e\u200f\u061c\u2060\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff", ""),
        ("\u066b\uff0e", "."), ("\uff0c", ","), ("\uff0b", "+"), ("\uff08", "("), ("\uff09", ")"),
        ("\uff05\u066a", "%"), ("\u03bc", "\u00b5"),
    ):  # fmt: skip
        table |= dict.fromkeys(map(ord, characters), plain)
    return table


def true(answer: pa.Array) -> NDArray[np.bool_]:
    """A mask without nulls."""
    return np.asarray(answer.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
