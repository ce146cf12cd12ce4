"""Caveats as sentences. A match over their classes, so that a new one without words is found by mypy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from batchviz.analysis.caveats import (
    Broken,
    Caveat,
    Imported,
    NotMeasured,
    NoValue,
    OnThisClock,
    OtherDifferences,
    StoppedEarly,
    UnderWay,
    UnequalSeeds,
    WithoutClock,
)
from batchviz.analysis.comparison import Comparison
from batchviz.analysis.confound import Confound, OneRate, OwnRates, UnequalAmounts
from batchviz.analysis.units import UNITS
from batchviz.experiment.records import Source
from batchviz.text.names import amount, field_list, group_list, rate_used
from batchviz.text.numbers import MAX_NAMED, form, number, quantity

_NotEqual = Confound | UnequalSeeds


def left_out(comparison: Comparison) -> Iterator[str]:
    """What a finding does not cover, or covers as well as it may; a reader must know that with it."""
    for caveat in comparison.caveats:
        if not isinstance(caveat, _NotEqual):
            yield from _sentences(caveat, comparison)


def not_equal(comparison: Comparison) -> Iterator[str]:
    """What the groups did not have alike beside what they differ in."""
    for caveat in comparison.caveats:
        if isinstance(caveat, _NotEqual):
            yield from _sentences(caveat, comparison)


def _sentences(caveat: Caveat, comparison: Comparison) -> Iterator[str]:
    match caveat:
        case NotMeasured():
            yield _not_measured(caveat, comparison)
        case OtherDifferences(fields, batch_size=True):
            yield f"The runs also differ in {field_list(fields)}, so batch size alone explains nothing here."
        case OtherDifferences(fields):
            yield f"The runs differ in {field_list(fields)}, so none of these alone explains a difference."
        case NoValue(groups):
            yield f"Left out: {group_list(groups)} {form(len(groups), 'has', 'have')} no value at this budget."
        case UnequalSeeds(group, seeds, most):
            only = "only one" if seeds == 1 else f"only {seeds}"
            yield f"The means stand on different numbers of seeds: {group.label} has {only}, others up to {most}."
        case UnderWay(groups, runs, all_runs):
            verb = form(runs, "is", "are")
            yield f"{runs} of {all_runs} runs {verb} still training ({group_list(groups)}) and not compared yet."
        case Broken():
            yield from _broken(caveat)
        case StoppedEarly(groups):
            yield f"{group_list(groups)} {form(len(groups), 'was', 'were')} stopped early."
        case Imported():
            yield imported(caveat)
        case WithoutClock(groups, measurable=True):
            yield f"Left out until their clock is measured: {group_list(groups)}."
        case WithoutClock(groups):
            yield f"Left out: the network of {group_list(groups)} cannot be timed here."
        case OnThisClock(groups):
            were = form(len(groups), "was", "were")
            yield f"{group_list(groups)} {were} trained elsewhere; these are seconds of this machine."
        case UnequalAmounts() | OneRate() | OwnRates():
            yield confound(caveat)
        case _:
            assert_never(caveat)


def confound(caveat: Confound) -> str:
    """What was not equal."""
    match caveat:
        case UnequalAmounts(unit, most_group, most, least_group, least):
            took = "took" if unit == "updates" else "saw"
            return (
                f"Not equal: {most_group.label} {took} {amount(UNITS[unit], round(most))}, {least_group.label} only "
                f"{quantity(round(least))}."
            )
        case OneRate(rate):
            return (
                f"One learning rate for all ({number(rate)}): what suits one batch size may not suit another."
            )
        case OwnRates(smallest, largest, rule):
            by = {"linear": ", by the linear rule", "sqrt": ", by the square-root rule"}.get(rule, "")
            return (
                f"Each at its own learning rate{by}: {rate_used(smallest.spec)} at {smallest.label}, "
                f"{rate_used(largest.spec)} at {largest.label}."
            )


def _not_measured(caveat: NotMeasured, comparison: Comparison) -> str:
    unit = comparison.unit
    assert unit is not None, "at its end every run was measured"
    was = form(len(caveat.groups), "was", "were")
    then = " Train what is missing to rank all." if caveat.trainable else ""
    return (
        f"{group_list(caveat.groups)} {was} not measured after {amount(unit, comparison.budget)}, and between two "
        f"measurements nothing is known: not ranked there.{then}"
    )


def _broken(caveat: Broken) -> Iterator[str]:
    for group in caveat.groups[:MAX_NAMED]:
        broken, runs = len(group.where(caveat.status)), len(group.runs)
        seeds = f" with {broken} of {runs} seeds" if runs > 1 else ""
        yield f"{group.label} {caveat.status}{seeds} and ranks last."
    if len(caveat.groups) > MAX_NAMED:
        yield f"{len(caveat.groups) - MAX_NAMED} more {caveat.status}."


def imported(caveat: Imported) -> str:
    """Which groups were trained elsewhere, and what is not known of them."""
    what = {
        Source.ARCHIVE: "trained elsewhere and imported",
        Source.HISTORY: "imported from a history: model, optimiser, first weights and order of examples are not known "
        "and may differ",
    }[caveat.source]
    return f"{group_list(caveat.groups)} {form(len(caveat.groups), 'was', 'were')} {what}."
