"""Fewer points where a picture cannot show more: only recorded ones, extremes kept."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from batchviz.analysis.thinned import extremes

Floats = NDArray[np.float64]
MOST = 2000
"""Points of a curve: two a pixel on a wide screen."""


def kept(x: Floats, y: NDArray[Any], *, most: int = MOST, log: bool = False) -> NDArray[np.intp]:
    """Indices of at most `most` points; x never falling, above 0 for a logarithmic x-axis.

    The axis is cut into stretches of equal width on the screen, and each keeps its first, lowest, highest and last
    point (M4, Jugel et al. 2014): what is drawn differs by no pixel, and the extremes of the whole survive. Of more
    than `most` points, those that are not finite are left out: they are drawn nowhere.
    """
    if len(x) <= most:
        return np.arange(len(x))
    places = np.log(x) if log else np.asarray(x, np.float64)
    drawn = np.flatnonzero(np.isfinite(places) & np.isfinite(y))
    if not len(drawn):
        return drawn
    places = np.maximum.accumulate(places[drawn])
    share = (places - places[0]) / ((places[-1] - places[0]) or 1.0)  # seconds may stand still
    stretch = np.minimum((share * (most // 4)).astype(np.int64), most // 4 - 1)
    ends = np.flatnonzero(np.diff(stretch, prepend=-1)), np.flatnonzero(np.diff(stretch, append=most))
    few = np.unique(np.concatenate([*ends, extremes(np.asarray(y)[drawn], stretch)]))
    return np.asarray(drawn[few], np.intp)
