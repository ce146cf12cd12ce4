"""Gradient accumulation as arithmetic: which micro-batches make which update."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.schedule import Epoch


@dataclass(frozen=True)
class MicroBatches:
    """One epoch's batches grouped into updates of `accumulation` micro-batches; the last group may be smaller."""

    sizes: NDArray[np.int64]
    """Examples in each batch, in order."""
    accumulation: int

    @classmethod
    def of_epoch(cls, epoch: Epoch) -> MicroBatches:
        """Those of an epoch; the last batch may be partial."""
        sizes = np.full(epoch.batches, epoch.batch_size, np.int64)
        sizes[-1] = epoch.last_batch
        return cls(sizes, min(epoch.accumulation, epoch.batches))

    def boundary(self, batch: int) -> int:
        """The first end of an update at or after `batch`."""
        return min(math.ceil(batch / self.accumulation) * self.accumulation, len(self.sizes))

    def completed(self, batch: int) -> int:
        """The last end of an update at or before `batch`."""
        whole = batch // self.accumulation * self.accumulation
        return batch if batch == len(self.sizes) else whole

    def end_of_updates(self, first: int, updates: int) -> int:
        """The batch that follows `updates` more updates from batch `first`."""
        return min(first + updates * self.accumulation, len(self.sizes))

    def end_of_examples(self, first: int, examples: int) -> int:
        """The end of the update in which `examples` more examples are reached."""
        seen = np.cumsum(self.sizes[first:])
        return self.boundary(first + int(np.searchsorted(seen, examples)) + 1) if examples > 0 else first

    def columns(self, offset: int, length: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """For `length` batches from `offset`: each one's share of its update's examples, and whether it ends it.

        Zero and False past the epoch's end.
        """
        index = np.arange(len(self.sizes))
        totals = np.bincount(index // self.accumulation, weights=self.sizes)
        shares = np.zeros(length, np.float32)
        applies = np.zeros(length, np.bool_)
        part = slice(offset, min(offset + length, len(self.sizes)))
        count = part.stop - part.start
        shares[:count] = (self.sizes / totals[index // self.accumulation])[part]
        applies[:count] = (((index + 1) % self.accumulation == 0) | (index == len(self.sizes) - 1))[part]
        return shares, applies

    def merge(
        self, first: int, values: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
        """Values of the batches from `first` on made values of updates, by the mean over examples.

        Returns them, the examples in each update, and the position of each update's first batch.
        """
        sizes = self.sizes[first : first + len(values)]
        starts = np.arange(len(values))
        if self.accumulation == 1 or not len(values):
            return values, sizes, starts
        starts = np.flatnonzero((first + starts) % self.accumulation == 0)
        examples = np.add.reduceat(sizes, starts)
        means = np.add.reduceat(values * sizes[:, None], starts) / examples[:, None]
        return means.astype(np.float32), examples, starts
