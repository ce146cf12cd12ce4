"""Everything that a sweep found, as one value: headline, figures, tables, command line and exports read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from batchviz.analysis.sweep.answer import Answer, Timed, fast, fitting, learns, timed
from batchviz.analysis.sweep.caveats import Caveat, NoClock, UnsteadyClock, caveats, ladder_ends
from batchviz.analysis.sweep.cells import Cell, cell, cells, sizes
from batchviz.analysis.sweep.cost import Cost, cost
from batchviz.analysis.sweep.equal import Equal, Place, StableRate, ended, equal, stable_rates
from batchviz.analysis.sweep.laws import Distrust, Laws, fit_laws
from batchviz.analysis.sweep.memory import Fit, fits, growth
from batchviz.analysis.sweep.rates import BestRate, best_rates
from batchviz.analysis.sweep.runs import SweepRun
from batchviz.analysis.sweep.targets import Target, targets
from batchviz.analysis.sweep.to_target import Arrival, ToTarget, on_clock, to_target
from batchviz.experiment.clock import Clock
from batchviz.experiment.sweep_spec import SweepSpec


@dataclass(frozen=True)
class SweepFindings:
    """What the runs of a sweep say so far. Batch sizes are in examples, rising, everywhere."""

    spec: SweepSpec
    sizes: tuple[int, ...]
    cells: tuple[Cell, ...]
    """Of the whole grid, over the selection seeds: by batch size, then by rate."""
    best_rates: tuple[BestRate, ...]
    """One a batch size."""
    stable: tuple[StableRate, ...]
    """One a batch size."""
    same_rate: tuple[Cell, ...]
    """Of the grid, one a batch size: those at the pilot's rate."""
    reported: tuple[Cell, ...]
    """One for each batch size that has a best rate: that rate over the report seeds. All below comes from these."""
    ended: tuple[Place, ...]
    """Final losses and gaps, one a reported cell."""
    equal_examples: Equal | None
    equal_updates: Equal | None
    targets: tuple[Target, ...]
    to_target: tuple[tuple[ToTarget, ...], ...]
    """For each target that is not refused, in their order: one a reported cell."""
    laws: tuple[Laws, ...]
    """One for each of `to_target`."""
    cost: Cost | None
    """None without a clock."""
    fits: tuple[Fit, ...]
    """Memory, one a batch size."""
    answer: Answer

    def cell(self, batch_size: int, learning_rate: float) -> Cell:
        """Of the grid."""
        return next(c for c in self.cells if (c.batch_size, c.learning_rate) == (batch_size, learning_rate))


def sweep_findings(spec: SweepSpec, runs: Sequence[SweepRun], clock: Clock | None = None) -> SweepFindings:
    """The findings of the runs there are, in whatever state; seconds are those of `clock`."""
    ladder, grid, best, seeds = (
        tuple(sizes(spec)),
        cells(spec, runs),
        best_rates(spec, runs),
        spec.reported_seeds,
    )
    reported = tuple(
        cell(each.batch_size, each.learning_rate, seeds, runs)
        for each in best
        if each.learning_rate is not None
    )
    all_targets, seconds = targets(spec, runs), on_clock(spec.base, clock)
    reached = tuple(
        tuple(to_target(target.value, each, seconds) for each in reported)
        for target in all_targets
        if target.refusal is None
    )
    laws = tuple(_laws(spec, ladder, best, places) for places in reached)
    here = None if clock is None else cost(clock, ladder)
    memory = fits(spec, runs)
    times = (
        ()
        if seconds is None
        else tuple(
            time
            for places, law in zip(reached, laws, strict=True)
            if places and (time := timed(places[0].target, places, seconds, clock, law, here)) is not None
        )
    )
    answer = Answer(
        fits=fitting(memory, growth(memory)), fast=fast(here), learns=learns(reported), timed=times
    )
    beside = (
        *caveats(spec, grid, best, reported, all_targets, reached),
        *_of_the_answer(answer, ladder, spec.training_rows, here),
    )
    return SweepFindings(
        spec=spec,
        sizes=ladder,
        cells=grid,
        best_rates=best,
        stable=stable_rates(ladder, grid),
        same_rate=tuple(each for each in grid if each.learning_rate == spec.pilot.learning_rate),
        reported=reported,
        ended=tuple(ended(each) for each in reported),
        equal_examples=equal(spec.base, reported, "examples"),
        equal_updates=equal(spec.base, reported, "updates"),
        targets=all_targets,
        to_target=reached,
        laws=laws,
        cost=here,
        fits=memory,
        answer=Answer(**{**vars(answer), "caveats": beside}),
    )


def _laws(
    spec: SweepSpec, ladder: Sequence[int], best: Sequence[BestRate], places: Sequence[ToTarget]
) -> Laws:
    """Both laws of one target, and what speaks against any law beforehand."""
    whole = {place.batch_size for place in places if place.arrival is Arrival.ALL}
    distrust = []
    if not {ladder[0], ladder[-1]} <= whole:
        distrust.append(Distrust.ENDS_MISSING)
    if not spec.selects or any(each.at_edge for each in best):
        distrust.append(Distrust.RATES_NOT_TUNED)
    updates = {place.batch_size: place.updates for place in places if place.updates is not None}
    return fit_laws(places[0].target if places else 0.0, updates, tuple(distrust))


def _of_the_answer(answer: Answer, ladder: Sequence[int], rows: int, cost: Cost | None) -> Iterator[Caveat]:
    """Those of the answer itself."""
    headline = answer.timed[-1].choice if answer.timed else answer.learns
    edge = None if headline is None else ladder_ends(headline.best, ladder, rows)
    if edge is not None:
        yield edge
    if cost is None:
        yield NoClock()
    elif not cost.steady:
        yield UnsteadyClock()


__all__ = ["Answer", "SweepFindings", "Timed", "sweep_findings"]
