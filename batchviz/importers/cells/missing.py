"""Words that stand for no value."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

MISSING = ("", "na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-")
"""Whatever the column holds, in upper or lower case."""

MISSING_AMONG_NUMBERS = (
    "none", "nil", "void", "missing", "unknown", "unk", "undefined", "undef", "not available", "not applicable",
    "not reported", "not recorded", "no data", "nodata", "blank", "(blank)", "[blank]", "(null)", "[null]", "(none)",
    "n.a.", "n.a", "na.", "n / a", "n.d.", "nd", "n.r.", "n.v.", "k.a.", "k. a.", "k.a", "keine angabe", "unbekannt",
    "inconnu", "desconocido", "s/d", "s.d.", "tbd", "tba", "nat", "-nan", "+nan", "nan(ind)", "-nan(ind)", "#na",
    "#n/a n/a", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!",
    "#error!", "\\n", ".", "..", "...", "…", "--", "---", "–", "—", "−", "*", "**", "x.x", ":", "??", "???", "_",
)  # fmt: skip
"""Where the rest of a column are numbers or dates. Among categories "none" and "unknown" may well be answers."""


def among(words: pa.Array, sought: tuple[str, ...]) -> NDArray[np.bool_]:
    """True for the words that are one of those, which are in lower case."""
    matches = pc.is_in(pc.utf8_lower(words), value_set=pa.array(sought, words.type))
    return np.asarray(matches.to_numpy(zero_copy_only=False), bool)
