"""Seconds in words: on which clock they are, where none is known, and what a run took besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from batchviz.analysis.pace import Clocks, network
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.records import Run, Source
from batchviz.text.names import AXES
from batchviz.text.numbers import form, listing

PATHS = {ClockPath.LOOP: "BatchViz's compiled loop", ClockPath.FIT: "Keras fit"}
"""The ways of training that a clock can be of."""
TOOK = (
    "Seconds of training as they passed, beside whatever else the machine did: small batches in long runs are compiled "
    "by XLA and so may take less than larger ones. To compare batch sizes, read the x-axis in seconds."
)
OFFER = "Measure the clock (a few seconds)"
MEASURING = (
    "Times single updates of this network at several batch sizes, as soon as nothing else trains here. Then curves can "
    "be drawn over seconds that compare."
)


def axis(unit: str, clocks: Clocks) -> str:
    """What stands along an axis: of seconds also whose they are, or that none are known."""
    if unit != "seconds":
        return AXES[unit]
    way = PATHS[clocks.path]
    return f"{AXES[unit]}, {way}" if clocks.measured else f"{AXES[unit]}: no clock of {way} yet"


def note(clocks: Clocks, runs: Sequence[Run]) -> str:
    """Beside an axis of seconds: where they come from, and which runs have none."""
    return " ".join(_note(clocks, runs))


def _note(clocks: Clocks, runs: Sequence[Run]) -> Iterator[str]:
    measured = [clock for run in runs if (clock := clocks.for_run(run)) is not None]
    way = PATHS[clocks.path]
    if measured:
        machines = listing(list(dict.fromkeys(clock.machine for clock in measured)))
        days = listing([day(at) for at in sorted(clock.measured for clock in measured)], 2)
        yield (
            f"Seconds: updates × the time of one update of that batch size in {way}, measured on {machines} on "
            f"{days} while nothing else trained. Evaluation, compilation and what passes between epochs are left out."
        )
        if unsteady := clocks.unsteady(runs):
            again = " It is being measured again." if unsteady.keys() <= clocks.awaited else ""
            yield f"The machine had other work meanwhile, so these times are rough.{again}"
        if any(clocks.for_run(run) and run.source is not Source.HERE for run in runs):
            yield "Runs trained elsewhere are on this machine's clock, too."
    yield from _unknown(clocks, runs, some=bool(measured))


def _unknown(clocks: Clocks, runs: Sequence[Run], *, some: bool) -> Iterator[str]:
    networks = (
        "some of these networks"
        if some
        else form(len(clocks.unknown(runs)), "this network", "these networks")
    )
    if unknown := clocks.unknown(runs):
        what = f"what an update of {networks} takes in {PATHS[clocks.path]} on this machine"
        if failed := next((reason for key in unknown if (reason := clocks.failed.get(key))), ""):
            yield f"No clock: {what} could not be measured. {failed}"
        elif unknown.keys() <= clocks.awaited:
            yield f"The clock is being measured, once nothing else trains: {what}."
        else:
            yield f"No clock yet: {what} was not measured."
    if nowhere := len([run for run in runs if network(run) is None]):
        single, several = "An imported run", "Imported runs"
        have = f"whose network is not known here {form(nowhere, 'has', 'have')} no clock."
        yield f"{form(nowhere, single, several)} {have}"


def day(unix_seconds: float) -> str:
    """As `29 November 2026`."""
    when = datetime.fromtimestamp(unix_seconds, UTC)
    return f"{when.day} {when:%B %Y}"
