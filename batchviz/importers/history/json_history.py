"""JSON -> columns: `json.dumps(history.history)`, with or without what stands around it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from batchviz.errors import DataError
from batchviz.importers import bounded_json
from batchviz.importers.history.columns import Column, quoted
from batchviz.importers.limits import MAX_COLUMNS, MAX_NUMBER_LENGTH

EXPECTED = 'Expected {"loss": [0.9, 0.5], "val_loss": [0.8, 0.6]}, as json.dumps(history.history) writes it.'


def columns(data: bytes) -> list[Column]:
    """The columns of the file. Raises DataError."""
    value = bounded_json.loads(data, "The file", allow_nan=True)
    for key in ("history", "History"):
        if isinstance(value, dict) and isinstance(value.get(key), dict):
            value = value[key]
    if not isinstance(value, dict) or not value:
        raise DataError(f"The file holds no history. {EXPECTED}")
    if len(value) > MAX_COLUMNS:
        raise DataError(
            f"The history has {len(value):,} columns; expected at most {MAX_COLUMNS:,}. Keep the loss and the metrics."
        )
    return [_column(name, values) for name, values in value.items()]


def _column(name: str, values: Any) -> Column:
    if isinstance(values, Mapping):  # as pandas writes a column: by row number
        if not all(key.isascii() and key.isdecimal() and len(key) < 10 for key in values):
            raise DataError(
                f"{quoted(name)} holds an object; expected a list of one number an epoch. {EXPECTED}"
            )
        values = [values[key] for key in sorted(values, key=int)]
    if not isinstance(values, list):
        raise DataError(
            f"{quoted(name)} holds {_kind(values)}; expected a list of one number an epoch. {EXPECTED}"
        )
    numbers = [_number(value) for value in values]
    bad = next((row for row, number in enumerate(numbers) if number is None), None)
    measured = np.array([value is not None for value in values], np.bool_)
    return Column(
        name,
        np.array([math.nan if number is None else number for number in numbers], np.float64),
        measured,
        "" if bad is None else f"holds {_kind(values[bad])} in epoch {bad + 1:,}",
    )


def _number(value: Any) -> float | None:
    """NaN for null: nothing was measured. None for what is no number; numbers as text are read, as str(x) made them."""
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value) if not isinstance(value, str) or len(value) <= MAX_NUMBER_LENGTH else None
    except ValueError:
        return None
    except OverflowError:
        return math.inf


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")
