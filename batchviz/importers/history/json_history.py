"""JSON -> rows: `json.dumps(history.history)`, with or without what stands around it, or an object an epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from batchviz.errors import DataError
from batchviz.importers import bounded_json
from batchviz.importers.history.headings import counts_epochs, understood
from batchviz.importers.history.rows import Column, Reading, Rows
from batchviz.importers.limits import MAX_COLUMNS, MAX_HISTORY_EPOCHS, MAX_NUMBER_LENGTH
from batchviz.text.history import quoted

EXPECTED = 'Expected {"loss": [0.9, 0.5], "val_loss": [0.8, 0.6]}, as json.dumps(history.history) writes it.'
_AROUND = ("history", "History", "params")
"""What people write a history into, and what Keras' History holds beside it."""


def read(data: bytes, reading: Reading) -> Rows:
    """The rows of the file. Raises DataError."""
    value = _parsed(data)
    stated: dict[str, float] = {}
    left_out: list[str] = []
    for _ in range(2):
        if isinstance(value, dict):
            for part in (value, value.get("params")):
                stated |= _facts(part) if isinstance(part, dict) else {}
            inside = next(
                (value[key] for key in _AROUND[:2] if isinstance(value.get(key), dict | list)), None
            )
            value = value if inside is None else inside
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        return _records(value, stated)
    if not isinstance(value, dict) or not value:
        raise DataError(f"The file holds no history. {EXPECTED}")
    if len(value) > MAX_COLUMNS:
        raise DataError(
            f"The history has {len(value):,} columns; expected at most {MAX_COLUMNS:,}. Keep the loss and the metrics."
        )
    _refuse_several(value)
    columns = []
    for name, values in value.items():
        if isinstance(values, list | Mapping) or _is_loss(name):
            columns.append(_column(name, values))
        else:
            left_out.append(name)
    counting = next((column for column in columns if counts_epochs(column.name)), None)
    kept = [column for column in columns if column is not counting]
    if counting is not None and any(len(column.values) != len(counting.values) for column in kept):
        counting = None  # as long as none of them: it counts nothing here
    lines = range(1, 1 + (0 if counting is None else len(counting.values)))
    return Rows(kept, counting, lines, stated, tuple(left_out))


def _parsed(data: bytes) -> Any:
    """The value; of a file with an object a line, the list of them."""
    try:
        return bounded_json.loads(data, "The file", allow_nan=True)
    except DataError:
        lines = [line for line in data.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
        if not 1 < len(lines) <= 10 * MAX_HISTORY_EPOCHS or not lines[0].rstrip().endswith(b"}"):
            raise
    return [
        bounded_json.loads(line, f"Line {number:,} of the file", allow_nan=True)
        for number, line in enumerate(lines, 1)
    ]


def _facts(value: Mapping[str, Any]) -> dict[str, float]:
    """Numbers that say how the history was made; Keras' `params` had them once."""
    return {
        name: value[name]
        for name in ("batch_size", "seed", "samples")
        if isinstance(value.get(name), int | float) and not isinstance(value[name], bool)
    }


def _is_loss(name: str) -> bool:
    meant = understood(name)
    return meant is not None and meant.exact and meant.base == "loss"


def _refuse_several(value: Mapping[str, Any]) -> None:
    """A file of many histories holds one an entry; a column of pandas is an object by row number."""
    inside = [
        name
        for name, entry in value.items()
        if isinstance(entry, dict) and any(_is_loss(str(key)) for key in entry)
    ]
    if inside:
        named = ", ".join(quoted(name) for name in inside[:3])
        raise DataError(
            f"The file holds {len(inside):,} {'histories' if len(inside) > 1 else 'history, one level deeper'} "
            f"({named}). Expected one a file: save each as a file of its own, named by its batch size, such as "
            "batch_32.json."
        )


def _records(entries: Sequence[Mapping[str, Any]], stated: dict[str, float]) -> Rows:
    """An object an epoch, as `DataFrame.to_json(orient="records")` and logs of one object a line have it."""
    names = list(dict.fromkeys(name for entry in entries for name in entry))
    if len(names) > MAX_COLUMNS:
        raise DataError(
            f"The history has {len(names):,} columns; expected at most {MAX_COLUMNS:,}. Keep the loss and the metrics."
        )
    read = [name for name in names if counts_epochs(name) or understood(name) or name in ("step", "_step")]
    columns = [_column(name, [entry.get(name) for entry in entries], "entry") for name in read]
    counting = next((column for column in columns if counts_epochs(column.name)), None)
    if counting is not None and counting.problem:
        raise DataError(f"{quoted(counting.name)} {counting.problem}; expected the number of the epoch.")
    return Rows(
        [column for column in columns if column is not counting],
        counting,
        range(1, len(entries) + 1),
        {**_facts(entries[0]), **stated},
        tuple(name for name in names if name not in read),
    )


def _column(name: str, values: Any, place: str = "epoch") -> Column:
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
        "" if bad is None else f"holds {_kind(values[bad])} in {place} {bad + 1:,}",
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
