"""A run's curve, and replicates as their mean with a band from the lowest to the highest seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.budgets import Truncation, up_to
from batchviz.analysis.limits import MAX_BAND_POINTS
from batchviz.analysis.replicates import Group
from batchviz.analysis.units import positions
from batchviz.experiment.moments import JOINED
from batchviz.experiment.records import Run
from batchviz.experiment.series import Series


def exponential_average(values: NDArray[np.floating], weight: float) -> NDArray[np.float64]:
    """Exponential moving average with bias correction: the first value is kept as it is, not pulled towards zero.

    `weight` in [0, 1) is the share of the past; 0 returns the values. Values that are not finite are passed
    through and do not enter the average. The live chart's smoothing.js is the same definition.
    """
    smooth = values.astype(np.float64)
    finite = np.isfinite(smooth)
    if weight and finite.any():
        import pandas as pd  # here, because most curves are drawn as they are; scipy.signal takes 45 MB more

        smooth[finite] = pd.Series(smooth[finite]).ewm(alpha=1 - weight, adjust=True).mean()
    return smooth


Floats = NDArray[np.float64]


Gaps = tuple[tuple[float, float], ...]
"""Pairs of neighbouring x that no line joins. The live chart's joins.js has the same rule."""


@dataclass(frozen=True)
class Curve:
    """One run's measurements, x rising; what is not finite is left out."""

    run: Run
    x: Floats
    y: Floats
    gaps: Gaps = ()


@dataclass(frozen=True)
class Interval:
    """Over seeds, at each x: mean, lowest, highest, and how many seeds there are (one: they are equal)."""

    x: Floats
    mean: Floats
    low: Floats
    high: Floats
    seeds: NDArray[np.int64]
    gaps: Gaps = ()


def run_curve(
    run: Run,
    rows: Series,
    unit: str,
    metric: str,
    *,
    smoothing: float = 0.0,
    until: Truncation | None = None,
) -> Curve:
    """One run's `metric` over `unit`, smoothed row by row, up to the last measurement within the budget of `until`.

    Where the run was measured at the budget itself, that is the value which ranks it.
    """
    x, y = positions(run, rows, unit), exponential_average(rows[metric], smoothing)
    usable = np.isfinite(x) & np.isfinite(y)
    if until is not None:
        usable &= up_to(run, rows, until)
    x, y = x[usable], y[usable]
    return Curve(run, x, y, gaps=gaps(x, rows["updates"][usable].astype(np.float64)))


def gaps(x: Floats, updates: NDArray[np.floating]) -> Gaps:
    """Where the next measurement is not near in log; a history that does not tell its updates has a row an epoch."""
    made = np.where(np.isfinite(updates), updates, np.arange(len(updates)))
    far = np.flatnonzero(made[1:] > JOINED * np.maximum(made[:-1], 1))
    return tuple((float(x[i]), float(x[i + 1])) for i in far)


def seed_curves(
    group: Group,
    series: Mapping[str, Series],
    unit: str,
    metric: str,
    *,
    smoothing: float = 0.0,
    until: Truncation | None = None,
) -> list[Curve]:
    """The curve of every run that has one."""
    curves = [
        run_curve(run, series[run.id], unit, metric, smoothing=smoothing, until=until)
        for run in group.runs
        if run.id in series
    ]
    return [curve for curve in curves if len(curve.x)]


@dataclass(frozen=True)
class GroupCurves:
    """One group's curves, and their mean and band."""

    group: Group
    curves: tuple[Curve, ...]
    band: Interval


def band(curves: Sequence[Curve]) -> Interval:
    """Mean, lowest and highest of curves, at every x where one was measured.

    Seeds of one spec share their x for epochs, updates and examples. In seconds they do not, nor where one was
    stopped between epochs: there each is read off the straight line between its measurements, never beyond them, and
    not where there is no such line.
    """
    if not curves:
        nothing = np.empty(0)
        return Interval(nothing, nothing, nothing, nothing, np.empty(0, np.int64))
    grid = np.unique(np.concatenate([curve.x for curve in curves]))
    if len(grid) > MAX_BAND_POINTS:
        grid = grid[np.linspace(0, len(grid) - 1, MAX_BAND_POINTS).round().astype(int)]
    missing = float("nan")
    values = np.array([np.interp(grid, curve.x, curve.y, left=missing, right=missing) for curve in curves])
    for value, curve in zip(values, curves, strict=True):
        for before, after in curve.gaps:
            value[(grid > before) & (grid < after)] = missing
    # Each x was measured by one seed at least, so that no column is without a value.
    return Interval(
        grid,
        np.nanmean(values, axis=0),
        np.nanmin(values, axis=0),
        np.nanmax(values, axis=0),
        np.isfinite(values).sum(axis=0),
        tuple(sorted(set.intersection(*(set(curve.gaps) for curve in curves)))),
    )
