"""What must be known beside a sweep's answer, as codes with values; their words are in `text.sweep`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from batchviz.analysis.limits import MIN_SEEDS
from batchviz.analysis.significance import dissenters
from batchviz.analysis.sweep.cells import Cell, CellState
from batchviz.analysis.sweep.rates import BestRate, Bracket
from batchviz.analysis.sweep.targets import Refusal, Target
from batchviz.analysis.sweep.to_target import Arrival, ToTarget
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.sweep_spec import SweepSpec

Sizes = tuple[int, ...]


@dataclass(frozen=True)
class UnderWay:
    """Runs that have not ended; what is said is said of the others."""

    ended: int
    runs: int


@dataclass(frozen=True)
class TooFewSeeds:
    """With so few report seeds only gross differences are found.

    `enough` would find any difference that goes the same way with every seed, among as many batch sizes.
    """

    seeds: int
    enough: int


@dataclass(frozen=True)
class RateAtEdge:
    """The best rate of these sizes is the grid's last one that way: a better one may lie beyond."""

    sizes: Sizes
    edge: Literal["lowest", "highest"]


@dataclass(frozen=True)
class RateUncertain:
    """The selection seeds do not tell the best rate of these sizes from another."""

    sizes: Sizes


@dataclass(frozen=True)
class OneRate:
    """No batch size chose its rate: what is good at one may be bad at another."""

    rule: str
    """One of LEARNING_RATE_RULES."""


@dataclass(frozen=True)
class NothingStable:
    """At every rate a seed diverged: these sizes are in no set."""

    sizes: Sizes


@dataclass(frozen=True)
class BrokenSeeds:
    """Reported runs diverged or failed: these sizes are left out of what learns."""

    sizes: Sizes


@dataclass(frozen=True)
class NotReached:
    """These sizes did not reach the target with every seed: they take longer than they trained."""

    target: float
    sizes: Sizes


@dataclass(frozen=True)
class Refused:
    """A target that is none."""

    target: float
    reason: Refusal


@dataclass(frozen=True)
class LadderEnds:
    """The best size is the smallest or the largest tried; beyond it nothing is known, `rows` being all there are."""

    size: int
    end: Literal["smallest", "largest"]


@dataclass(frozen=True)
class NoClock:
    """Seconds are not known: no clock of this network."""


@dataclass(frozen=True)
class UnsteadyClock:
    """The machine had other work while its clock was measured."""


Caveat = (
    UnderWay | TooFewSeeds | RateAtEdge | RateUncertain | OneRate | NothingStable | BrokenSeeds | NotReached
    | Refused | LadderEnds | NoClock | UnsteadyClock
)  # fmt: skip


def caveats(
    spec: SweepSpec,
    cells: Sequence[Cell],
    best: Sequence[BestRate],
    reported: Sequence[Cell],
    targets: Sequence[Target],
    reached: Sequence[Sequence[ToTarget]],
) -> Iterator[Caveat]:
    """Those of runs, rates and targets, the gravest first."""
    yield from _under_way(spec, cells, best, reported)
    if nothing := _sizes(best, Bracket.ALL_DIVERGED, Bracket.NO_VALUE):
        yield NothingStable(nothing)
    broken = tuple(
        cell.batch_size
        for cell in reported
        if cell.diverged or (cell.failed and cell.state is CellState.OVER)
    )
    if broken:
        yield BrokenSeeds(broken)
    yield from (Refused(target.value, target.refusal) for target in targets if target.refusal is not None)
    if spec.selects:
        if low := _sizes(best, Bracket.LOW_EDGE):
            yield RateAtEdge(low, "lowest")
        if high := _sizes(best, Bracket.HIGH_EDGE):
            yield RateAtEdge(high, "highest")
        if unsure := tuple(each.batch_size for each in best if each.rivals):
            yield RateUncertain(unsure)
    else:
        yield OneRate(spec.base.learning_rate_rule)
    seeds = len(spec.reported_seeds)
    enough = _enough_seeds(len(reported))
    if seeds < enough:
        yield TooFewSeeds(seeds, enough)
    for places in reached:
        late = tuple(p.batch_size for p in places if p.arrival in (Arrival.NONE, Arrival.SOME))
        if late:
            yield NotReached(places[0].target, late)


def ladder_ends(best: int, sizes: Sequence[int], rows: int) -> LadderEnds | None:
    """Where nothing smaller or larger was tried than the best; a batch size of 1 or of all rows is no such edge."""
    if len(sizes) > 1 and best == sizes[0] and best > 1:
        return LadderEnds(best, "smallest")
    return LadderEnds(best, "largest") if len(sizes) > 1 and best == sizes[-1] and best < rows else None


def _enough_seeds(sizes: int) -> int:
    """With which the sign test finds a difference between any two of so many batch sizes."""
    pairs = max(sizes * (sizes - 1) // 2, 1)
    return next(seeds for seeds in range(MIN_SEEDS, MAX_RUNS_SHOWN) if dissenters(seeds, pairs) >= 0)


def _under_way(
    spec: SweepSpec, cells: Sequence[Cell], best: Sequence[BestRate], reported: Sequence[Cell]
) -> Iterator[UnderWay]:
    together = [*cells, *reported] if spec.selects else cells
    # Batch sizes whose rate is still to be chosen will be reported, too.
    later = [each for each in best if each.learning_rate is None and each.bracket is Bracket.NOT_YET]
    runs = sum(cell.seeds for cell in together)
    runs += len(later) * len(spec.reported_seeds) if spec.selects else 0
    if any(cell.state is not CellState.OVER for cell in together):
        yield UnderWay(sum(run.status.final for cell in together for run in cell.runs), runs)


def _sizes(best: Sequence[BestRate], *brackets: Bracket) -> Sizes:
    return tuple(each.batch_size for each in best if each.bracket in brackets)
