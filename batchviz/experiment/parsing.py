"""How values are written as text: the one notation of forms, links and the command line.

Widths are `64, 32`; a batch schedule is `5:128, 10:full` (batches of 128 from epoch 5, all rows from epoch
10); `none` is the empty list. Links say `64-32` and `5-128_10-full`, since a browser would encode commas and
colons. Reading only splits: what the pieces may be is for `RunSpec` to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from batchviz.errors import SpecError
from batchviz.experiment.constraints import BUDGET_LIMITS

_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WIDTHS_IN_A_LINK = re.compile(r"\d+(-\d+)+")
_SCHEDULE_IN_A_LINK = re.compile(r"\d+-[a-z\d]+(_\d+-[a-z\d]+)*")


def read_widths(text: str) -> list[str]:
    """`64, 32` or `64-32` as its pieces."""
    return _pieces(text.replace("-", ",") if _WIDTHS_IN_A_LINK.fullmatch(text) else text)


def read_schedule(text: str) -> list[list[str]]:
    """`5:128, 10:full` or `5-128_10-full` as pairs."""
    if _SCHEDULE_IN_A_LINK.fullmatch(text):
        text = text.replace("_", ",").replace("-", ":")
    return [[side.strip() for side in piece.split(":")] for piece in _pieces(text)]


def read_list(text: str) -> list[str]:
    """`1, 8, full` or `1_8_full` as its pieces."""
    return _pieces(text.replace("_", ","))


def as_text(value: Any) -> str:
    """A field's value as a person would type it: `10` for 10.0; `RunSpec.parse` reads it back."""
    if isinstance(value, tuple):
        return ", ".join(
            ":".join(map(str, piece)) if isinstance(piece, tuple) else str(piece) for piece in value
        )
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def in_link(value: Any) -> str:
    """A field's value in characters that a browser leaves alone; `RunSpec.parse` reads it back."""
    text = as_text(value)
    if isinstance(value, tuple):
        between = "_" if ":" in text else "-"
        return text.replace(", ", between).replace(":", "-") or "none"
    return text


def list_in_link(values: Sequence[Any]) -> str:
    """Numbers in characters that a browser leaves alone; `read_list` reads them back. A dash may stand in one."""
    return "_".join(map(as_text, values)) or "none"


def read_budget(settings: Mapping[str, Any]) -> dict[str, Any]:
    """`updates=250` as `budget_unit="updates", budget=250`; everything else as it is.

    Raises SpecError when more than one budget is given: a run ends only once.
    """
    values = {name: value for name, value in settings.items() if name not in BUDGET_LIMITS}
    units = [unit for unit in BUDGET_LIMITS if settings.get(unit) is not None]
    named = [name for name in ("budget", "budget_unit") if values.get(name) is not None]
    if not units:
        return values
    if len(units) > 1 or named:
        raise SpecError(
            f"Budget: got {', '.join(units + named)}; expected one of {', '.join(BUDGET_LIMITS)}."
        )
    return {**values, "budget_unit": units[0], "budget": settings[units[0]]}


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in text.split(",") if piece.strip() not in ("", "none")]


def printable(text: str) -> str:
    """What a person wrote, as a page may show it: line ends as `\\n`, and nothing that hides or reorders the rest.

    Left out are control characters, which no page shows, half characters, which no address can hold, and the marks that
    turn round what stands beside them, so that a name reads as another. Arabic and Hebrew need none of these.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c
        for c in lines
        if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _REORDERING)
    )
