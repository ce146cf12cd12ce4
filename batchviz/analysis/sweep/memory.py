"""What fits: the ledger's memory of each batch size, and the most that a worker held while it trained it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from batchviz.analysis.sweep.cells import sizes
from batchviz.analysis.sweep.runs import SweepRun
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec


@dataclass(frozen=True)
class Fit:
    """Bytes of one batch size."""

    batch_size: int
    low: int
    """The ledger: weights, gradients, optimiser, and activations kept once."""
    high: int
    """With activations kept twice."""
    peak: float | None
    """The most that its workers held, TensorFlow and whatever they trained before included; None where not known."""
    ran: bool
    """Whether any run of this size trained to an end here: it fits, then."""
    failed: bool
    """Whether one failed and none trained to an end."""


@dataclass(frozen=True)
class Growth:
    """How memory grows with the batch size, in bytes an example: the ledger's band, and between measured peaks."""

    low: float
    high: float
    measured: float | None
    """From the smallest batch size to the largest; None where peaks do not tell, as when the worker itself is all."""


def fits(spec: SweepSpec, runs: Sequence[SweepRun]) -> tuple[Fit, ...]:
    """One a batch size."""
    return tuple(
        _fit(spec.base, size, [run for run in runs if run.batch_size == size]) for size in sizes(spec)
    )


def growth(fits_by_size: Sequence[Fit]) -> Growth | None:
    """Over the ladder; None with one size only."""
    if len(fits_by_size) < 2:
        return None
    first, last = fits_by_size[0], fits_by_size[-1]
    examples = last.batch_size - first.batch_size
    measured = None
    if first.peak is not None and last.peak is not None and last.peak > first.peak:
        measured = (last.peak - first.peak) / examples
    return Growth((last.low - first.low) / examples, (last.high - first.high) / examples, measured)


def largest_that_fits(spec: RunSpec, available: float, each: float) -> int | None:
    """The largest batch size that needs no more bytes than that, at `each` an example; None where not even 1 does.

    What does not grow with the batch size (weights, gradients, optimiser) is the ledger's.
    """
    memory = plan_for(spec).memory
    left = available - (memory.high - memory.activations_high)
    return math.floor(left / each) if each > 0 and left >= each else None


def _fit(base: RunSpec, size: int, runs: list[SweepRun]) -> Fit:
    ledger = plan_for(base.replace(batch_size=size)).memory
    peaks = [run.peak_bytes for run in runs if run.peak_bytes is not None]
    ran = any(run.status in (Status.DONE, Status.DIVERGED, Status.STOPPED) for run in runs)
    failed = not ran and any(run.status is Status.FAILED for run in runs)
    # The least of the peaks: a worker keeps the memory of whatever larger runs it trained before.
    return Fit(size, ledger.low, ledger.high, min(peaks, default=None), ran, failed)
