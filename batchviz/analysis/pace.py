"""Seconds of a run on a clock: every update at what one of its batch size takes in steady state.

What a run itself took is no measure to compare by: its first call, its compilation and whoever else used the cores are
inside. So all seconds along an axis, in a budget and in a plan are counted here, and those that were recorded only say
what the run took. The scripts count them alike: frontend/src/core/pace.js, tests/shared/pace.json.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from batchviz.experiment.clock import Clock, ClockPath, clock_key
from batchviz.experiment.plan import Plan
from batchviz.experiment.records import Run, Source
from batchviz.experiment.schedule import Epoch
from batchviz.experiment.series import Series

_NEAR = 1e-6
"""Share of a whole number of updates by which float32 seconds may miss it."""


class Stretch(NamedTuple):
    """Epochs of one batch size."""

    start: int
    """Updates made before it."""
    updates: int
    """An epoch."""
    update: float
    """Seconds of one over full batches."""
    epoch: float
    """Seconds of an epoch, whose last batch may be smaller."""


@dataclass(frozen=True)
class Pace:
    """What the updates of one plan take. All else is left out, as on the clock: evaluation, compilation, new epochs."""

    stretches: tuple[Stretch, ...]

    def seconds(self, updates: ArrayLike) -> NDArray[np.float64]:
        """Of so many updates from the start; NaN stays NaN."""
        counts = np.asarray(updates, np.float64)
        total = np.zeros_like(counts)
        for stretch, end in self._bounded():
            made = np.clip(counts - stretch.start, 0, end - stretch.start)
            epochs = np.floor(made / stretch.updates)
            total += epochs * stretch.epoch + (made - epochs * stretch.updates) * stretch.update
        return total

    def updates_within(self, seconds: float) -> int:
        """The most updates that take no longer than this."""
        left, made = seconds * (1 + _NEAR), 0
        for stretch, end in self._bounded():
            epochs = min(left // stretch.epoch, (end - stretch.start) / stretch.updates)
            left -= epochs * stretch.epoch
            made += round(epochs * stretch.updates)
            if made < end:
                return made + min(int(left // stretch.update), stretch.updates - 1)
        return made

    def _bounded(self) -> list[tuple[Stretch, float]]:
        """Every stretch, and the updates made at its end."""
        ends = [*(following.start for _, following in pairwise(self.stretches)), np.inf]
        return list(zip(self.stretches, ends, strict=True))


def pace(plan: Plan, clock: Clock) -> Pace:
    """The pace of a plan on a clock of its network. A micro-batch takes its share of an update of such ones."""
    stretches: list[Stretch] = []
    start = 0
    epochs = plan.schedule.stretches()
    for epoch, following in [*pairwise(epochs), (epochs[-1], None)]:
        stretches.append(_stretch(start, epoch, clock))
        start += 0 if following is None else (following.number - epoch.number) * epoch.updates
    return Pace(tuple(stretches))


def _stretch(start: int, epoch: Epoch, clock: Clock) -> Stretch:
    update, last = (clock.seconds_per_update(size) for size in (epoch.batch_size, epoch.last_batch))
    whole = ((epoch.batches - 1) * update + last) / epoch.accumulation
    # With one update an epoch, that one is the epoch.
    return Stretch(start, epoch.updates, update if epoch.updates > 1 else whole, whole)


def plan_seconds(plan: Plan, clock: Clock | None) -> float | None:
    """What the updates of a plan take on a clock, None without one; a budget of time takes that time."""
    if plan.updates is None:
        return plan.spec.budget
    return None if clock is None else float(pace(plan, clock).seconds(plan.updates))


def throughput(plan: Plan, clock: Clock) -> float:
    """Examples a second at the first batch size: those of a full update over what it takes on a clock."""
    return plan.first.examples_per_update / pace(plan, clock).stretches[0].update


@dataclass(frozen=True)
class Clocks:
    """The clocks of one path of training on this machine, by network (`clock_key`)."""

    path: ClockPath = ClockPath.LOOP
    measured: Mapping[str, Clock] = field(default_factory=lambda: MappingProxyType({}))
    awaited: frozenset[str] = frozenset()
    """Networks that are about to be measured."""
    failed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By network, why it could not be measured."""

    def for_run(self, run: Run) -> Clock | None:
        """That of a run's network, wherever the run was trained; None where it was not measured."""
        return self.measured.get(network(run) or "")

    def on_clock(self, run: Run, rows: Series) -> Series:
        """A run's rows with clock seconds in place of recorded ones: NaN where no clock is known."""
        clock = self.for_run(run)
        updates = rows["updates"]
        seconds = np.full(len(updates), np.nan) if clock is None else pace(run.plan, clock).seconds(updates)
        return {**rows, "seconds": seconds.astype(np.float32)}

    def unknown(self, runs: Sequence[Run]) -> dict[str, Run]:
        """Networks of these runs that could be measured here and are not yet, each with one of its runs."""
        keys = {key: run for run in runs if (key := network(run)) is not None}
        return {key: run for key, run in keys.items() if key not in self.measured}

    def unsteady(self, runs: Sequence[Run]) -> dict[str, Run]:
        """Networks of these runs whose clock was disturbed while it was measured, each with one of its runs."""
        keys = {key: run for run in runs if (key := network(run)) is not None}
        return {
            key: run for key, run in keys.items() if key in self.measured and not self.measured[key].steady
        }

    def offered(self, runs: Sequence[Run]) -> dict[str, Run]:
        """What is worth measuring, and not asked for yet."""
        improvable = self.unknown(runs) | self.unsteady(runs)
        return {key: run for key, run in improvable.items() if key not in self.awaited}


WITHOUT_CLOCKS = Clocks()


def network(run: Run) -> str | None:
    """What the clock of a run is known by; None where its network is not known or cannot be trained here."""
    return None if run.source is Source.HISTORY else _key(run.spec)


_key = functools.lru_cache(maxsize=512)(clock_key)
"""Kept: a page asks of every run many times."""


def reached(rows: Series, seconds: float) -> float:
    """Updates that a run had made by then, from its rows on a clock: between two updates nothing changes.

    NaN before the first row and beyond the end of the update after the last one.
    """
    finite = np.isfinite(rows["seconds"]) & np.isfinite(rows["updates"])
    x, updates = rows["seconds"][finite].astype(np.float64), rows["updates"][finite].astype(np.float64)
    if not len(x) or not x[0] <= seconds < next_end(rows):
        return float("nan")
    return float(np.floor(np.interp(seconds, x, updates) * (1 + _NEAR) + _NEAR))


def next_end(rows: Series) -> float:
    """A moment before one more update would have ended than its rows on a clock tell of; NaN without any."""
    finite = np.isfinite(rows["seconds"]) & np.isfinite(rows["updates"])
    x, updates = rows["seconds"][finite].astype(np.float64), rows["updates"][finite].astype(np.float64)
    made = np.diff(updates) > 0
    if not made.any():
        return float("nan")
    # The slowest, because those over smaller last batches are inside.
    slowest = (np.diff(x)[made] / np.diff(updates)[made]).max()
    return float((x[-1] + slowest) * (1 - 2 * _NEAR))
