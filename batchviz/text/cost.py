"""Why a run is not trained here: it would take more than the server gives to one."""

from __future__ import annotations

from collections.abc import Iterable

from batchviz.experiment.cost import Cost
from batchviz.text.numbers import byte_size, expected_duration

SMALLER = "a smaller network or fewer rows"


def refusal(costs: Iterable[Cost], max_seconds: float, max_bytes: int) -> str:
    """A sentence on the dearest of these runs; empty where all of them may be trained."""
    costs = list(costs)
    longest = max((cost.least for cost in costs), default=0.0)
    if longest > max_seconds:
        return (
            f"Training: this run would take {expected_duration(longest)} at the least; expected at most "
            f"{expected_duration(max_seconds)}, which this server gives to one run. Choose a smaller budget, {SMALLER}."
        )
    largest = max((cost.bytes for cost in costs), default=0)
    if largest > max_bytes:
        return (
            f"Memory: this run would need {byte_size(largest)} at the least; expected at most {byte_size(max_bytes)}, "
            f"which this server gives to one run. Choose a smaller batch size, {SMALLER}."
        )
    return ""
