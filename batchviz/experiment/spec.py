"""RunSpec: one frozen value that is the form, the link, the database row and the worker's input.

Flat on purpose: one field is one widget, one query parameter and one command-line flag. A RunSpec that exists
can be trained: bounds are checked field by field, how the fields fit together after that, by the arithmetic of
`schedule`. What a spec amounts to is for `plan.plan_for` to say.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Hashable, Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from batchviz.errors import SpecError
from batchviz.experiment import constraints, datasets
from batchviz.experiment.constraints import BUDGET_LIMITS, LEARNING_RATE_RULES, BatchSize
from batchviz.experiment.limits import MAX_BATCH_SIZE, MAX_UPDATES
from batchviz.experiment.models import MODELS, Network
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.parsing import read_schedule, read_widths
from batchviz.experiment.schedule import BatchSchedule, split_at

__all__ = [
    "BUDGET_LIMITS",
    "GRAPH_FIELDS",
    "LEARNING_RATE_RULES",
    "MAX_BATCH_SIZE",
    "RUNTIME_FIELDS",
    "VERSION",
    "BatchSize",
    "RunSpec",
    "bounds",
    "choices",
]

VERSION = 1
"""Of the fields' meaning. Part of the hash; raised when an old spec would train differently."""

GRAPH_FIELDS = (
    "dataset", "model", "hidden", "activation", "dropout", "batch_norm", "optimizer", "momentum",
)  # fmt: skip
"""The fields that shape the compiled graph: runs that agree in them share a model and its loop."""

RUNTIME_FIELDS = (
    "rows", "noise", "data_seed", "validation_split", "seed",
    "learning_rate", "learning_rate_rule", "base_batch_size",
    "batch_size", "batch_schedule", "accumulation", "budget_unit", "budget",
)  # fmt: skip
"""All others: their values flow through a graph that is there. Of accumulation the graph knows whether it is on."""


