"""`batchviz clock`: what an update takes on this machine, in the compiled loop or in Keras' own fit."""

from __future__ import annotations

import contextlib
import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from batchviz.cli.flags import add_flags, read_flags
from batchviz.experiment.clock import Clock, ClockPath
from batchviz.text.numbers import number, quantity


def add(commands: Any) -> None:
    """Add the command to the parser of the command line."""
    command: ArgumentParser = commands.add_parser(
        "clock",
        help="measure what an update of a network takes on this machine",
        description="Time updates of a network at several batch sizes in steady state: compilation, the first "
        "call and evaluation are left out. Waits for runs that train here, and these for it.",
        allow_abbrev=False,
    )
    command.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    command.add_argument(
        "--path",
        choices=[path.value for path in ClockPath],
        default=ClockPath.LOOP.value,
        help="loop: BatchViz's compiled loop; fit: Keras' own model.fit",
    )
    add_flags(command)


def run(arguments: Namespace) -> int:
    """Carry the command out. Raises BatchVizError."""
    spec = read_flags(arguments)
    from batchviz.notebook.clock import measure_clock

    with contextlib.redirect_stdout(sys.stderr):  # whatever libraries print is no part of the result
        clock = measure_clock(spec, ClockPath(arguments.path))
    print(clock.to_json() if arguments.json else _table(clock))
    return 0


def _table(clock: Clock) -> str:
    rows = [("Batch size", "µs an update", "within")]
    for point in clock.points:
        seconds, low, high = (number(1e6 * value) for value in (point.seconds, point.low, point.high))
        rows.append((quantity(point.batch_size), seconds, f"{low} to {high}"))
    remark = [] if clock.steady else ["The repeats scatter: something else is at work on this machine."]
    return "\n".join([clock.machine, *(f"{a:>10}  {b:>12}  {c}" for a, b, c in rows), *remark])
