"""What a sweep's answer becomes on another machine, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.analysis.sweep.machine import Elsewhere
from batchviz.text.numbers import expected_duration, number, percent
from batchviz.text.sweep.sizes import loss_name, size_list, size_name


def elsewhere_sentences(elsewhere: Elsewhere, findings: SweepFindings) -> Iterator[str]:
    """Its clock, the best size there for each target, and what fits."""
    machine = elsewhere.machine
    yield (
        f"There an update takes {_microseconds(machine.line.overhead)} and "
        f"{_microseconds(machine.line.per_example)} more for each example; a size left out of the fit is off by "
        f"{percent(round(machine.error, 2))} at most."
    )
    for timed in elsewhere.timed:
        choice = timed.choice
        others = [size for size in choice.alike if size != choice.best]
        alike = f"; the seeds do not tell {size_list(others)} from it" if others else ""
        yield (
            f"To a {loss_name(findings)} of {number(timed.target)}, {size_name(choice.best, findings)} would take the "
            f"least time there, {expected_duration(choice.means[choice.best])} of updates{alike}."
        )
    if elsewhere.largest is not None:
        yield f"Its memory holds a batch of {number(elsewhere.largest)} at the most."


def _microseconds(seconds: float) -> str:
    return f"{number(float(f'{1e6 * seconds:.2g}'))} µs"
