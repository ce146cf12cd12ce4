"""The best that is possible, as values: the page draws the lines and names them."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.metrics import Metric
from batchviz.experiment.plan import Plan


def floors(plans: Sequence[Plan], measure: Metric) -> list[float]:
    """The distinct floors of the runs that are drawn."""
    return sorted({floor for plan in plans if (floor := measure.floor(plan)) is not None})
