"""What must be known beside a sweep's answer. A match over the classes, so that a new one without words is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from batchviz.analysis.sweep.caveats import (
    BrokenSeeds,
    Caveat,
    LadderEnds,
    NoClock,
    NothingStable,
    NotReached,
    OneRate,
    RateAtEdge,
    RateUncertain,
    Refused,
    TooFewSeeds,
    UnderWay,
    UnsteadyClock,
)
from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.analysis.sweep.targets import Refusal
from batchviz.text.numbers import count, form, listing, number, quantity
from batchviz.text.sweep.sizes import size_list, size_name

_RULES = {
    "fixed": "One learning rate for all batch sizes: what suits one may not suit another.",
    "linear": "The learning rate follows the batch size by the linear rule; no size chose its own.",
    "sqrt": "The learning rate follows the batch size by the square-root rule; no size chose its own.",
}


TOLD_BY_THE_PAGE = (UnderWay, NoClock)
"""Its progress and its part on speed say these."""


def caveat_sentences(
    findings: SweepFindings, without: tuple[type[UnderWay] | type[NoClock], ...] = ()
) -> Iterator[str]:
    """The caveats of the answer, the gravest first. The targets that the same sizes did not reach are one sentence."""
    targets: dict[tuple[int, ...], list[float]] = {}
    for caveat in findings.answer.caveats:
        if isinstance(caveat, NotReached):
            targets.setdefault(caveat.sizes, []).append(caveat.target)
    for caveat in findings.answer.caveats:
        if isinstance(caveat, without):
            continue
        if not isinstance(caveat, NotReached):
            yield sentence(caveat, findings)
        elif values := targets.pop(caveat.sizes, None):
            yield _not_reached(caveat.sizes, values)


def sentence(caveat: Caveat, findings: SweepFindings) -> str:
    """One of them."""
    match caveat:
        case UnderWay(ended, runs):
            return f"{quantity(ended)} of {count(runs, 'run')} {form(ended, 'has', 'have')} ended; this may change."
        case TooFewSeeds(told, enough):
            return (
                f"{count(told, 'seed')} {form(told, 'finds', 'find')} only very large differences; "
                f"{enough} report seeds would find any difference that goes the same way with all of them."
            )
        case RateAtEdge(some, edge):
            beyond = "lower" if edge == "lowest" else "higher"
            return f"Not bracketed: {size_list(some)} did best at the {edge} rate tried; a {beyond} one may be better."
        case RateUncertain(some):
            return f"At {size_list(some)} the seeds cannot tell the best rate from another one of the grid."
        case OneRate(rule):
            return _RULES[rule]
        case NothingStable(some):
            return f"{size_list(some)} ended without a loss at every rate: left out."
        case BrokenSeeds(some):
            return f"Left out of what learns: {size_list(some)}, where a seed diverged or failed."
        case NotReached(target, some):
            return _not_reached(some, [target])
        case Refused(target, Refusal.BELOW_FLOOR):
            return (
                f"Nothing reaches {number(target)}: who knows the law of this data scores more on these rows. "
                "Choose a higher target."
            )
        case Refused(target, Refusal.ABOVE_START):
            return f"{number(target)} is no target: runs are there before their first update. Choose a lower one."
        case LadderEnds(size, end):
            beyond = "smaller" if end == "smallest" else "larger"
            return f"{size_name(size, findings)} is the {end} batch size tried; a {beyond} one may be better."
        case NoClock():
            return "No clock of this network yet, so nothing is said of seconds."
        case UnsteadyClock():
            return "The machine had other work while its clock was measured: seconds are rough."
        case Refused():
            raise AssertionError(caveat)
        case _:
            assert_never(caveat)


def _not_reached(sizes: Sequence[int], targets: Sequence[float]) -> str:
    return (
        f"{size_list(sizes)} did not reach {listing([number(target) for target in targets])} with every seed; "
        f"{form(len(sizes), 'it takes', 'they take')} longer than was trained."
    )
