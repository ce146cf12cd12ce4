"""Updates as the browser gets them: at most 8 192 buckets, each with mean, least and greatest value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from batchviz.records import Series

MOST = 8192
"""Ten times the pixels of a wide screen: nobody sees the difference, and a run of millions weighs 200 kB."""
MEASURED = ("loss", "metric")
_THINNERS: dict[str, Callable[..., NDArray[np.float32]]] = {"": np.mean, "_min": np.min, "_max": np.max}


def stride_for(updates: int) -> int:
    """Updates a bucket: the smallest power of two that leaves at most MOST buckets."""
    stride = 1
    while updates > stride * MOST:
        stride *= 2
    return stride


class Buckets:
    """Columns of whole buckets, growing at the end. Update k, counted from 0, is in bucket k // stride."""

    def __init__(self, stride: int) -> None:
        self.stride = stride
        self.updates = 0
        names = MEASURED if stride == 1 else tuple(name + suffix for name in MEASURED for suffix in _THINNERS)
        self.columns: dict[str, NDArray[np.float32]] = {name: np.empty(0, np.float32) for name in names}
        self._rest: Series = {name: np.empty(0, np.float32) for name in MEASURED}

    def __len__(self) -> int:
        return len(self.columns["loss"])

    def extend(self, series: Series, *, last: bool) -> None:
        """Add the updates that follow. Those short of a bucket wait for more, unless these are the `last`."""
        for name in MEASURED:
            self._rest[name] = np.concatenate([self._rest[name], series[name]])
        self.updates += len(series["loss"])
        waiting = len(self._rest["loss"])
        whole = waiting - waiting % self.stride
        self._add({name: values[:whole].reshape(-1, self.stride) for name, values in self._rest.items()})
        self._rest = {name: values[whole:] for name, values in self._rest.items()}
        if last and waiting > whole:
            self._add({name: values[None, :] for name, values in self._rest.items()})
            self._rest = {name: values[:0] for name, values in self._rest.items()}

    def _add(self, rows: dict[str, NDArray[np.float32]]) -> None:
        if not len(rows["loss"]):
            return
        with np.errstate(all="ignore"):  # a diverged run holds infinities
            for column, values in self.columns.items():
                name, _, suffix = column.partition("_")
                thin = _THINNERS["_" + suffix if suffix else ""]
                new = rows[name][:, 0] if self.stride == 1 else thin(rows[name], axis=1)
                finite = np.where(np.isfinite(new), new, np.float32(np.nan)).astype(np.float32)
                self.columns[column] = np.concatenate([values, finite])
