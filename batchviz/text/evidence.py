"""How large a difference is and how sure, in the same words on every page: the effect first, then the evidence.

What is lower or higher is a metric of the first group, beside that of the second.
"""

from __future__ import annotations

import math

from batchviz.analysis.evidence import Evidence, Grade, Scale
from batchviz.analysis.limits import RACE_SEEDS
from batchviz.analysis.significance import CONFIDENCE, dissenters, smallest_found
from batchviz.analysis.top_up import TopUp, found_by
from batchviz.text.numbers import count, expected_duration, number, percent

GRADES = {
    Grade.CLEAR: "a clear difference",
    Grade.LIKELY: "likely a difference, not yet a clear one",
    Grade.TIED: "not distinguishable",
    Grade.OPEN: "not settled yet",
    Grade.TOO_FEW_SEEDS: "too few seeds to settle anything",
}
"""What stands behind an effect."""
SHORT = GRADES | {Grade.CLEAR: "clear", Grade.LIKELY: "likely", Grade.TOO_FEW_SEEDS: "too few seeds"}
"""In a cell of a table."""
MEANING = (
    "Clear: of a hundred equal pairs fewer than two are ever called so, however often one adds seeds and looks again. "
    "Likely: ten at most."
)
MAX_TOLD = math.log(100)
"""An interval that reaches beyond a hundredfold says no more than that nothing is ruled out."""


def effect(evidence: Evidence) -> str:
    """`4.31 times lower`, `3.2 % higher`, `2.5 points higher`, `equal`."""
    return "equal" if evidence.identical else _way(evidence.mean, evidence.scale)


def agreement(evidence: Evidence) -> str:
    """`10 of 10 seeds`, `one seed`."""
    return "one seed" if evidence.seeds == 1 else f"{evidence.agreeing} of {evidence.seeds} seeds"


def grade(evidence: Evidence) -> str:
    """The grade and its interval: `a clear difference (99 % interval: 2.9 to 6.2 times lower)`."""
    sure = percent(CONFIDENCE)
    if evidence.grade is Grade.TIED:
        ends = ((evidence.low, "lower"), (evidence.high, "higher"))
        beyond = [f"more than {_way(end, evidence.scale)}" if end else f"anything {way}" for end, way in ends]
        seeds = count(evidence.seeds, "seed")
        return f"not distinguishable with {seeds}; ruled out ({sure}) is {' or '.join(beyond)}"
    between = _interval(evidence)
    return f"{GRADES[evidence.grade]} ({sure} interval: {between})" if between else GRADES[evidence.grade]


def _interval(evidence: Evidence) -> str:
    """`1.2 to 15 times lower`, `1.9 % higher to 2 % lower`; empty where next to nothing is ruled out."""
    near, far = sorted((evidence.low, evidence.high), key=abs)
    if evidence.grade < Grade.LIKELY or (evidence.scale is Scale.RATIO and abs(far) > MAX_TOLD):
        return ""
    first, last = _way(near, evidence.scale), _way(far, evidence.scale)
    (number_alone, *unit), (_, *same) = first.split(" ", 1), last.split(" ", 1)
    return f"{number_alone if unit == same else first} to {last}"


def outlook(offer: TopUp, evidence: Evidence) -> str:
    """What the seeds at hand could have found, unless their grade says it, and what more of them would."""
    time = within(offer.seconds)
    more = f"{count(offer.more, 'more seed')} of each{time}{',' if time else ''}"
    would = f"{more} would find {_with_more(offer, evidence)}."
    return would if evidence.grade is Grade.TOO_FEW_SEEDS else f"{_at_hand(evidence)}; {would}"


def within(seconds: float) -> str:
    """`, within about 4 s`; empty where nothing tells how long it takes."""
    return f", within about {expected_duration(seconds)}" if seconds > 0 else ""


def _at_hand(evidence: Evidence) -> str:
    seeds = count(evidence.seeds, "seed")
    if _spread_known(evidence):
        return f"{seeds} find differences from about {_about(found_by(evidence.seeds, evidence), evidence.scale)} up"
    times = number(float(f"{smallest_found(evidence.seeds, evidence.pairs):.2g}"))
    return f"{seeds} find only differences that are {times} times the spread between seeds"


def _with_more(offer: TopUp, evidence: Evidence) -> str:
    if _spread_known(evidence):
        return f"those from about {_about(found_by(offer.seeds, evidence), evidence.scale)} up"
    if dissenters(offer.seeds, evidence.pairs) >= 0:
        return f"any difference that goes the same way with all {offer.seeds}"
    return f"those that are {number(float(f'{offer.finds:.2g}'))} times that spread"


def _spread_known(evidence: Evidence) -> bool:
    """Whether the spread is: of few seeds it may well be a third of the true one, or three times it."""
    return evidence.seeds >= RACE_SEEDS and evidence.spread > 0


def _way(value: float, scale: Scale) -> str:
    return f"{_size(value, scale)} {'lower' if value < 0 else 'higher'}" if value else "equal"


def _about(size: float, scale: Scale) -> str:
    """In two digits, as an expectation is no more exact than that."""
    if scale is not Scale.RATIO:
        return _size(float(f"{size:.2g}"), scale)
    factor = math.exp(size)
    return (
        _size(math.log1p(float(f"{factor - 1:.2g}")), scale)
        if factor < 2
        else f"{number(float(f'{factor:.2g}'))} times"
    )


def _size(value: float, scale: Scale) -> str:
    """How large, without the way it goes. A ratio near 1 is a percentage of the second."""
    if scale is Scale.SHARE:
        return count(float(f"{100 * abs(value):.3g}"), "point")
    if scale is Scale.DIFFERENCE:
        return number(abs(value))
    if abs(value) >= math.log(1.1):
        return f"{number(math.exp(abs(value)))} times"
    return f"{number(100 * abs(math.expm1(value)))} %"
