"""The lines across a chart, in the words that the scripts use as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from batchviz.figures.reference_lines import fraction

CASES = json.loads((Path(__file__).parents[1] / "shared" / "numbers.json").read_text())


@pytest.mark.parametrize(("value", "text"), CASES["fraction"])
def test_a_floor_that_is_a_simple_fraction_is_named_by_it(value: float, text: str) -> None:
    assert fraction(value) == text
