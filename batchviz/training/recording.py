"""What a training run recorded: Keras' history, every update, and the evaluations Keras does not make."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.records import Progress, Status


@dataclass
class Recording:
    """The result of `fit`; it grows while training runs, and `report` callbacks are handed it as it stands.

    `names` are the history keys of training, `loss` first. `epochs` holds one value an epoch ended (or cut
    short by the budget) for `updates`, `examples`, `seconds`, each name (Keras' running mean, taken before
    each update), each `train_<name>` (the training rows, or a sample of them, evaluated at the epoch's end)
    and, with validation rows, each `val_<name>` (NaN after epochs that `validation_freq` leaves out).
    """

    names: list[str]
    epochs: dict[str, list[float]]
    initial: dict[str, float]
    """`train_<name>` and `val_<name>` before the first update."""
    training_rows: int
    validation_rows: int
    training_rows_evaluated: int
    """Fewer than `training_rows` on a large model: then train_* come from a fixed random sample of that many."""
    history: dict[str, list[float]] = field(default_factory=dict)
    """That of Keras' `History.history`, keys in its order: running means, validation values, what callbacks add."""
    epoch: list[int] = field(default_factory=list)
    """That of Keras' `History.epoch`: the epochs of `history`, counted from 0."""
    measured: dict[str, list[float]] = field(default_factory=dict)
    """What was evaluated inside epochs, one value a measurement: `updates`, `examples`, `seconds`, train_*, val_*."""
    pieces: list[dict[str, NDArray[np.float32]]] = field(default_factory=list)
    """The updates as they came in: each piece has `loss`, the metrics, `batch_size` and `learning_rate`.

    Only those that `take_pieces` has not handed out.
    """
    progress: Progress = field(default_factory=Progress)
    status: Status = Status.RUNNING
    reason: str = ""
    setup_seconds: float = 0.0
    """Tracing and compiling."""
    evaluation_seconds: float = 0.0
    trained_together: int = 1
    """Runs that shared its computation; `progress.seconds` is then its share of theirs."""

    @property
    def updates(self) -> Mapping[str, NDArray[np.float32]]:
        """One value an update of `pieces`: loss, each metric, `batch_size`, `learning_rate`; float32 of one length."""
        columns = [*self.names, "batch_size", "learning_rate"]
        empty = [np.empty(0, np.float32)]
        return {name: np.concatenate([piece[name] for piece in self.pieces] or empty) for name in columns}

    def take_pieces(self) -> list[dict[str, NDArray[np.float32]]]:
        """What came in since the last call. It leaves the recording: millions of updates would fill its process."""
        taken, self.pieces = self.pieces, []
        return taken

    @property
    def train_loss(self) -> list[float]:
        """The true training loss at each epoch's end, in inference mode."""
        return list(self.epochs["train_loss"])

    @functools.cached_property
    def metric(self) -> str | None:
        """The first metric's name, if the model has one."""
        return self.names[1] if len(self.names) > 1 else None
