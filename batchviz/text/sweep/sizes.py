"""Batch sizes, targets and budgets of a sweep as they stand in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.metrics import METRICS
from batchviz.analysis.sweep.cells import sizes
from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.analysis.units import UNITS
from batchviz.experiment.plan import plan_for
from batchviz.text.names import amount, metric_name
from batchviz.text.numbers import listing, number, quantity


def size_name(size: int, findings: SweepFindings) -> str:
    """`B = 32`, `B = 800 (full)`."""
    full = sizes(findings.spec).get(size) == "full"
    return f"B = {quantity(size)}{' (full)' if full else ''}"


def size_list(some: Sequence[int]) -> str:
    """`B = 1, 8 and 32`."""
    return f"B = {listing([quantity(size) for size in some])}"


def loss_name(findings: SweepFindings) -> str:
    """What a sweep compares: `validation MSE`."""
    return metric_name(METRICS["val_loss"], [plan_for(findings.spec.base)])


def budget(findings: SweepFindings) -> str:
    """`10 epochs`, `500 updates`."""
    base = findings.spec.base
    return amount(UNITS[base.budget_unit], base.budget)


def rate(value: float) -> str:
    """A learning rate as it is written in the form: `0.003`."""
    return number(value)