class RunSpec(BaseModel):
    """One run. The defaults are the source article's experiment."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    dataset: str = Field(default="random", title="Data", description="What the network learns from.")
    rows: int = Field(
        default=1000, ge=2, le=100_000, title="Rows", description="Examples in all, validation included."
    )
    noise: float = Field(
        default=0.1, ge=0, le=10, title="Noise", description="Standard deviation added to the targets."
    )
    data_seed: int = Field(
        default=0, ge=0, le=2**31 - 1, title="Data seed", description="Which draw of the data."
    )
    model: str = Field(default="mlp", title="Model", description="The kind of network.")
    hidden: tuple[Annotated[int, Field(ge=1, le=2048)], ...] = Field(
        default=(16,),
        max_length=6,
        title="Hidden widths",
        description="Units a hidden layer, for example 64, 32.",
    )
    activation: str = Field(default="relu", title="Activation", description="Of the hidden layers.")
    dropout: float = Field(
        default=0.0, ge=0, le=0.9, title="Dropout", description="Share of hidden units silenced."
    )
    batch_norm: bool = Field(
        default=False, title="Batch normalisation", description="After every hidden layer."
    )
    optimizer: str = Field(default="adam", title="Optimiser", description="How a gradient becomes a step.")
    learning_rate: float = Field(
        default=0.001,
        ge=0,
        le=1000,
        title="Learning rate",
        description="Of one update at the base batch size.",
    )
    momentum: float = Field(default=0.9, ge=0, lt=1, title="Momentum", description="Of SGD with momentum.")
    learning_rate_rule: str = Field(
        default="fixed", title="Learning-rate rule", description="How the rate follows the batch size."
    )
    base_batch_size: int = Field(
        default=32,
        ge=1,
        le=MAX_BATCH_SIZE,
        title="Base batch size",
        description="Where the rule leaves the rate as it is.",
    )
    batch_size: BatchSize = Field(default=32, title="Batch size", description="Examples in one gradient.")
    batch_schedule: tuple[tuple[Annotated[int, Field(ge=2, le=10_000)], BatchSize], ...] = Field(
        default=(), max_length=20, title="Batch schedule", description="Later batch sizes: from epoch, size."
    )
    accumulation: int = Field(
        default=1,
        ge=1,
        le=1024,
        title="Gradient accumulation",
        description="Micro-batches averaged into one update.",
    )
    budget_unit: Literal["epochs", "updates", "examples", "seconds"] = Field(
        default="epochs", title="Budget unit", description="What runs are given equally much of."
    )
    budget: float = Field(
        default=10.0, gt=0, title="Budget", description="How long to train, in the budget's unit."
    )
    validation_split: float = Field(
        default=0.2,
        ge=0,
        lt=1,
        title="Validation split",
        description="Share of the rows held out: the last ones, as in Keras, of rows that were shuffled unless they "
        "are kept in order.",
    )
    seed: int = Field(
        default=0, ge=0, le=2**31 - 1, title="Seed", description="Initial weights, order and dropout."
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, values: Any) -> Any:
        """None is the default; the defaults of rows and hidden are those of the data set and the model."""
        if not isinstance(values, Mapping):
            return values
        values = {name: value for name, value in values.items() if value is not None}
        name = str(values.get("dataset", "random"))
        if datasets.exists(name):
            values.setdefault("rows", datasets.find(name).rows)
        if model := MODELS.get(str(values.get("model", "mlp"))):
            values.setdefault("hidden", model.hidden)
        return values

    @field_validator("*", mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, bool) and info.field_name != "batch_norm":
            raise ValueError("True is not 1 here")
        if isinstance(value, str) and info.field_name == "hidden":
            return read_widths(value)
        if isinstance(value, str) and info.field_name == "batch_schedule":
            return read_schedule(value)
        return value

    @field_validator("*")
    @classmethod
    def _check(cls, value: Any, info: ValidationInfo) -> Any:
        if not constraints.accepts_name(info.field_name or "", value):
            raise ValueError("unknown name")
        # Equal values must have equal text, or they would be two rows in the store: -0.0 becomes 0.0.
        return value + 0.0 if isinstance(value, float) else value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        data, model = datasets.find(self.dataset), MODELS[self.model]
        if self.rows > data.max_rows:
            most = f"{data.max_rows:,} of {data.title}"
            raise SpecError(f"Rows: got {self.rows:,}; expected at most the {most}.")
        if model.needs_image and data.image is None:
            raise SpecError(
                f"Model: a convolutional network needs pictures, and {data.title} has none. Use digits."
            )
        if len(self.hidden) > model.max_depth or (model.needs_image and not self.hidden):
            raise SpecError(f"{model.hidden_title}: expected 1 to {model.max_depth} layers for this model.")
        if not self.hidden and (self.dropout or self.batch_norm):
            title = "Dropout" if self.dropout else "Batch normalisation"
            raise SpecError(f"{title}: there is no hidden layer to put it after. Add one, or turn it off.")
        limit = BUDGET_LIMITS[self.budget_unit]
        if self.budget > limit:
            raise SpecError(f"Budget: got {self.budget:g} {self.budget_unit}; expected at most {limit:,}.")
        if self.budget_unit != "seconds" and self.budget != int(self.budget):
            raise SpecError(f"Budget: got {self.budget:g} {self.budget_unit}; expected a whole number.")
        starts = [from_epoch for from_epoch, _ in self.batch_schedule]
        if starts != sorted(set(starts)):
            raise SpecError("Batch schedule: expected epochs in rising order, each once.")
        for name in self._idle():
            # Past the freeze, because nobody has seen the value yet: equal experiments become equal values.
            self.__dict__[name] = RunSpec.model_fields[name].default
        self._check_split()
        totals = self.schedule.totals(self.budget_unit, self.budget)
        # What was trained elsewhere may have taken any number of updates: it is not trained here.
        if totals is not None and totals.updates > MAX_UPDATES and data.origin != "imported":
            raise SpecError(
                f"This run would take {totals.updates:,} updates; expected at most {MAX_UPDATES:,}. "
                "Choose a larger batch size or a smaller budget."
            )
        return self

    def _check_split(self) -> None:
        training_rows = split_at(self.rows, self.validation_split)
        share = f"Validation split: {self.validation_split:g} of {self.rows:,} rows leaves"
        if training_rows < 1:
            raise SpecError(
                f"{share} no training rows. Expected at least 1; choose a smaller split or more rows."
            )
        if self.validation_split > 0 and training_rows == self.rows:
            raise SpecError(
                f"{share} no validation rows. Expected at least 1, or a split of 0 to train without."
            )

    def _idle(self) -> Iterator[str]:
        """The fields that mean nothing beside the others."""
        if not datasets.find(self.dataset).noisy:
            yield "noise"
        if not OPTIMIZERS[self.optimizer].has_momentum:
            yield "momentum"
        if self.learning_rate_rule == "fixed":
            yield "base_batch_size"
        if not self.hidden:
            yield "activation"

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> RunSpec:
        """A spec from untrusted values, text included ("64, 32" for hidden, "5:128" for the schedule).

        Raises SpecError naming every field that is wrong and what was expected.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise SpecError(constraints.explain(error, cls.model_fields)) from None

    @functools.cached_property
    def hash(self) -> str:
        """sha256 of the version and every field, defaults included: a new default must not alias old runs."""
        return _digest(self.model_dump(mode="json"))

    @functools.cached_property
    def group(self) -> str:
        """The hash without the seed: replicates of one experiment share it."""
        return _digest(self.model_dump(mode="json", exclude={"seed"}))

    @property
    def schedule(self) -> BatchSchedule:
        """Batch size and learning rate of every epoch, over the rows that are trained on."""
        return BatchSchedule(
            rows=split_at(self.rows, self.validation_split),
            first=self.batch_size,
            changes=self.batch_schedule,
            accumulation=self.accumulation,
            learning_rate=self.learning_rate,
            rule=self.learning_rate_rule,
            base_batch_size=self.base_batch_size,
        )

    @property
    def network(self) -> Network:
        """What shapes its network."""
        data = datasets.find(self.dataset)
        return Network(
            self.model, data.inputs, data.outputs, self.hidden,
            self.activation, self.dropout, self.batch_norm, data.image,
        )  # fmt: skip

    def graph_key(self) -> tuple[Hashable, ...]:
        """Equal for specs that one compiled graph can train."""
        return (*(getattr(self, name) for name in GRAPH_FIELDS), self.accumulation > 1)

    def replace(self, **changes: Any) -> RunSpec:
        """The same spec with some fields changed, validated."""
        return RunSpec.parse({**self.model_dump(), **changes})


def choices(field: str) -> tuple[str, ...]:
    """The values a field can take, in the order they are offered."""
    return constraints.CHOICES[field]


def bounds(field: str) -> tuple[float | None, float | None]:
    """The least and greatest value of a field, None where there is none; that of `lt` is never reached."""
    return constraints.bounds(RunSpec.model_fields[field])


def _digest(dump: Mapping[str, Any]) -> str:
    text = json.dumps(dump, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"batchviz spec {VERSION}\n{text}".encode()).hexdigest()
