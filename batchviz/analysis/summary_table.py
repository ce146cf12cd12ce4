"""The table of a comparison: a row a group, numbers as measured, never smoothed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from batchviz.analysis.differences import DifferingField, differing
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.pace import Clocks, throughput
from batchviz.analysis.ranking import BROKEN, Ranked, Ranking
from batchviz.analysis.replicates import Group
from batchviz.analysis.units import positions
from batchviz.experiment.records import Run, Status
from batchviz.experiment.series import Series

RecordedRuns = Sequence[tuple[Run, Series]]


@dataclass(frozen=True)
class Cell:
    """Over the seeds that have a value: mean, lowest, highest. All NaN when none has."""

    mean: float
    low: float
    high: float
    seeds: int

    @classmethod
    def over(cls, values: Sequence[float]) -> Cell:
        """Over the finite ones among the values."""
        finite = [value for value in values if math.isfinite(value)]
        if not finite:
            return cls(math.nan, math.nan, math.nan, 0)
        return cls(math.fsum(finite) / len(finite), min(finite), max(finite), len(finite))


@dataclass(frozen=True)
class Row:
    """One group. `fields` are its values of the fields that differ (Table.fields), in their order.

    Its values are those of the seeds that neither diverged nor failed, as in a ranking; what it cost is that of all.
    """

    group: Group
    fields: tuple[str, ...]
    final: Cell
    best: Cell
    best_epoch: Cell
    at_budget: Cell
    measured: bool
    """Whether no run trained past the budget without being measured there."""
    updates: Cell
    took: Cell
    """Seconds of training as recorded: on a machine that may have been busy, not on a clock."""
    throughput: float
    """Examples a second on the clock; NaN where none is known."""
    gap: Cell
    """Validation minus training, of loss or metric, at the end."""
    seeds: int
    statuses: Mapping[Status, int]

    @property
    def survivors(self) -> bool:
        """Whether the values are those of some seeds only, because others broke: a mean that flatters."""
        return 0 < self.final.seeds < self.seeds and any(status in BROKEN for status in self.statuses)


@dataclass(frozen=True)
class Table:
    """The rows in the order of the groups, and the fields that differ between them."""

    fields: tuple[DifferingField, ...]
    rows: tuple[Row, ...]


def table(groups: Sequence[Group], series: Mapping[str, Series], ranking: Ranking, clocks: Clocks) -> Table:
    """The table beside a ranking, of its metric."""
    fields = differing([group.runs[0] for group in groups])
    places = {place.group.key: place for place in (*ranking.skipped, *ranking.places)}
    rows = [
        _row(group, series, ranking.metric, places.get(group.key), tuple(f.values[i] for f in fields), clocks)
        for i, group in enumerate(groups)
    ]
    return Table(tuple(fields), tuple(rows))


def _row(
    group: Group,
    series: Mapping[str, Series],
    metric: str,
    place: Ranked | None,
    fields: tuple[str, ...],
    clocks: Clocks,
) -> Row:
    recorded = [
        (run, series[run.id]) for run in group.runs if run.id in series and len(series[run.id]["updates"])
    ]
    higher = METRICS[metric].higher_is_better(group.plan)
    kind = METRICS[metric].kind

    whole = [(run, rows) for run, rows in recorded if run.status not in BROKEN]

    def over(value: Callable[[Run, Series], float], runs: RecordedRuns = whole) -> Cell:
        return Cell.over([value(run, rows) for run, rows in runs])

    return Row(
        group=group,
        fields=fields,
        final=over(lambda run, rows: float(rows[metric][-1])),
        best=over(lambda run, rows: _best(run, rows, metric, higher)[0]),
        best_epoch=over(lambda run, rows: _best(run, rows, metric, higher)[1]),
        at_budget=Cell.over(list(place.values.values()) if place else []),
        measured=place is None or not place.skipped,
        updates=over(lambda run, rows: float(rows["updates"][-1]), recorded),
        took=over(lambda run, _: _took(run), recorded),
        throughput=math.nan
        if (clock := clocks.for_run(group.runs[0])) is None
        else throughput(group.plan, clock),
        gap=over(lambda run, rows: float(rows[f"val_{kind}"][-1]) - float(rows[f"train_{kind}"][-1])),
        seeds=len(group.runs),
        statuses={status: len(runs) for status in Status if (runs := group.where(status))},
    )


def _took(run: Run) -> float:
    seconds = run.counted("seconds")
    return math.nan if seconds is None else seconds


def _best(run: Run, rows: Series, metric: str, higher: bool) -> tuple[float, float]:
    """The best value and the epoch at whose end it was measured; the state before the first update counts too."""
    values = rows[metric].astype(np.float64)
    if not np.isfinite(values).any():
        return math.nan, math.nan
    worst = -np.inf if higher else np.inf
    usable = np.where(np.isfinite(values), values, worst)
    best = int(usable.argmax() if higher else usable.argmin())
    return float(values[best]), float(positions(run, rows, "epochs")[best])
