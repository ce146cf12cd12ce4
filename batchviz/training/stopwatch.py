"""Stopwatches: seconds an update in steady state, at one batch size, on one way of training.

Made for measuring again and again: what is needed once (tracing, compiling, a first call) is done by `prepare` and
left out; no rows are evaluated. The rows are drawn, because neither they nor their number change what an update takes,
and the learning rate is zero, so that no repeat starts elsewhere or ends in losses that are not finite.
"""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from batchviz.experiment import datasets, optimizers
from batchviz.experiment.spec import RunSpec
from batchviz.training import xla
from batchviz.training.accumulation import MicroBatches
from batchviz.training.loop import Loop
from batchviz.training.run import cached_model, objective, seeded_model
from batchviz.training.sampler import CAPACITY

ROWS = 1024
SLICE_SECONDS = 0.01
"""Of one repeat: long beside a call into TensorFlow, short enough to fall between what else the machine does."""
TABLE_EXAMPLES = 200_000
MIN_TABLE_UPDATES = 8
FIT_NUMBERS = 4_000_000
"""In the inputs of an epoch, at most."""
FIT_BATCHES = 35
"""In an epoch, where the inputs and the time allow it."""
FIT_SECONDS = 0.1
"""Of an epoch, at most, or of MIN_FIT_BATCHES."""
MIN_FIT_BATCHES = 7
FIT_SLICE = 2
"""Batches of one repeat: short, to fall between what else the machine does."""
STEADY_FROM = 2
"""Batches at the beginning of an epoch that are left out: it takes as long as ten or more of them."""


class Stopwatch(Protocol):
    """What a calibration reads."""

    ladder: tuple[int, ...]
    """The batch sizes that are measured, rising: as many as say what lies between them."""

    def prepare(self, batch_size: int) -> None:
        """Trace, compile and call once."""

    def repeats(self, batch_size: int) -> list[float]:
        """Seconds of an update, one mean over several updates for each repeat; after `prepare`."""


class Moment(NamedTuple):
    """A moment on the wall's clock and on the processor's, in seconds."""

    wall: float
    processor: float

    @classmethod
    def now(cls) -> Moment:
        """This moment."""
        return cls(time.perf_counter(), time.process_time())

    def seconds_from(self, earlier: Moment) -> float:
        """What this process took since then: the wall's seconds, without those in which another had its core.

        On several threads at once it works more seconds than pass, and those that pass count.
        """
        return min(self.wall - earlier.wall, self.processor - earlier.processor)


