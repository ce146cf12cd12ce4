"""One finding over each figure of a sweep: computed from what is drawn below it."""

from __future__ import annotations

import math

from batchviz.analysis.sweep.equal import Equal
from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.analysis.sweep.laws import CONFIDENCE, MAX_RESIDUAL, Distrust, Law, Laws
from batchviz.analysis.sweep.rates import Bracket
from batchviz.analysis.sweep.to_target import Arrival, ToTarget
from batchviz.text.numbers import (
    byte_size,
    count,
    expected_duration,
    form,
    listing,
    number,
    percent,
    quantity,
)
from batchviz.text.sweep.sizes import loss_name, rate, size_list, size_name

NOTHING_YET = "Nothing to see yet."
DISTRUST = {
    Distrust.TOO_FEW_SIZES: "too few batch sizes reached it",
    Distrust.ENDS_MISSING: "an end of the ladder did not reach it",
    Distrust.RATES_NOT_TUNED: "not every batch size had a learning rate of its own inside the grid",
    Distrust.RESIDUALS: f"a batch size lies more than {percent(MAX_RESIDUAL)} off the law",
    Distrust.NO_FLOOR: "updates still fall at the largest batch sizes",
    Distrust.NO_RISE: "updates hardly rise at the smallest batch sizes",
    Distrust.NO_CORNER: "the corner is too soft to tell from none",
}
"""Why a law is not believed, as the end of a sentence."""


def heat_map(findings: SweepFindings) -> str:
    """How the best rate follows the batch size."""
    best = [each for each in findings.best_rates if each.learning_rate is not None]
    if not best:
        return NOTHING_YET
    rates = [each.learning_rate or math.nan for each in best]
    if len(findings.spec.learning_rates) == 1:
        return f"One learning rate was tried: {rate(rates[0])}."
    diverged = sum(bool(cell.diverged) for cell in findings.cells)
    ran_away = f" In {count(diverged, 'cell')} the loss ran away." if diverged else ""
    if len(set(rates)) == 1:
        return f"The best learning rate is {rate(rates[0])} at every batch size.{ran_away}"
    first, last = (size_name(each.batch_size, findings) for each in (best[0], best[-1]))
    so_far = " so far" if any(each.bracket is Bracket.NOT_YET for each in best) else ""
    way = "rises" if rates == sorted(rates) else "falls" if rates == sorted(rates, reverse=True) else "goes"
    ends = f"from {rate(rates[0])} at {first} to {rate(rates[-1])} at {last}"
    return f"The best learning rate{so_far} {way} {ends}.{ran_away}"


def curves(findings: SweepFindings) -> str:
    """The same rate for all, beside each size's own: how far apart they end."""
    spread = {name: _spread(values) for name, values in _both(findings).items()}
    same, own = spread["same"], spread["own"]
    if same is None or own is None:
        return NOTHING_YET
    name, shared = loss_name(findings), rate(findings.same_rate[0].learning_rate)
    away = [cell.batch_size for cell in findings.same_rate if cell.diverged]
    without = f", {size_list(away)} left out" if away else ""
    return (
        f"At one learning rate, {shared}, the highest {name} is {number(same)} times the lowest{without}; "
        f"with each batch size at its own best rate, {number(own)} times."
    )


def steps_to_target(findings: SweepFindings, which: int) -> str:
    """Perfect scaling, and where it ends, for one of `findings.to_target`."""
    places = [place for place in findings.to_target[which] if place.updates]
    if len(places) < 2:
        return _missing(findings.to_target[which])
    first, last = places[0], places[-1]
    larger = last.batch_size / first.batch_size
    fewer = (first.updates or 0) / (last.updates or 1)
    times = f"{number(fewer)} times fewer" if fewer >= 1 else f"{number(1 / fewer)} times more"
    return (
        f"From {size_name(first.batch_size, findings)} to {size_name(last.batch_size, findings)} the batch is "
        f"{number(larger)} times larger and takes {times} updates to {number(first.target)}."
    )


def law(laws: Laws, findings: SweepFindings) -> str:
    """The critical batch size where the law holds; otherwise why none is told."""
    hyperbola = laws.hyperbola
    if hyperbola is None:
        return f"To {number(laws.target)}: too few batch sizes for a law."
    off = f"largest residual {percent(round(hyperbola.largest_residual, 3))}"
    if hyperbola.trusted:
        band = percent(CONFIDENCE)
        low, high, critical = (
            number(float(f"{bound:.2g}")) for bound in (*hyperbola.band, hyperbola.critical)
        )
        return (
            f"To {number(laws.target)}, B_crit is about {critical} ({band} band {low} to "
            f"{high}, {off}): well below it twice the batch takes half of the updates, well above it as many."
        )
    reasons = listing([DISTRUST[reason] for reason in hyperbola.distrust])
    return f"To {number(laws.target)}, no B_crit: {reasons} ({off}).{_corner(laws.corner)}"


