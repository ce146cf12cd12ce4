"""RunSpec: one frozen value that is the form, the link, the database row and the worker's input.

Flat on purpose: one field is one widget, one query parameter and one command-line flag. A RunSpec that exists can
be trained: bounds are checked field by field here, and how the fields fit together by `plan.Plan`.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from batchviz.datasets import DATASETS
from batchviz.errors import SpecError
from batchviz.models import ACTIVATIONS, MODELS
from batchviz.optimizers import OPTIMIZERS
from batchviz.plan import Plan

VERSION = 1
"""Of the fields' meaning. Part of the hash; raised when an old spec would train differently."""

MAX_BATCH_SIZE = 100_000
BatchSize = Annotated[int, Field(ge=1, le=MAX_BATCH_SIZE)] | Literal["full"]
BUDGET_LIMITS = {"epochs": 10_000, "updates": 5_000_000, "examples": 100_000_000, "seconds": 600}
LEARNING_RATE_RULES = {"fixed": "Fixed", "linear": "Linear in batch size", "sqrt": "Square root of batch size"}


class RunSpec(BaseModel):
    """One run. The defaults are the source article's experiment."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    dataset: str = Field("random", title="Data", description="What the network learns from.")
    rows: int = Field(1000, ge=2, le=100_000, title="Rows", description="Examples in all, validation included.")
    noise: float = Field(0.1, ge=0, le=10, title="Noise", description="Standard deviation added to the targets.")
    data_seed: int = Field(0, ge=0, le=2**31 - 1, title="Data seed", description="Which draw of the data.")
    model: str = Field("mlp", title="Model", description="The kind of network.")
    hidden: tuple[Annotated[int, Field(ge=1, le=2048)], ...] = Field(
        (16,), max_length=6, title="Hidden widths", description="Units a hidden layer, for example 64, 32."
    )
    activation: str = Field("relu", title="Activation", description="Of the hidden layers.")
    dropout: float = Field(0.0, ge=0, le=0.9, title="Dropout", description="Share of hidden units silenced.")
    batch_norm: bool = Field(False, title="Batch normalisation", description="After every hidden layer.")
    optimizer: str = Field("adam", title="Optimiser", description="How a gradient becomes a step.")
    learning_rate: float = Field(
        0.001, ge=0, le=1000, title="Learning rate", description="Of one update at the base batch size."
    )
    momentum: float = Field(0.9, ge=0, lt=1, title="Momentum", description="Of SGD with momentum.")
    learning_rate_rule: str = Field(
        "fixed", title="Learning-rate rule", description="How the rate follows the batch size."
    )
    base_batch_size: int = Field(
        32, ge=1, le=MAX_BATCH_SIZE, title="Base batch size", description="Where the rule leaves the rate as it is."
    )
    batch_size: BatchSize = Field(32, title="Batch size", description="Examples in one gradient.")
    batch_schedule: tuple[tuple[Annotated[int, Field(ge=2, le=10_000)], BatchSize], ...] = Field(
        (), max_length=20, title="Batch schedule", description="Later batch sizes: from epoch, size."
    )
    accumulation: int = Field(
        1, ge=1, le=1024, title="Gradient accumulation", description="Micro-batches averaged into one update."
    )
    budget_unit: Literal["epochs", "updates", "examples", "seconds"] = Field(
        "epochs", title="Budget unit", description="What runs are given equally much of."
    )
    budget: float = Field(10, gt=0, title="Budget", description="How long to train, in the budget's unit.")
    validation_split: float = Field(
        0.2, ge=0, lt=1, title="Validation split", description="Share of the rows held out; the last ones, as in Keras."
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, title="Seed", description="Initial weights, order and dropout.")

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: Any) -> Any:
        """Defaults that depend on the data set and model; fields that mean nothing here take their default,
        so that equal experiments are equal values."""
        if not isinstance(given, Mapping):
            return given
        values = {name: value for name, value in given.items() if value is not None}
        data = DATASETS.get(str(values.get("dataset", "random")))
        model = MODELS.get(str(values.get("model", "mlp")))
        if data is not None:
            values.setdefault("rows", data.rows)
            if not data.noisy:
                values.pop("noise", None)
        if model is not None:
            values.setdefault("hidden", model.hidden)
        optimizer = OPTIMIZERS.get(str(values.get("optimizer", "adam")))
        if optimizer is not None and not optimizer.has_momentum:
            values.pop("momentum", None)
        if values.get("learning_rate_rule", "fixed") == "fixed":
            values.pop("base_batch_size", None)
        return values

    @field_validator("hidden", "batch_schedule", mode="before")
    @classmethod
    def _from_text(cls, value: Any, info: Any) -> Any:
        """Lists as people type them, in the form, the link and the command line: `64, 32` and `5:128, 8:full`."""
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        return parts if info.field_name == "hidden" else [[side.strip() for side in p.split(":")] for p in parts]

    @field_validator("dataset", "model", "activation", "optimizer", "learning_rate_rule")
    @classmethod
    def _known(cls, value: str, info: Any) -> str:
        names = choices(info.field_name)
        if value not in names:
            raise ValueError(f"expected one of {', '.join(names)}")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        data, model = DATASETS[self.dataset], MODELS[self.model]
        if self.rows > data.max_rows:
            raise SpecError(f"Rows: got {self.rows:,}; {data.title} has {data.max_rows:,} rows at most.")
        if model.needs_image and data.image is None:
            raise SpecError(f"Model: a convolutional network needs pictures, and {data.title} has none. Use digits.")
        if not model.needs_image and len(self.hidden) == 0 and self.dropout:
            raise SpecError("Dropout: there is no hidden layer to drop units from. Add one, or set dropout to 0.")
        if len(self.hidden) > model.max_depth or (model.needs_image and not self.hidden):
            raise SpecError(f"{model.hidden_title}: expected 1 to {model.max_depth} layers for this model.")
        limit = BUDGET_LIMITS[self.budget_unit]
        if self.budget > limit:
            raise SpecError(f"Budget: got {self.budget:g} {self.budget_unit}; expected at most {limit:,}.")
        if self.budget_unit != "seconds" and self.budget != int(self.budget):
            raise SpecError(f"Budget: got {self.budget:g} {self.budget_unit}; expected a whole number.")
        starts = [from_epoch for from_epoch, _ in self.batch_schedule]
        if starts != sorted(set(starts)):
            raise SpecError("Batch schedule: expected epochs in rising order, each once.")
        Plan.of(self)
        return self

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> RunSpec:
        """A spec from untrusted values. Raises SpecError naming every field that is wrong and what was expected."""
        try:
            return cls.model_validate(dict(given))
        except ValidationError as error:
            raise SpecError(_explain(error)) from None

    @functools.cached_property
    def hash(self) -> str:
        """sha256 of the version and every field, defaults included: a changed default must not alias old runs."""
        return _digest(self.model_dump(mode="json"))

    @functools.cached_property
    def group(self) -> str:
        """The hash without the seed: replicates of one experiment share it."""
        return _digest(self.model_dump(mode="json", exclude={"seed"}))

    @property
    def plan(self) -> Plan:
        """The arithmetic this spec implies."""
        return Plan.of(self)

    def but(self, **changes: Any) -> RunSpec:
        """The same spec with some fields changed, validated."""
        return RunSpec.parse({**self.model_dump(), **changes})


def as_text(value: Any) -> str:
    """A field's value as a person would type it; `RunSpec.parse` reads it back."""
    if isinstance(value, tuple):
        return ", ".join(":".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in value)
    return str(value)


