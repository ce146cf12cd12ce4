"""Fewer points where a picture cannot show more: only recorded ones, extremes kept."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from tsdownsample import M4Downsampler

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
    values = np.ascontiguousarray(y[drawn], np.float64)
    # The library's stretches: it panics where x spans less than the rounding of its numbers, so x goes from 0 to 1,
    # and where all is at one place (seconds may stand still) the points are counted instead.
    places = np.maximum.accumulate(places[drawn])
    width = places[-1] - places[0]
    across = ((places - places[0]) / width,) if 0 < width < np.inf else ()
    few = M4Downsampler().downsample(*across, values, n_out=most // 4 * 4)  # type: ignore[no-untyped-call]
    return np.asarray(drawn[np.unique(few)], np.intp)
