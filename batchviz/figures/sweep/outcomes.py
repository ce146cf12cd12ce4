"""Where the reported runs end: losses at equal budgets, the generalisation gap, and the largest stable rate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from batchviz.analysis.sweep.equal import Equal, Place
from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.figures.figure import PlotlyFigure
from batchviz.figures.sweep.over_batch_size import Behind, Line, Plane, Point, figure
from batchviz.text.numbers import quantity
from batchviz.text.sweep.sizes import loss_name


def equal(findings: SweepFindings, behind: Behind) -> PlotlyFigure:
    """After equally many examples, and after equally many updates: the same axes."""
    links = _links(findings, behind)
    planes = [
        Plane(heading, loss_name(findings), [Line("mean over seeds", _points(places, links))])
        for unit, outcome in (("examples", findings.equal_examples), ("updates", findings.equal_updates))
        for heading, places in (_equal(unit, outcome),)
    ]
    return figure(planes, same_axes=True)


def gap(findings: SweepFindings, behind: Behind) -> PlotlyFigure:
    """Validation minus training loss at the end."""
    links = _links(findings, behind)
    points = [
        Point(place.batch_size, math.nan if place.gap is None else place.gap, link=links[place.batch_size])
        for place in findings.ended
    ]
    return figure([Plane("Gap", "validation minus training loss", [Line("gap", points)], log=False)])


def stable(findings: SweepFindings) -> PlotlyFigure:
    """The largest rate without a diverged seed; the upright line reaches to the lowest at which one diverged."""
    points = [
        Point(each.batch_size, math.nan if each.stable is None else each.stable) for each in findings.stable
    ]
    upright = [
        (each.batch_size, each.stable, each.diverged)
        for each in findings.stable
        if each.stable is not None and each.diverged is not None
    ]
    return figure([Plane("Stable", "learning rate", [Line("no seed diverged", points)], segments=upright)])


def _equal(unit: str, outcome: Equal | None) -> tuple[str, Sequence[Place]]:
    return (
        (f"Equal {unit}", ())
        if outcome is None
        else (f"After {quantity(outcome.amount)} {unit}", outcome.places)
    )


def _points(places: Iterable[Place], links: Mapping[int, str]) -> list[Point]:
    points = []
    for place in places:
        by_seed = place.values.values() if len(place.values) > 1 else ()
        reach = min(by_seed, default=math.nan), max(by_seed, default=math.nan)
        points.append(Point(place.batch_size, place.mean, *reach, links[place.batch_size]))
    return points


def _links(findings: SweepFindings, behind: Behind) -> dict[int, str]:
    return {cell.batch_size: behind([run.run_id for run in cell.runs]) for cell in findings.reported}
