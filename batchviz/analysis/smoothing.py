"""Smoothing of curves that are drawn; numbers in tables and verdicts are never smoothed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


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