def choices(field: str) -> tuple[str, ...]:
    """The values a field can take, in the order they are offered."""
    tables: dict[str, Any] = {
        "dataset": DATASETS,
        "model": MODELS,
        "activation": ACTIVATIONS,
        "optimizer": OPTIMIZERS,
        "learning_rate_rule": LEARNING_RATE_RULES,
        "budget_unit": BUDGET_LIMITS,
    }
    return tuple(tables[field])


def _digest(dump: Mapping[str, Any]) -> str:
    text = json.dumps(dump, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"batchviz spec {VERSION}\n{text}".encode()).hexdigest()


def _explain(error: ValidationError) -> str:
    sentences: dict[str, str] = {}
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else ""
        field = RunSpec.model_fields.get(name)
        if field is None:
            known = ", ".join(RunSpec.model_fields)
            sentences[name] = f"Unknown setting {name[:40]!r}; expected one of {known}."
            continue
        got = repr(problem["input"])
        sentences[name] = f"{field.title}: got {got[:60]}; expected {_expected(name, problem)}."
    return " ".join(sentences.values())


def _expected(name: str, problem: Any) -> str:
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"]).removeprefix("expected ")
    special = {
        "batch_size": f'a whole number from 1 to {MAX_BATCH_SIZE:,}, or "full"',
        "batch_schedule": 'pairs of an epoch from 2 on and a batch size, for example "5:128"',
        "hidden": 'up to 6 widths from 1 to 2,048, for example "64, 32"',
        "batch_norm": "true or false",
        "budget_unit": f"one of {', '.join(BUDGET_LIMITS)}",
    }
    if name in special:
        return special[name]
    field = RunSpec.model_fields[name]
    low, high = bounds(name)
    kind = "a whole number" if field.annotation is int else "a number"
    if low is None and high is None:
        return kind
    if high is None:
        return f"{kind} above {low:,}"
    below = any(getattr(rule, "lt", None) is not None for rule in field.metadata)
    return f"{kind} from {low:,} to {'below ' if below else ''}{high:,}"


def bounds(name: str) -> tuple[float | None, float | None]:
    """The least and greatest value of a field, None where there is none. Some are exclusive (split, momentum)."""
    low = high = None
    for rule in RunSpec.model_fields[name].metadata:
        low = getattr(rule, "ge", getattr(rule, "gt", None)) if low is None else low
        high = getattr(rule, "le", getattr(rule, "lt", None)) if high is None else high
    return low, high
