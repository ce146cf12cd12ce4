"""A grid of runs for the file that demonstrates: trained now, by the machinery of sweeps, with the clocks beside it."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from batchviz.errors import BatchVizError, SpecError
from batchviz.experiment.clock import Clock, ClockPath, clock_key
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.moments import of_a_sweep
from batchviz.experiment.parsing import read_list
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.exporters.limits import MAX_DEMO_RUNS
from batchviz.exporters.selection import RecordedRuns
from batchviz.notebook.clock import measure_clock
from batchviz.notebook.interrupt import interrupt_as_request
from batchviz.notebook.sweep_progress import SweepProgress
from batchviz.notebook.sweep_training import Task, Trainer
from batchviz.notebook.swept_run import SweptRun
from batchviz.text.numbers import quantity

MAX_UPDATES = 30_000_000
"""Of all runs of a grid: some minutes on two cores."""


@dataclass(frozen=True)
class Grid:
    """Every batch size at every learning rate with every seed, on one data set after the other."""

    sweeps: tuple[SweepSpec, ...]
    """One a data set. No rate is chosen here: the seeds that would report at the chosen ones are not trained."""

    @classmethod
    def parse(cls, data_sets: str, batch_sizes: str, learning_rates: str, seeds: str, **shared: Any) -> Grid:
        """A grid from lists as people write them; `shared` are further fields of all its runs.

        Raises SpecError for what cannot be trained, and for a grid that is too large.
        """
        names = read_list(data_sets)
        if not names or len(set(names)) < len(names):
            raise SpecError(
                f"Data sets: got {data_sets!r}; expected names, each once, for example digits, random."
            )
        sides = [len(names), len(read_list(batch_sizes)), len(read_list(learning_rates))]
        runs = math.prod(sides) * (int(seeds) if seeds.isascii() and seeds.isdecimal() else 1)
        if runs > MAX_DEMO_RUNS:
            raise SpecError(
                f"The grid would be {quantity(runs)} runs; expected at most {quantity(MAX_DEMO_RUNS)}. "
                "Leave out batch sizes, learning rates, seeds or data sets."
            )
        grid_fields = {"batch_sizes": batch_sizes, "learning_rates": learning_rates, "seeds": seeds}
        grid = cls(
            tuple(
                SweepSpec.parse({"dataset": name, "report_seeds": 1, **grid_fields, **shared})
                for name in names
            )
        )
        if grid.updates > MAX_UPDATES:
            raise SpecError(
                f"The grid would take {quantity(grid.updates)} updates; expected at most {quantity(MAX_UPDATES)}. "
                "Leave out the smallest batch sizes, or choose fewer epochs."
            )
        return grid

    @property
    def specs(self) -> list[RunSpec]:
        """Of every run."""
        return [spec for sweep in self.sweeps for spec in sweep.selection_specs]

    @property
    def updates(self) -> int:
        """Of all runs."""
        return sum(plan_for(spec).updates or 0 for spec in self.specs)


def record(grid: Grid, *, workers: int = 1, clock: bool = True, progress: bool | None = None) -> RecordedRuns:
    """Train the grid and, for the axis of seconds, measure the `clock` of each of its networks.

    Raises BatchVizError for runs that failed, which leave nothing to show, and KeyboardInterrupt when interrupted.
    """
    clocks = _clocks(grid) if clock else {}
    swept: list[SweptRun] = []
    with ExitStack() as stack:
        should_stop = stack.enter_context(interrupt_as_request())
        shown = sys.stderr.isatty() if progress is None else progress
        bar = stack.enter_context(SweepProgress(sys.stderr)) if shown else None
        trainer = stack.enter_context(Trainer(workers, should_stop))
        if bar is not None:
            bar.begin(grid.specs)
        for sweep in grid.sweeps:
            measure_at = of_a_sweep(sweep)
            tasks: Sequence[Task] = [(spec, measure_at[spec.batch_size]) for spec in sweep.selection_specs]
            done: dict[str, SweptRun] = {}
            for run in trainer.train(tasks):
                done[run.run.id] = run
                if bar is not None:
                    bar.ended(run)
            if should_stop():
                raise KeyboardInterrupt
            swept += done.values()
    failed = [run.run for run in swept if not run.kept]
    if failed:
        raise BatchVizError(f"{len(failed)} of {len(swept)} runs failed. The first said: {failed[0].reason}")
    entries = [LibraryEntry(run.run) for run in swept]
    return RecordedRuns(entries, {run.run.id: run.series for run in swept}, {ClockPath.LOOP: clocks})


def _clocks(grid: Grid) -> dict[str, Clock]:
    """Of each network; before the runs, since measuring needs a process that has not computed yet."""
    bases = {clock_key(sweep.base): sweep.base for sweep in grid.sweeps}
    return {key: measure_clock(base) for key, base in bases.items() if key is not None}
