"""The batch size of each epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from batchviz.training.budget import whole

BatchSize = int | Literal["full"]


@dataclass(frozen=True)
class Sizes:
    """A first batch size and the later ones of a schedule: (from epoch, counted from 1; size)."""

    first: BatchSize
    schedule: tuple[tuple[int, BatchSize], ...]
    rows: int

    def __post_init__(self) -> None:
        for size in (self.first, *(size for _, size in self.schedule)):
            if size != "full":
                whole("batch_size", size, otherwise=', or "full"')
        for epoch, _ in self.schedule:
            whole("epoch of batch_schedule", epoch)

    def at(self, epoch: int) -> int:
        """Examples a batch in an epoch counted from 0, at most all rows."""
        size = self.first
        for from_epoch, later in self.schedule:
            size = later if epoch + 1 >= from_epoch else size
        return self.rows if size == "full" else min(int(size), self.rows)
