"""Updates, examples and seconds to a target over the batch size, with the law where one was fitted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.analysis.sweep.laws import Law
from batchviz.analysis.sweep.machine import Elsewhere
from batchviz.analysis.sweep.to_target import Arrival, ToTarget
from batchviz.figures.figure import PlotlyFigure
from batchviz.figures.sweep.over_batch_size import Behind, Line, Plane, Point, figure, time_unit
from batchviz.text.numbers import number

Value = Callable[[ToTarget, float | None], float]
"""What a plane shows of so many updates of a batch size."""


def to_target(
    findings: SweepFindings, which: int, behind: Behind, elsewhere: Elsewhere | None = None
) -> PlotlyFigure:
    """For one of `findings.to_target`; the other targets are pale. Seconds are left out without a clock.

    With another machine the seconds are that one's, and pale beside them those of this one.
    """
    planes = [
        Plane("Updates", "updates", list(_lines(findings, which, _updates, behind))),
        Plane("Examples", "examples", list(_lines(findings, which, _examples, behind))),
    ]
    if elsewhere is not None:
        planes.append(_on_another_machine(findings, which, elsewhere, behind))
    elif any(place.seconds is not None for place in findings.to_target[which]):
        every = [_seconds(place, place.updates) for places in findings.to_target for place in places]
        each, unit = time_unit(every)

        def time(place: ToTarget, updates: float | None) -> float:
            return each * _seconds(place, updates)

        planes.append(
            Plane(f"{unit.capitalize()} on the clock", unit, list(_lines(findings, which, time, behind)))
        )
    return figure(planes)


def _on_another_machine(findings: SweepFindings, which: int, elsewhere: Elsewhere, behind: Behind) -> Plane:
    there, here = elsewhere.to_target[which], findings.to_target[which]
    each, unit = time_unit([_seconds(place, place.updates) for place in (*there, *here)])

    def time(place: ToTarget, updates: float | None) -> float:
        return each * _seconds(place, updates)

    lines = []
    if any(place.seconds is not None for place in here):
        ghost = [Point(place.batch_size, time(place, place.updates)) for place in here]
        lines.append(Line("here", ghost, marks=False, pale=True))
    lines.append(Line("there", [_point(place, time, behind) for place in there]))
    return Plane(f"{unit.capitalize()} on that machine", unit, lines)


def _lines(findings: SweepFindings, which: int, value: Value, behind: Behind) -> Iterator[Line]:
    for i, places in enumerate(findings.to_target):
        if i != which and any(place.updates for place in places):
            points = [Point(place.batch_size, value(place, place.updates)) for place in places]
            yield Line(f"to {number(places[0].target)}", points, marks=False, pale=True)
    places = findings.to_target[which]
    if value is _updates:
        yield from _theory(findings, which)
    if places:
        yield Line(f"to {number(places[0].target)}", [_point(place, value, behind) for place in places])


def _point(place: ToTarget, value: Value, behind: Behind) -> Point:
    y = value(place, place.updates)
    low, high = value(place, place.low), value(place, place.high)
    if len(place.seeds) < 2:
        low = high = math.nan
    link = behind([seed.run_id for seed in place.seeds]) if place.seeds else ""
    late = math.isnan(y) and place.arrival in (Arrival.NONE, Arrival.SOME)
    return Point(place.batch_size, y, low, high, link, beyond=late)


def _theory(findings: SweepFindings, which: int) -> Iterator[Line]:
    """Perfect scaling from the smallest batch size, and both laws."""
    places = [place for place in findings.to_target[which] if place.updates]
    if not places:
        return
    sizes, laws = [place.batch_size for place in places], findings.laws[which]
    work = (places[0].updates or 0.0) * places[0].batch_size
    perfect = [Point(size, work / size) for size in sizes]
    yield Line("perfect scaling", perfect, marks=False, dash="dot", theory=True)
    if laws.hyperbola is not None:
        yield Line("S (1 + B_crit / B)", _along(laws.hyperbola, sizes), marks=False, dash="dash", theory=True)
    if laws.corner is not None:
        name = f"corner p = {number(laws.corner.power)}"
        yield Line(name, _along(laws.corner, sizes), marks=False, dash="dashdot", pale=True, theory=True)


def _along(law: Law, sizes: Sequence[int]) -> list[Point]:
    """The law at the sizes and between them, so that it is a curve."""
    between = np.unique(np.rint(np.geomspace(sizes[0], sizes[-1], 33)).astype(int))
    return [Point(int(size), law.updates(float(size))) for size in sorted({*between.tolist(), *sizes})]


def _updates(_: ToTarget, updates: float | None) -> float:
    return math.nan if updates is None else updates


def _examples(place: ToTarget, updates: float | None) -> float:
    return math.nan if updates is None else updates * place.batch_size


def _seconds(place: ToTarget, updates: float | None) -> float:
    """Seeds of one size take the same time an update."""
    if updates is None or not place.updates or place.seconds is None:
        return math.nan
    return place.seconds * updates / place.updates
