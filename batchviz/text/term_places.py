"""Where terms stand: controls that are one, and sentences that name some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from batchviz.text.terms import TERMS

FIELDS: Mapping[str, str] = {
    **{name: name for name in (
        "dataset", "batch_size", "validation_split", "hidden", "activation", "optimizer", "learning_rate", "seed",
        "learning_rate_rule", "momentum", "accumulation", "dropout", "batch_norm", "noise", "data_seed",
    )},
    "budget_unit": "budget",
}  # fmt: skip
"""Field of RunSpec -> the term that its control is."""

CONTROLS: Mapping[str, str] = {
    **{f"field_{name}": term for name, term in FIELDS.items()},
    "field_budget": "budget",
    "field_base_batch_size": "linear_rule",
    "field_batch_schedule": "schedule",
    "field_model": "parameters",
    "batch_size_exact": "batch_size",
    "learning_rate_exact": "learning_rate",
    "schedule_kind": "schedule",
    "seeds": "replicates",
    "race_sizes": "race",
    "race_equal": "budget",
    "race_seeds": "verdict",
}
"""Key of a control with a question mark -> the term whose card a press on it opens."""

PHRASES: Mapping[str, str] = {phrase.lower(): key for key, term in TERMS.items() for phrase in term.phrases}
"""How a term stands in a sentence, in lower case -> its key."""
_PHRASE = re.compile(
    r"\b(" + "|".join(map(re.escape, sorted(PHRASES, key=len, reverse=True))) + r")\b", re.IGNORECASE
)


class Piece(NamedTuple):
    """A part of a sentence; `key` is the term it stands for, empty for none."""

    text: str
    key: str


def pieces(text: str, seen: set[str] | None = None) -> Iterator[Piece]:
    """A sentence cut at the terms in it, each of them marked where it stands first; `seen` are those marked before."""
    seen = set() if seen is None else seen
    end = 0
    for match in _PHRASE.finditer(text):
        key = PHRASES[match[0].lower()]
        if key not in seen:
            seen.add(key)
            if match.start() > end:
                yield Piece(text[end : match.start()], "")
            yield Piece(match[0], key)
            end = match.end()
    if end < len(text):
        yield Piece(text[end:], "")
