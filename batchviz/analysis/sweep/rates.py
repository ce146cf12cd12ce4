"""The best learning rate of each batch size, chosen on the selection seeds alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from batchviz.analysis.limits import MIN_SEEDS
from batchviz.analysis.sweep.cells import Cell, CellState, cells, sizes
from batchviz.analysis.sweep.crossing import crossing
from batchviz.analysis.sweep.runs import SweepRun
from batchviz.analysis.sweep.targets import targets
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.sweep_spec import SweepSpec

RIVAL_LEVEL = 0.05
"""Of the paired t test that tells the best rate from another; a rate that passes it is no rival."""


class Bracket(Enum):
    """Whether rates on both sides of the best one were tried."""

    BRACKETED = auto()
    """Those on both sides are worse, or diverged."""
    LOW_EDGE = auto()
    """It is the lowest rate of the grid: a lower one may be better."""
    HIGH_EDGE = auto()
    """It is the highest rate of the grid: a higher one may be better."""
    ONLY_RATE = auto()
    """No other was tried."""
    ALL_DIVERGED = auto()
    """At every rate a seed diverged: there is no best one."""
    NOT_YET = auto()
    """Cells of this batch size are still to come."""
    NO_VALUE = auto()
    """All is over and no rate has a value, for another reason than divergence."""


@dataclass(frozen=True)
class BestRate:
    """The best rate of one batch size; None where there is none. While cells are to come it is the best so far."""

    batch_size: int
    learning_rate: float | None
    bracket: Bracket
    rivals: tuple[float, ...] = ()
    """Rates that these seeds cannot tell from the best."""

    @property
    def at_edge(self) -> bool:
        """Whether the grid ends there."""
        return self.bracket in (Bracket.LOW_EDGE, Bracket.HIGH_EDGE)


def best_rates(spec: SweepSpec, runs: Sequence[SweepRun]) -> tuple[BestRate, ...]:
    """Of every batch size, by the final loss; where the sweep was given targets, by the updates to the lowest."""
    table = cells(spec, runs)
    sound_targets = (
        [each.value for each in targets(spec, runs) if each.refusal is None] if spec.targets else []
    )
    target = min(sound_targets, default=None)
    return tuple(
        best_rate(size, [each for each in table if each.batch_size == size], target) for size in sizes(spec)
    )


def chosen_rates(spec: SweepSpec, runs: Sequence[SweepRun]) -> dict[BatchSize, float]:
    """What `SweepSpec.report_specs` takes: the best rate of each batch size that has one and whose cells are over."""
    if not spec.selects:
        return {}
    names = sizes(spec)
    return {
        names[best.batch_size]: best.learning_rate
        for best in best_rates(spec, runs)
        if best.learning_rate is not None and best.bracket is not Bracket.NOT_YET
    }


def best_rate(size: int, row: Sequence[Cell], target: float | None = None) -> BestRate:
    """From the cells of one batch size, rates rising: those at which a seed diverged are never the best.

    With a `target`, rates at which every seed reached it come first, by their updates; the others by their final loss.
    """
    sound = [each for each in row if each.sound]
    scores = {each.learning_rate: _scores(each, target) for each in sound}
    best = min(sound, key=lambda each: scores[each.learning_rate].order, default=None)
    rate = None if best is None else best.learning_rate
    if any(each.state is not CellState.OVER for each in row):
        return BestRate(size, rate, Bracket.NOT_YET)
    if best is None or rate is None:
        diverged = all(each.diverged for each in row)
        return BestRate(size, None, Bracket.ALL_DIVERGED if diverged else Bracket.NO_VALUE)
    if len(row) == 1:
        return BestRate(size, rate, Bracket.ONLY_RATE)
    edges = {id(row[0]): Bracket.LOW_EDGE, id(row[-1]): Bracket.HIGH_EDGE}
    rivals = (other for other, score in scores.items() if other != rate and not _worse(score, scores[rate]))
    return BestRate(size, rate, edges.get(id(best), Bracket.BRACKETED), tuple(rivals))


@dataclass(frozen=True)
class _Scores:
    """What a rate is judged by, seed by seed: less is better."""

    to_target: bool
    by_seed: Mapping[int, float]
    final: float
    """Mean loss at the end, which decides between rates that take equally many updates."""

    @property
    def order(self) -> tuple[float, float]:
        updates = float(np.log(list(self.by_seed.values())).mean()) if self.to_target else np.inf
        return updates, self.final


def _scores(cell: Cell, target: float | None) -> _Scores:
    if target is not None and len(cell.values) == len(cell.runs):
        crossings = {run.seed: crossing(run.curve, target) for run in cell.runs}
        updates = {seed: each.at or each.high for seed, each in crossings.items() if each is not None}
        if len(updates) == len(crossings):
            return _Scores(True, updates, cell.mean)
    return _Scores(False, cell.values, cell.mean)


def _worse(other: _Scores, best: _Scores) -> bool:
    """Whether the seeds tell the other rate from the best: a paired t test of logarithms, one-sided."""
    from scipy.special import stdtrit  # here, because it takes the web process 18 MB

    if other.to_target != best.to_target:
        return True
    seeds = sorted(set(other.by_seed) & set(best.by_seed))
    if len(seeds) < MIN_SEEDS:
        return False
    a, b = (np.array([each.by_seed[seed] for seed in seeds]) for each in (other, best))
    differences = np.log(a / b) if min(a.min(), b.min()) > 0 else a - b
    error = float(differences.std(ddof=1)) / np.sqrt(len(seeds))
    return bool(differences.mean() > stdtrit(len(seeds) - 1, 1 - RIVAL_LEVEL) * error)
