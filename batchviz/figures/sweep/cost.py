"""What a batch size costs here: seconds an update and examples a second on the clock, and memory."""

from __future__ import annotations

import math

from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.figures.figure import PlotlyFigure
from batchviz.figures.sweep.over_batch_size import Line, Plane, Point, figure, time_unit


def cost(findings: SweepFindings) -> PlotlyFigure:
    """The clock's own points beside its line a + b B, and the throughput; empty planes without a clock."""
    costs = findings.cost
    if costs is None:
        return figure(
            [Plane("Seconds an update", "seconds", []), Plane("Examples a second", "examples a second", [])]
        )
    each, unit = time_unit(costs.measured.values())
    measured = [Point(size, each * seconds) for size, seconds in sorted(costs.measured.items())]
    fitted = [
        Point(size, each * costs.line.seconds(size)) for size in sorted({*costs.measured, *findings.sizes})
    ]
    throughput = [Point(size, *rates) for size, rates in sorted(costs.throughput.items())]
    return figure(
        [
            Plane(
                f"{unit.capitalize()} an update",
                unit,
                [Line("a + b B", fitted, marks=False, dash="dash"), Line("measured", measured)],
            ),
            Plane("Examples a second", "examples a second", [Line("measured", throughput)]),
        ]
    )


def memory(findings: SweepFindings) -> PlotlyFigure:
    """The ledger's band, and the peaks of the workers, which hold TensorFlow too."""
    ledger = [Point(fit.batch_size, fit.high / 1e6) for fit in findings.fits]
    least = [Point(fit.batch_size, fit.low / 1e6) for fit in findings.fits]
    peaks = [
        Point(fit.batch_size, math.nan if fit.peak is None else fit.peak / 1e6, beyond=fit.failed)
        for fit in findings.fits
    ]
    lines = [
        Line("ledger, at least", least, marks=False, dash="dot"),
        Line("ledger, at most", ledger, marks=False, dash="dash"),
    ]
    if any(math.isfinite(peak.y) or peak.beyond for peak in peaks):
        lines.append(Line("worker's peak", peaks))
    return figure([Plane("Memory", "MB", lines)])
