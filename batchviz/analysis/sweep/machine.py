"""Another machine: three numbers of it, and what a sweep's findings become there.

How many updates a batch size takes belongs to the model and its data, and travels; what an update takes, and how much
memory there is, belongs to a machine. `exporters.machine_snippet` prints the line that `read` takes.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from batchviz.analysis.sweep.answer import Timed, timed
from batchviz.analysis.sweep.cost import Cost
from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.analysis.sweep.memory import largest_that_fits
from batchviz.analysis.sweep.to_target import ToTarget
from batchviz.errors import SpecError
from batchviz.experiment.clock import Line

MAX_LINE_LENGTH = 300
"""Characters; what the snippet prints has 100."""
_MOST = {"a": 1e4, "b": 1e3, "bytes": 1e12, "error": 1e6, "memory": 1e15}
"""Seconds an update, seconds an example, bytes an example, a share, bytes: beyond it is a slip."""
_OPTIONAL = ("memory",)
EXPECTED = "batchviz-machine a=0.00012 b=3.1e-07 bytes=520 error=0.08"


@dataclass(frozen=True)
class OtherMachine:
    """t(B) = a + b B and the activations of one example; `memory` is what may be used, None where nobody said."""

    line: Line
    bytes_per_example: float
    """With every layer's output kept once."""
    error: float
    """The largest relative error of the line at a batch size left out of it."""
    memory: float | None = None


@dataclass(frozen=True)
class Elsewhere:
    """A sweep's findings on another machine."""

    machine: OtherMachine
    to_target: tuple[tuple[ToTarget, ...], ...]
    """As of the findings, with that machine's seconds."""
    timed: tuple[Timed, ...]
    largest: int | None
    """The largest batch size that its memory holds; None where that is not known."""


def read(text: str) -> OtherMachine:
    """What the snippet printed, on whichever line of the text it stands. Raises SpecError for anything else."""
    lines = [line for line in text[: 100 * MAX_LINE_LENGTH].splitlines() if "batchviz-machine" in line]
    if len(lines) != 1 or len(lines[0]) > MAX_LINE_LENGTH:
        raise SpecError(
            f"This is not what the snippet prints. Expected one line like `{EXPECTED}`; run the snippet where you "
            "will train and paste its last line."
        )
    pairs = re.findall(r"(\w+)=(\S+)", lines[0])
    values = dict(pairs)
    missing = [name for name in _MOST if name not in values and name not in _OPTIONAL]
    unknown = [name for name in values if name not in _MOST]
    if missing or unknown or len(pairs) != len(values):
        raise SpecError(
            f"The machine's line: got {', '.join(name for name, _ in pairs)[:80] or 'no number'}; expected "
            f"{', '.join(_MOST)}, each once (memory may be left out), as in `{EXPECTED}`."
        )
    numbers = {name: _number(name, value) for name, value in values.items()}
    if numbers["a"] + numbers["b"] <= 0:
        raise SpecError(
            "The machine's line: an update that takes no time. Expected a or b above 0; run it again."
        )
    return OtherMachine(
        Line(numbers["a"], numbers["b"]), numbers["bytes"], numbers["error"], numbers.get("memory")
    )


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= _MOST[name]:
        raise SpecError(
            f"The machine's line: got {name}={text[:40]}; expected a number from 0 to {_MOST[name]:g}. "
            "Paste the line as the snippet prints it."
        )
    return value


def elsewhere(findings: SweepFindings, machine: OtherMachine) -> Elsewhere:
    """Seconds to target, best batch size and memory limit on that machine."""

    rows = findings.spec.training_rows

    def seconds(size: int, updates: float) -> float:
        in_the_mean = rows / math.ceil(rows / size)  # an epoch's last batch may be smaller
        return updates * machine.line.seconds(in_the_mean)

    cost = Cost(machine.line, {}, {0: machine.error}, {}, steady=True)
    reached = tuple(
        tuple(
            replace(
                place, seconds=None if place.updates is None else seconds(place.batch_size, place.updates)
            )
            for place in places
        )
        for places in findings.to_target
    )
    pairs = zip(reached, findings.laws, strict=True)
    times = (timed(places[0].target, places, seconds, None, laws, cost) for places, laws in pairs if places)
    limit = None
    if machine.memory is not None:
        limit = largest_that_fits(findings.spec.base, machine.memory, 2 * machine.bytes_per_example)
    return Elsewhere(machine, reached, tuple(time for time in times if time is not None), limit)
