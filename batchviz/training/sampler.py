"""The order in which examples are visited: ours, so that it can be stated, repeated and fed to plain Keras.

Seeded Keras repeats the same order every epoch on the TensorFlow backend, which hides the noise of small batches.
Here epoch e visits `numpy.random.default_rng([seed, e]).permutation(rows)`, cut into batches; the partial last
batch is kept and gets a full update, as in Keras.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def order(rows: int, *, seed: int, epoch: int, shuffle: bool = True) -> NDArray[np.int32]:
    """The row numbers of one epoch, each once, in the order in which they are visited."""
    if not shuffle:
        return np.arange(rows, dtype=np.int32)
    return np.random.default_rng([seed, epoch]).permutation(rows).astype(np.int32)


@dataclass(frozen=True)
class Batches:
    """One epoch cut into batches: `full` is (batches, batch size), `last` is (1, rows left), possibly (1, 0)."""

    full: NDArray[np.int32]
    last: NDArray[np.int32]

    @classmethod
    def cut(cls, visit: NDArray[np.int32], batch_size: int) -> Batches:
        """Consecutive batches of `batch_size` rows, in the order of `visit`."""
        whole = len(visit) // batch_size * batch_size
        return cls(visit[:whole].reshape(-1, batch_size), visit[whole:].reshape(1, -1))

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Examples in each batch, in order."""
        sizes = [self.full.shape[1]] * len(self.full) + ([self.last.shape[1]] if self.last.size else [])
        return np.array(sizes, dtype=np.int64)
