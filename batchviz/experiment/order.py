"""The order in which examples are visited: ours, so that it can be stated, drawn, repeated and fed to plain Keras.

Seeded Keras repeats the same order every epoch on the TensorFlow backend, which hides the noise of small
batches. Here epoch e visits `numpy.random.default_rng([seed, e]).permutation(rows)`, cut into batches; the
partial last batch is kept and gets a full update, as in Keras.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def order(rows: int, *, seed: int, epoch: int, shuffle: bool = True) -> NDArray[np.int32]:
    """The row numbers of one epoch, each once, in the order in which they are visited. Epochs count from 0."""
    if not shuffle:
        return np.arange(rows, dtype=np.int32)
    return np.random.default_rng([seed, epoch]).permutation(rows).astype(np.int32)
