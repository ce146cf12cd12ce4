"""The unit of a column: what is taken off its numbers, and what "k" and "M" multiply them by."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batchviz.importers.cells.dress import true

_MULTIPLIERS = {
    "k": 1e3, "K": 1e3, "tsd": 1e3, "Tsd": 1e3, "M": 1e6, "mn": 1e6, "Mn": 1e6, "mio": 1e6, "Mio": 1e6, "mln": 1e6,
    "B": 1e9, "bn": 1e9, "Bn": 1e9, "mrd": 1e9, "Mrd": 1e9,
}  # fmt: skip
_SYMBOL = re.compile(r"^[^\w\s]+$|^[A-Z]{1,3}[^\w\s]$")
_MOSTLY_WITH_UNIT = 0.5


@dataclass(frozen=True)
class Units:
    """What the units of words amount to."""

    fits: NDArray[np.bool_]
    """True for words of the column's unit, and for those without one."""
    factors: NDArray[np.float64]
    unit: str
    """As most words write it; empty for none."""
    others: tuple[str, ...]
    """Units that do not fit it, the commonest first."""


def judge(units: pa.Array, counts: NDArray[np.int64]) -> Units:
    """The one unit of numbers in `counts` rows each. Two units in one column are two quantities: one of them fits."""
    plain = ~true(pc.not_equal(units, ""))
    factors = np.ones(len(units))
    if plain.all():
        return Units(plain, factors, "", ())
    weights: dict[str, int] = {}
    spellings: dict[str, str] = {}
    texts = [text or "" for text in units.to_pylist()]
    for text, rows in zip(texts, counts.tolist(), strict=True):
        if text:
            weights[_folded(text)] = weights.get(_folded(text), 0) + rows
            spellings.setdefault(_folded(text), text)
    sizes = {text: _MULTIPLIERS.get(text.rstrip(".").split(" ")[-1]) for text in spellings.values()}
    bare = int(counts[plain].sum())
    together = sum(weights.values())
    # One of them alone may be a unit (12 M), but thousands beside bare numbers are thousands.
    thousands = bool(bare) and set(sizes.values()) == {1e3} and together >= bare
    if all(sizes.values()) and (len(set(sizes.values())) > 1 or thousands):
        by_word = [sizes[spellings[_folded(text)]] or 1.0 if text else 1.0 for text in texts]
        return Units(np.ones(len(units), bool), np.array(by_word), "", ())
    ranked = sorted(weights, key=weights.__getitem__, reverse=True)
    main = ranked[0]
    # House numbers 12, 13, 12a are no amounts of "a": a word must be the rule, a currency or % sign need not.
    if not _SYMBOL.match(spellings[main]) and weights[main] < _MOSTLY_WITH_UNIT * (bare + together):
        return Units(plain, factors, "", tuple(spellings[unit] for unit in ranked))
    fits = plain | np.array([bool(text) and _folded(text) == main for text in texts])
    return Units(fits, factors, spellings[main], tuple(spellings[unit] for unit in ranked[1:]))


def _folded(unit: str) -> str:
    """One unit in its spellings: kr and Kr., day and days."""
    lower = unit.lower().rstrip(".")
    return lower[:-1] if len(lower) > 3 and lower.endswith("s") else lower
