"""A long series in few of its recorded rows, so that whoever shows it holds, sends and draws a bounded number.

The first rows are kept whole. The others are cut into stretches of equal length, and each keeps its last row and, of
every measured column, its lowest and its highest: no value is made up, and no extreme is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tsdownsample import M4Downsampler

from batchviz.analysis.limits import MAX_BINS, MAX_DRAWN_POINTS, MAX_EPOCH_ROWS
from batchviz.experiment.series import SERIES, Series

HEAD = 0.25
"""The share of them that the first rows get, which are kept whole: a logarithmic axis gives them half of the screen."""


class DownsampledSeries:
    """A series that grows at its end; up to `most` rows, it is complete.

    `rows` has one column more than what is put in: `number`, the row's own, counted from 0. Rows already there stay as
    long as `stride`, the rows a stretch, does; it grows with the series, from what `expected` rows need on.
    """

    def __init__(self, columns: Sequence[str], expected: float = 0, most: int = MAX_EPOCH_ROWS) -> None:
        self.most, self.head = most, int(most * HEAD)
        self._measured = [name for name in columns if name in SERIES["epochs"].measures]
        self.recorded = 0
        self.stride = self._stride_for(expected)
        self.rows: Series = {name: np.empty(0, np.float32) for name in (*columns, "number")}
        self._waiting = self.rows

    @property
    def nbytes(self) -> int:
        """The size of what is held."""
        return sum(column.nbytes for rows in (self.rows, self._waiting) for column in rows.values())

    def extend(self, series: Series, *, last: bool) -> None:
        """Add the rows that follow. Those of an unfinished stretch wait for more, unless these are the `last`."""
        count = len(next(iter(series.values())))
        if not (count or last):
            return
        numbers = np.arange(self.recorded, self.recorded + count)
        self.recorded += count
        waiting = _join(self._waiting, {**series, "number": numbers.astype(np.float32)})
        if (stride := self._stride_for(self.recorded)) > self.stride:
            # Every extreme of a wider stretch is one of a stretch within it: nothing need be read again.
            self.stride, waiting = stride, _join(self.rows, waiting)
            self.rows = _taken(self.rows, slice(0))
        stretch = self._stretch(waiting["number"])
        whole = len(stretch) if last else int(np.searchsorted(stretch, self._stretch(self.recorded)))
        done = _taken(waiting, slice(whole))
        if self.stride > 1:
            done = _taken(done, self._kept(done, stretch[:whole]))
        self.rows = _join(self.rows, done)
        self._waiting = _taken(waiting, slice(whole, None))

    def _stride_for(self, rows: float) -> int:
        """The smallest power of two that leaves at most `most` rows."""
        stretches, stride = (self.most - self.head) // (1 + 2 * len(self._measured)), 1
        while rows > (self.most if stride == 1 else self.head + stretches * stride):
            stride *= 2
        return stride

    def _stretch(self, number: NDArray[np.float32] | int) -> NDArray[np.int64]:
        """The stretch that a row lies in; each of the first rows is one of its own."""
        number = np.asarray(number, np.int64)
        return np.where(number < self.head, number, self.head + (number - self.head) // self.stride)

    def _kept(self, rows: Series, stretch: NDArray[np.int64]) -> NDArray[np.intp]:
        """The rows to keep of whole stretches. What is not finite is no extreme, and is kept where it comes last."""
        last = np.flatnonzero(np.diff(stretch, append=np.iinfo(np.int64).max))
        return np.unique(np.concatenate([last, *(extremes(rows[name], stretch) for name in self._measured)]))


def extremes(values: NDArray[Any], stretch: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where each stretch has its lowest and where its highest value, the first of equals; `stretch` never falls."""
    if not len(stretch):
        return np.empty(0, np.intp)
    starts = np.flatnonzero(np.diff(stretch, prepend=-1))
    lengths = np.diff(starts, append=len(stretch))
    kept_rows = []
    for signed in (values, -values):
        usable = np.where(np.isfinite(signed), signed, np.inf)
        rows = np.flatnonzero(usable == np.repeat(np.minimum.reduceat(usable, starts), lengths))
        kept_rows.append(rows[np.diff(stretch[rows], prepend=-1) > 0])
    return np.concatenate(kept_rows)


def _join(first: Series, second: Series) -> Series:
    return {name: np.concatenate([column, second[name]]) for name, column in first.items()}


def _taken(rows: Series, which: slice | NDArray[np.intp]) -> Series:
    return {name: column[which] for name, column in rows.items()}


UPDATE_MEASURES = SERIES["updates"].measures
_THINNERS: dict[str, Callable[..., NDArray[np.float32]]] = {"": np.mean, "_min": np.min, "_max": np.max}
BIN_COLUMNS = tuple(name + suffix for name in UPDATE_MEASURES for suffix in _THINNERS)
"""Of a bucket of several updates: mean, lowest and highest."""


def stride_for(updates: int, most: int = MAX_BINS) -> int:
    """Updates a bucket: the smallest power of two that leaves at most so many buckets."""
    stride = 1
    while updates > stride * most:
        stride *= 2
    return stride


class Bins:
    """Columns of whole buckets, growing at the end. Update k, counted from 0, is in bucket k // stride."""

    def __init__(self, stride: int) -> None:
        self.stride = stride
        self.updates = 0
        names = UPDATE_MEASURES if stride == 1 else BIN_COLUMNS
        self.columns: dict[str, NDArray[np.float32]] = {name: np.empty(0, np.float32) for name in names}
        self._rest: Series = {name: np.empty(0, np.float32) for name in UPDATE_MEASURES}

    def __len__(self) -> int:
        return len(self.columns["loss"])

    @property
    def nbytes(self) -> int:
        """The size of what is held."""
        return sum(column.nbytes for rows in (self.columns, self._rest) for column in rows.values())

    def extend(self, series: Series, *, last: bool) -> None:
        """Add the updates that follow. Those short of a bucket wait for more, unless these are the `last`."""
        for name in UPDATE_MEASURES:
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


Floats = NDArray[np.float64]


def kept(x: Floats, y: NDArray[Any], *, most: int = MAX_DRAWN_POINTS, log: bool = False) -> NDArray[np.intp]:
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
