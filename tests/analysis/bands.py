"""Curves of seeds and their band: tests/shared/bands.json, which the scripts' tests read as well.

`python -m tests.analysis.bands` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from batchviz.analysis.curves import Curve, band
from tests.analysis.recorded import made

RECORDED = Path(__file__).parents[1] / "shared" / "bands.json"
CURVES: dict[str, list[tuple[list[float], list[float]]]] = {
    "no seed": [],
    "one seed": [([0, 1, 2], [1, 0.5, 0.25])],
    "ten seeds at the same epochs": [
        ([0, 1, 2, 3], [1 + seed / 7, 0.5 + seed / 13, 0.25 * (seed % 3), 0.1 / (seed + 1)])
        for seed in range(10)
    ],
    "one was stopped early": [([0, 1, 2, 3], [4, 3, 2, 1]), ([0, 1], [6, 5]), ([0, 1, 2], [5, 1, 0.5])],
    "seconds, which no two share": [
        ([0, 0.11, 0.23, 0.31], [1, 0.7, 0.4, 0.2]),
        ([0, 0.08, 0.21, 0.36], [0.9, 0.8, 0.3, 0.1]),
        ([0.02, 0.13], [1.1, 0.6]),
    ],
    "one has a gap where its loss was not finite": [([0, 1, 3], [4, 2, 1]), ([0, 1, 2, 3], [2, 2, 2, 2])],
    "they share no x at all": [([0, 1], [1, 2]), ([5, 6], [3, 4])],
}


def cases() -> list[dict[str, Any]]:
    """Each with what `band` makes of it."""
    run = made()[0]
    told = []
    for name, curves in CURVES.items():
        found = band([Curve(run, np.array(x, float), np.array(y, float)) for x, y in curves])
        parts = {part: getattr(found, part).tolist() for part in ("x", "mean", "low", "high", "seeds")}
        told.append({"name": name, "curves": [{"x": x, "y": y} for x, y in curves], **parts})
    return told


def written() -> str:
    """The file, as it should be."""
    return json.dumps(cases(), indent=1, allow_nan=False) + "\n"


if __name__ == "__main__":
    RECORDED.write_text(written(), encoding="utf-8")
