"""Grids print numbers as the sentences beside them do, and sort by the numbers."""

from __future__ import annotations

import math

import pandas as pd

from batchviz.text.numbers import number, quantity
from batchviz.ui.components.number_columns import printed

TABLE = pd.DataFrame(
    {"loss": [0.10051, math.nan, 1234567.0], "updates": [8000, 3, 1], "tags": [["a"], [], []]}
)


def shown(column: int) -> list[str]:
    styler = printed(TABLE, {"loss": number, "updates": quantity, "not there": number})
    rows = styler._translate(sparse_index=False, sparse_cols=False)["body"]  # what Streamlit reads
    return [row[column + 1]["display_value"] for row in rows]


def test_numbers_are_printed_as_in_sentences() -> None:
    assert shown(0) == ["0.101", "–", "1.23e6"]
    assert shown(1) == ["8,000", "3", "1"]


def test_the_values_stay_numbers() -> None:
    assert printed(TABLE, {"loss": number}).data["loss"].dtype == float
