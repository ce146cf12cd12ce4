"""Batch size x learning rate as rows of tiles: the mean loss of each cell, the better the darker.

Rates rise to the right and batch sizes downwards, in the steps of the grid, so that lines of equal rate / batch size
run from the upper left to the lower right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from batchviz.analysis.sweep.cells import Cell, CellState
from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.analysis.sweep.rates import BestRate, Bracket
from batchviz.figures.palette import Color, color
from batchviz.figures.sweep.over_batch_size import Behind
from batchviz.text.numbers import number

PALEST, DARKEST = 3, 40
"""Per cent of the accent in the worst and the best tile: words on it can still be read."""
_EDGES: dict[Bracket, Literal["low", "high"]] = {Bracket.LOW_EDGE: "low", Bracket.HIGH_EDGE: "high"}


@dataclass(frozen=True)
class Tile:
    """One cell: `text` stands in it, the rest is told when it is pointed at."""

    cell: Cell
    text: str
    shade: float
    """Per cent of the accent; 0 for no value."""
    best: bool
    edge: Literal["", "low", "high"]
    """Of a best rate: on which side of it nothing was tried."""
    link: str

    @property
    def state(self) -> Literal["diverged", "waiting", "failed", "value"]:
        """What its look says."""
        if self.cell.diverged:
            return "diverged"
        if self.cell.values:
            return "value"
        return "failed" if self.cell.state is CellState.OVER else "waiting"


@dataclass(frozen=True)
class Row:
    """One batch size."""

    batch_size: int
    color: Color
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class HeatMap:
    """All cells. Lines are ((column, row), (column, row)) in tiles from the upper left corner."""

    rates: tuple[float, ...]
    rows: tuple[Row, ...]
    lines: tuple[tuple[tuple[float, float], tuple[float, float]], ...]


def heat_map(findings: SweepFindings, behind: Behind) -> HeatMap:
    """Over the selection seeds, which choose the rates."""
    best = {each.batch_size: each for each in findings.best_rates}
    logarithms = [math.log(cell.mean) for cell in findings.cells if cell.sound and cell.mean > 0]
    rates = findings.spec.learning_rates
    rows = tuple(
        Row(
            size,
            color(size),
            tuple(_tile(findings.cell(size, rate), best[size], logarithms, behind) for rate in rates),
        )
        for size in findings.sizes
    )
    return HeatMap(rates, rows, _equal_ratios(findings.sizes, rates))


def _tile(cell: Cell, best: BestRate, logarithms: Sequence[float], behind: Behind) -> Tile:
    shade = 0.0
    if cell.sound and cell.mean > 0:
        share = (max(logarithms) - math.log(cell.mean)) / ((max(logarithms) - min(logarithms)) or 1.0)
        shade = round(PALEST + (DARKEST - PALEST) * share, 1)
    chosen = best.learning_rate == cell.learning_rate
    return Tile(
        cell=cell,
        text=_text(cell),
        shade=shade,
        best=chosen,
        edge=_EDGES.get(best.bracket, "") if chosen else "",
        link=behind([run.run_id for run in cell.runs]) if cell.runs else "",
    )


def _text(cell: Cell) -> str:
    if cell.diverged:
        return (
            "diverged" if cell.diverged == len(cell.runs) else f"{cell.diverged} of {len(cell.runs)} diverged"
        )
    if cell.values:
        return number(cell.mean)
    return "failed" if cell.state is CellState.OVER else ""


def _equal_ratios(
    sizes: Sequence[int], rates: Sequence[float]
) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
    """Lines of equal rate / batch size, from row to row, through each rate of the first row and of the first column.

    Straight from one batch size to the next: between the middles of tiles a rate is read by its logarithm.
    """
    if len(sizes) < 2 or len(rates) < 2 or min(rates) <= 0:
        return ()
    ratios = {f"{rate / size:.6g}": rate / size for size in sizes for rate in rates if size == sizes[0]}
    ratios |= {f"{rates[0] / size:.6g}": rates[0] / size for size in sizes}
    lines = []
    for ratio in ratios.values():
        through = [(_column(ratio * size, rates), row + 0.5) for row, size in enumerate(sizes)]
        for start, other in pairwise(through):
            if 0 <= start[0] <= len(rates) and 0 <= other[0] <= len(rates):
                lines.append((start, other))
    return tuple(lines)


def _column(rate: float, rates: Sequence[float]) -> float:
    """Where a rate stands among the columns, in tiles; outside of the grid beyond its ends."""
    logs = [math.log(each) for each in rates]
    at = math.log(rate)
    after = next((i for i, each in enumerate(logs) if each >= at), len(logs) - 1)
    low = max(after - 1, 0)
    return 0.5 + low + (at - logs[low]) / (logs[low + 1] - logs[low])
