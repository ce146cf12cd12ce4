"""JSON from anywhere: bounded in depth, and without NaN, which JSON does not have, unless a reader allows it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json

from batchviz.errors import DataError
from batchviz.importers.limits import MAX_JSON_DEPTH


def loads(data: bytes, what: str, *, allow_nan: bool = False) -> Any:
    """The value. `allow_nan` reads NaN and Infinity, as Keras' histories hold them. Raises DataError naming `what`.

    The parser takes memory in proportion to the text and refuses deep nesting by itself; no pattern is matched, whose
    states a long text would multiply.
    """
    try:
        value = from_json(data.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=True, cache_strings="none")
        for numbers in _levels(value):
            if not allow_nan and not all(map(math.isfinite, numbers)):
                raise ValueError("NaN is not a number that JSON has, nor is Infinity")
    except ValueError as error:
        reason = "it is nested too deeply" if "recursion limit" in str(error) else str(error)[:200]
        raise DataError(f"{what} is not JSON that can be read: {reason}.") from None
    return value


def _levels(value: Any) -> Iterator[list[float]]:
    """The floats that stand equally deep, level by level, so that nothing recurses."""
    level, depth = [value], 0
    while level:
        yield [child for child in level if isinstance(child, float)]
        parents = [child for child in level if isinstance(child, dict | list)]
        depth += bool(parents)
        if depth > MAX_JSON_DEPTH:
            raise ValueError("it is nested too deeply")
        level = [
            child for parent in parents for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
