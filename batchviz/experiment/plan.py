"""What a spec implies before anything runs: rows, updates, sizes, memory, learning rates.

Pure arithmetic, shared by the form (facts beside the sliders) and the worker, so that what is announced is what
happens. What is to be said about it stands here as data; its words are in `batchviz.text.plan`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from batchviz.experiment import datasets, models
from batchviz.experiment.floor import Floor, floor
from batchviz.experiment.limits import SAMPLE_ROWS, SAMPLE_WORK
from batchviz.experiment.models import Size
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.schedule import BatchSchedule, Epoch
from batchviz.experiment.spec import RunSpec

BYTES = 4  # float32


@dataclass(frozen=True)
class SplitRounding:
    """The split is computed in floating point, as in Keras, and leaves a row less than in decimals."""

    rows: int
    validation_split: float
    training_rows: int


@dataclass(frozen=True)
class OversizedBatch:
    """A batch size above the training rows: as in Keras, every batch holds them all. Epochs count from 0."""

    from_epoch: int
    batch_size: int
    training_rows: int


@dataclass(frozen=True)
class UnevenAccumulation:
    """The micro-batches of an epoch do not divide into full groups; the last update is smaller."""

    from_epoch: int
    batches: int
    accumulation: int
    batch_size: int
    last_update: int


Note = SplitRounding | OversizedBatch | UnevenAccumulation
"""Where a setting does not fit exactly: said, not refused, because Keras trains it too."""


@dataclass(frozen=True)
class Memory:
    """Bytes, by what holds them. A layer's output is kept once or twice: activations are a band."""

    parameters: int
    gradients: int
    slots: int
    activations_low: int
    activations_high: int

    @property
    def low(self) -> int:
        """The sum with the least that activations can take."""
        return self.parameters + self.gradients + self.slots + self.activations_low

    @property
    def high(self) -> int:
        """The sum with the most that activations can take."""
        return self.parameters + self.gradients + self.slots + self.activations_high


@dataclass(frozen=True)
class Plan:
    """The arithmetic of one spec. A budget in seconds leaves `epochs`, `updates` and `examples` None."""

    spec: RunSpec
    schedule: BatchSchedule
    training_rows: int
    validation_rows: int
    first: Epoch
    epochs: float | None
    updates: int | None
    examples: int | None
    size: Size
    memory: Memory
    notes: tuple[Note, ...]
    loss_name: str
    metric_name: str
    metric_higher_is_better: bool

    def epoch(self, number: int) -> Epoch:
        """The plan of one epoch, counted from 0."""
        return self.schedule.epoch(number)

    @property
    def floor(self) -> Floor | None:
        """How low a loss can get on the rows of this spec, where it is known."""
        spec = self.spec
        return floor(spec.dataset, spec.rows, spec.noise, spec.data_seed, spec.validation_split)

    @property
    def samples_training_rows(self) -> bool:
        """Whether the true training loss is that of a sample of the training rows."""
        weights = self.size.parameters + self.size.state
        return weights * self.training_rows > SAMPLE_WORK and self.training_rows > SAMPLE_ROWS


@functools.lru_cache(maxsize=512)
def plan_for(spec: RunSpec) -> Plan:
    """The plan of a spec. Kept: a comparison asks hundreds of times."""
    data, schedule = datasets.find(spec.dataset), spec.schedule
    stretches = schedule.stretches()
    totals = schedule.totals(spec.budget_unit, spec.budget)
    size = models.size(spec.network)
    classification = data.task == "classification"
    return Plan(
        spec=spec,
        schedule=schedule,
        training_rows=schedule.rows,
        validation_rows=spec.rows - schedule.rows,
        first=stretches[0],
        epochs=None if totals is None else totals.epochs,
        updates=None if totals is None else totals.updates,
        examples=None if totals is None else totals.examples,
        size=size,
        memory=memory(
            size,
            batch_size=max(stretch.batch_size for stretch in stretches),
            slots=OPTIMIZERS[spec.optimizer].slots + (spec.accumulation > 1),
        ),
        notes=tuple(_notes(spec, schedule, stretches)),
        loss_name="Cross-entropy" if classification else "MSE",
        metric_name="Accuracy" if classification else "MAE",
        metric_higher_is_better=classification,
    )


def memory(size: Size, *, batch_size: int, slots: int) -> Memory:
    """4 x (weights + gradients + slots) + 4 x batch size x layer outputs x (1 to 2).

    `slots` is how many numbers are kept for each parameter beside its weight and gradient.
    """
    activations = BYTES * batch_size * size.activations
    return Memory(
        parameters=BYTES * (size.parameters + size.state),
        gradients=BYTES * size.parameters,
        slots=BYTES * size.parameters * slots,
        activations_low=activations,
        activations_high=2 * activations,
    )


def _notes(spec: RunSpec, schedule: BatchSchedule, stretches: list[Epoch]) -> Iterator[Note]:
    rows = schedule.rows
    if rows != math.floor(spec.rows * (1 - Decimal(str(spec.validation_split)))):
        yield SplitRounding(spec.rows, spec.validation_split, rows)
    for stretch in stretches:
        requested = schedule.requested(stretch.number)
        if requested != "full" and requested > rows:
            yield OversizedBatch(stretch.number, requested, rows)
        if spec.accumulation > 1 and stretch.last_update != stretch.batch_size * spec.accumulation:
            yield UnevenAccumulation(
                stretch.number, stretch.batches, spec.accumulation, stretch.batch_size, stretch.last_update
            )
