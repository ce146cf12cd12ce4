"""JSON from anywhere: bounded in size and depth before it is parsed, and without NaN, which JSON does not have."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from batchviz.errors import DataError

MAX_DEPTH = 16
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def loads(data: bytes, what: str, *, constant: Callable[[str], Any] | None = None) -> Any:
    """The value. `constant` reads NaN and Infinity, where they are allowed. Raises DataError naming `what`."""

    def refuse(name: str) -> Any:
        raise ValueError(f"{name} is not a number that JSON has")

    try:
        text = data.decode("utf-8-sig")
        if _depth(text) > MAX_DEPTH:
            raise ValueError("it is nested too deeply")
        return json.loads(text, parse_constant=constant or refuse)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{what} is not JSON that can be read: {str(error)[:200]}.") from None


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
