"""The different words of a column, and which of them say nothing, yes or no."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

MISSING = ("", "na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-")
"""Words that stand for a missing value, in upper or lower case."""
_TRUTHS = ({"no": 0.0, "yes": 1.0}, {"false": 0.0, "true": 1.0}, {"n": 0.0, "y": 1.0}, {"f": 0.0, "t": 1.0})


def compact(array: pa.Array) -> pa.Array:
    """A dictionary array without the words that no row uses; any other array as it is."""
    if not isinstance(array, pa.DictionaryArray):
        return array
    codes = _codes(array.indices)
    used, renumbered = np.unique(codes[codes >= 0], return_inverse=True)
    codes[codes >= 0] = renumbered
    words = array.dictionary.take(pa.array(used, pa.int64()))
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words)


def distinct(array: pa.Array) -> tuple[NDArray[np.int32], pa.Array]:
    """A code a row (-1: missing) and the different words, without spaces around them."""
    # Through the words, never through the rows: a long word that many rows share is held once.
    encoded = compact(array) if isinstance(array, pa.DictionaryArray) else array.dictionary_encode()
    trimmed = pc.utf8_trim_whitespace(encoded.dictionary.cast(pa.large_string())).dictionary_encode()
    words = trimmed.dictionary
    there = ~among(words, MISSING) & np.asarray(words.is_valid(), bool)
    place = np.append(np.where(there, np.cumsum(there) - 1, -1), -1).astype(np.int32)
    trimmed_codes = np.append(_codes(trimmed.indices), -1)
    return place[trimmed_codes[_codes(encoded.indices)]], words.filter(pa.array(there, pa.bool_()))


def _codes(indices: pa.Array) -> NDArray[np.int32]:
    return np.array(indices.cast(pa.int32()).fill_null(-1), np.int32)


def among(words: pa.Array, those: tuple[str, ...]) -> NDArray[np.bool_]:
    """True for the words that are one of those, which are in lower case."""
    found = pc.is_in(pc.utf8_lower(words), value_set=pa.array(those, words.type))
    return np.asarray(found.to_numpy(zero_copy_only=False), bool)


def truths(words: pa.Array) -> NDArray[np.float64] | None:
    """0 and 1 for words that are yes and no in one of the usual spellings, both of them there."""
    if len(words) > 8:
        return None
    lower = [word.lower() for word in words.to_pylist()]
    for spelling in _TRUTHS:
        if set(lower) == set(spelling):
            return np.array([spelling[word] for word in lower])
    return None