def cost(findings: SweepFindings) -> str:
    """What an update takes, and how well the line tells it."""
    costs = findings.cost
    if costs is None:
        return "No clock of this network yet."
    a, b = costs.line.overhead, costs.line.per_example
    line = f"An update takes {_time(a)} and {_time(b)} for each example of its batch"
    if math.isnan(costs.error):
        return f"{line}."
    return (
        f"{line}; at a batch size left out of the fit this is {percent(round(costs.error, 2))} off at most."
    )


def memory(findings: SweepFindings) -> str:
    """The ledger's band beside measured peaks."""
    growth = findings.answer.fits.growth
    if growth is None:
        return NOTHING_YET
    by_ledger = f"By the ledger, an example more takes {byte_size(growth.low, growth.high)}"
    if not any(fit.peak for fit in findings.fits):
        return f"{by_ledger}."
    if growth.measured is None:
        return f"{by_ledger}; the measured peaks, which hold TensorFlow too, do not rise with the batch size."
    return f"{by_ledger}; measured peaks rise by {byte_size(growth.measured)}."


def equal(outcome: Equal | None, findings: SweepFindings) -> str:
    """Who leads after equally many examples, or updates; how sure that is stands in the answer."""
    places = [] if outcome is None else [place for place in outcome.places if place.values]
    if outcome is None or len(places) < 2:
        return NOTHING_YET
    best, worst = (pick(places, key=lambda place: place.mean) for pick in (min, max))
    without = [place.batch_size for place in outcome.places if not place.values]
    left_out = (
        f" {size_list(without)} {form(len(without), 'was', 'were')} not measured there." if without else ""
    )
    return (
        f"After {quantity(outcome.amount)} {outcome.unit}, {size_name(best.batch_size, findings)} has the lowest "
        f"{loss_name(findings)} ({number(best.mean)}) and {size_name(worst.batch_size, findings)} the highest "
        f"({number(worst.mean)}).{left_out}"
    )


def gap(findings: SweepFindings) -> str:
    """The generalisation gap at the ends of the ladder."""
    places = [place for place in findings.ended if place.gap is not None]
    if len(places) < 2:
        return NOTHING_YET
    ends = (
        f"{number(place.gap or 0)} at {size_name(place.batch_size, findings)}"
        for place in (places[0], places[-1])
    )
    return f"Validation minus training loss at the end: {listing(list(ends))}."


def stable(findings: SweepFindings) -> str:
    """The largest rate that each batch size bears."""
    bounded = [each for each in findings.stable if each.stable is not None and each.diverged is not None]
    if not bounded:
        diverged = any(each.diverged is not None for each in findings.stable)
        return (
            "At no batch size does the grid show where the loss runs away."
            if not diverged
            else ("At some batch sizes every rate tried runs away.")
        )
    ends = [bounded[0], bounded[-1]] if len(bounded) > 1 else bounded
    phrases = (f"{rate(each.stable or 0)} at {size_name(each.batch_size, findings)}" for each in ends)
    return f"The largest rate of the grid at which no seed ran away: {listing(list(phrases))}."


def _corner(corner: Law | None) -> str:
    if corner is None or {Distrust.RESIDUALS, Distrust.ENDS_MISSING, Distrust.TOO_FEW_SIZES} & set(
        corner.distrust
    ):
        return ""
    off = percent(round(corner.largest_residual, 3))
    return f" With a corner of p = {number(corner.power)} the largest residual is {off}."


def _missing(places: tuple[ToTarget, ...]) -> str:
    without = [place.batch_size for place in places if place.arrival is Arrival.NONE]
    if without:
        return f"{size_list(without)} did not reach {number(places[0].target)} within the budget."
    if not places or any(place.arrival is Arrival.WAITING for place in places):
        return NOTHING_YET
    return f"Fewer than two batch sizes tell when they reached {number(places[0].target)}."


def _both(findings: SweepFindings) -> dict[str, list[float]]:
    """Final losses at one rate and at each size's own; of sizes at which no seed diverged."""
    rows = {"same": findings.same_rate, "own": findings.reported}
    return {name: [cell.mean for cell in row if cell.sound] for name, row in rows.items()}


def _spread(values: list[float]) -> float | None:
    return max(values) / min(values) if len(values) > 1 and min(values) > 0 else None


def _time(seconds: float) -> str:
    if seconds >= 1e-3:
        return expected_duration(seconds)
    for unit, length in (("µs", 1e-6), ("ns", 1e-9)):
        if seconds >= length:
            return f"{number(float(f'{seconds / length:.2g}'))} {unit}"
    return "less than 1 ns" if seconds else "0 s"


__all__ = [
    "cost", "curves", "equal", "gap", "heat_map", "law", "memory", "stable", "steps_to_target",
]  # fmt: skip