class LoopStopwatch:
    """The compiled loop, with XLA at every batch size or at none.

    Measured on one thread, XLA is at least as quick as the graph for dense networks of any size, and ten times
    slower where layers reuse their weights. Whether a run is long enough to be worth compiling plays no part: that
    would be another path for every batch size.
    """

    # XLA multiplies by another kernel at one example (matrix by vector), at a few (loops made for the shape) and at
    # more (a library's): t jumps, up to threefold, and at which of the sizes up to 4 depends on the network.
    ladder: tuple[int, ...] = (1, 2, 3, 4, 16, 64, 256, 1024)

    def __init__(self, spec: RunSpec) -> None:
        self._accumulation = spec.accumulation
        self._x, self._y = (tf.convert_to_tensor(values) for values in drawn(spec, ROWS))
        self._entry = cached_model(spec)
        self._entry.start_from(spec)
        with xla.fast_tracing(self._entry.model):
            if self._entry.loop is None:
                self._entry.loop = Loop(
                    self._entry.model, self._x, self._y, accumulates=self._accumulation > 1
                )
        self._loop: Loop = self._entry.loop
        self.compiled = not xla.reuses_weights(self._entry.model)
        self._calls: dict[int, tuple[Any, ...]] = {}
        self._seconds: dict[int, float] = {}

    def prepare(self, batch_size: int) -> None:
        """Trace and compile, and see how many updates make a slice."""
        updates = max(MIN_TABLE_UPDATES, min(CAPACITY, TABLE_EXAMPLES // batch_size) // self._accumulation)
        batches = updates * self._accumulation
        table = np.random.default_rng(0).integers(0, ROWS, (batches, batch_size)).astype(np.int32)
        micro_batches = MicroBatches(np.full(batches, batch_size), self._accumulation)
        columns = micro_batches.columns(0, batches) if self._accumulation > 1 else ()
        self._calls[batch_size] = (self._x, self._y, table, *columns)
        with xla.fast_tracing(self._entry.model):
            self._loop.prepare(*self._calls[batch_size], compiled=self.compiled)
        for stop in (1, 4):
            self._seconds[batch_size] = self._train(batch_size, stop)

    def repeats(self, batch_size: int) -> list[float]:
        """One, over a slice."""
        quickest = self._seconds[batch_size]
        seconds = self._train(batch_size, round(SLICE_SECONDS / quickest))
        # Of the quickest, or one hiccup would make the next slices too short.
        self._seconds[batch_size] = min(quickest, seconds)
        return [seconds]

    def _train(self, batch_size: int, updates: int) -> float:
        call = self._calls[batch_size]
        batches = min(max(1, updates) * self._accumulation, len(call[2]))
        with xla.fast_tracing(self._entry.model):  # as in a run; otherwise all is compiled once more
            begun = Moment.now()
            self._loop.train(*call, start=0, stop=batches, compiled=self.compiled)
            seconds = Moment.now().seconds_from(begun)
        return seconds / batches * self._accumulation


class FitStopwatch:
    """Keras' own `fit` as anybody calls it: from arrays, silent, without validation.

    With accumulation a repeat is batches, `accumulation` of which are an update. One short epoch a call: what comes
    before the first batch of a call, and of each further epoch, takes as long as a hundred batches.
    """

    ladder: tuple[int, ...] = (1, 16, 128, 1024)  # most of an update is the same at all of them

    def __init__(self, spec: RunSpec) -> None:
        self._accumulation = spec.accumulation
        self.model = seeded_model(spec)
        optimizer = optimizers.build(spec.optimizer, learning_rate=0.0, momentum=spec.momentum)
        if spec.accumulation > 1:
            optimizer.gradient_accumulation_steps = spec.accumulation
        self.model.compile(optimizer=optimizer, **objective(spec))
        least, most = MIN_FIT_BATCHES * self.ladder[-1], FIT_BATCHES * self.ladder[-1]
        self._x, self._y = drawn(spec, max(least, min(most, FIT_NUMBERS // spec.network.inputs)))
        self._batches: dict[int, int] = {}

    def prepare(self, batch_size: int) -> None:
        """A short epoch with its tracing."""
        self._batches[batch_size] = MIN_FIT_BATCHES
        self._epoch(batch_size)

    def repeats(self, batch_size: int) -> list[float]:
        """Slices of one epoch, which is one call."""
        seconds = self._epoch(batch_size)
        most = min(FIT_BATCHES, len(self._x) // batch_size, int(FIT_SECONDS / min(seconds)))
        self._batches[batch_size] = max(MIN_FIT_BATCHES, most)
        return [each * self._accumulation for each in seconds]

    def _epoch(self, batch_size: int) -> list[float]:
        """Seconds of a batch, one mean over each slice."""
        batches = self._batches[batch_size]
        marks = _Marks()
        x, y = self._x[: batches * batch_size], self._y[: batches * batch_size]
        self.model.fit(x, y, batch_size=batch_size, epochs=1, verbose=0, callbacks=[marks])
        slices = pairwise(marks.moments[STEADY_FROM::FIT_SLICE])
        return [end.seconds_from(begun) / FIT_SLICE for begun, end in slices]


def drawn(spec: RunSpec, rows: int) -> tuple[NDArray[np.float32], NDArray[Any]]:
    """Rows of the shapes and types that the network of a spec is trained on."""
    random, data = np.random.default_rng(0), datasets.find(spec.dataset)
    x = random.random((rows, data.inputs), np.float32)
    if data.task == "classification":
        return x, random.integers(0, data.outputs, rows, dtype=np.int32)
    return x, random.random((rows, data.outputs), np.float32)


class _Marks(keras.callbacks.Callback):  # type: ignore[misc]
    """When each batch began. With anything to do at a batch's end Keras would take another way from one to the next."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[Moment] = []

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.moments.append(Moment.now())
