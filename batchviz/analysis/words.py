"""Numbers and lists as they stand in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

NAMED = 4
"""Groups named in one sentence; the rest is counted."""


def number(value: float) -> str:
    """About three significant digits: `0.0833`, `12.3`, `8,000`, `1.3e+07`; a dash for what was not measured."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size >= 1e6 or 0 < size < 1e-4:
        text = f"{value:.2e}"
    elif size >= 100:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−", 1) if value < 0 else text


def whole(value: float) -> str:
    """A count, exactly: `8,000`; with decimals only where it has them: `3.25`."""
    return f"{value:,.0f}" if math.isclose(value, round(value), rel_tol=1e-6) else f"{value:,.4g}"


def count(value: float, noun: str) -> str:
    """`1 update`, `8,000 updates`; `noun` is the singular."""
    return f"{whole(value)} {noun}{'' if value == 1 else 's'}"


def listing(names: Sequence[str], most: int | None = None) -> str:
    """`a, b and c`, each name once; beyond `most` names the rest is counted: `a, b and 7 more`."""
    names = list(dict.fromkeys(names))
    if most is not None and len(names) > most + 1:
        names = [*names[:most], f"{len(names) - most} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def in_sentence(name: str) -> str:
    """A measure's name inside a sentence: `MSE`, but `accuracy`."""
    return name if name.isupper() else name.lower()
