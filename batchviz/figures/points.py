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
    """Indices of at most `most` points; x rising, everything finite, above 0 for a logarithmic x-axis.

    The axis is cut into stretches of equal width on the screen, and each keeps its first, lowest, highest and last
    point (M4, Jugel et al. 2014): what is drawn differs by no pixel, and the extremes of the whole survive.
    """
    if len(x) <= most:
        return np.arange(len(x))
    places = np.log(x) if log else np.ascontiguousarray(x, np.float64)
    values = np.ascontiguousarray(y, np.float64)
    few = M4Downsampler().downsample(places, values, n_out=most // 4 * 4)  # type: ignore[no-untyped-call]
    return np.unique(few).astype(np.intp)
