"""SweepSpec: batch sizes x learning rates x seeds under one budget, as a frozen value that says which runs these are.

A cell is one batch size at one learning rate; each of its seeds is an ordinary run. Which rate is a batch size's best
is chosen on the first seeds; what is reported was trained on others, at the chosen rates, because the least of several
means looks better than it is. With one rate there is nothing to choose, and the first seeds are reported.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

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
from batchviz.experiment.clock import Clock
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.limits import (
    MAX_SWEEP_RUNS,
    MAX_SWEEP_SEEDS,
    MAX_SWEEP_TARGETS,
    MAX_SWEEP_UPDATES,
    MAX_SWEEP_VALUES,
)
from batchviz.experiment.parsing import read_budget, read_list
from batchviz.experiment.plan import plan_for
from batchviz.experiment.schedule import size_in_examples, split_at
from batchviz.experiment.spec import RunSpec

VERSION = 1
"""Of the fields' meaning, as that of a run."""
VARIED = ("batch_size", "learning_rate")
"""The fields of a run that a sweep sets itself."""
BASE_FIELDS = tuple(
    name for name in RunSpec.model_fields if name not in (*VARIED, "batch_schedule", "budget", "budget_unit")
)
"""Those that stand beside the sweep's own in a form, a link and on the command line; the budget is one of its units."""
DEFAULT_FACTORS = (0.1, 0.3, 1.0, 3.0, 10.0)
"""Times the base's learning rate: the grid where none is given."""
LADDER_STEP = 4
"""From one batch size to the next where none are given."""

Cell = tuple[BatchSize, float]
"""A batch size as it was asked for, and a learning rate."""


class SweepSpec(BaseModel):
    """One sweep. A SweepSpec that exists can be trained: every one of its runs is checked."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    base: RunSpec = Field(
        title="Set-up",
        description="All that does not vary. Its seed is the first; its batch size and rate are the first of the grid.",
    )
    batch_sizes: tuple[BatchSize, ...] = Field(
        min_length=1,
        max_length=MAX_SWEEP_VALUES,
        title="Batch sizes",
        description="Each is trained at every learning rate.",
    )
    learning_rates: tuple[Annotated[float, Field(gt=0, le=1000)], ...] = Field(
        min_length=1,
        max_length=MAX_SWEEP_VALUES,
        title="Learning rates",
        description="Tried at every batch size; with the linear or square-root rule a single one, at the base size.",
    )
    seeds: int = Field(
        default=3,
        ge=1,
        le=MAX_SWEEP_SEEDS,
        title="Seeds",
        description="That choose the rate of a batch size.",
    )
    report_seeds: int = Field(
        default=3,
        ge=1,
        le=MAX_SWEEP_SEEDS,
        title="Report seeds",
        description="Trained after those at the chosen rates; the results are theirs. Not used with one rate.",
    )
    targets: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(),
        max_length=MAX_SWEEP_TARGETS,
        title="Targets",
        description="Validation losses to reach; none are proposed from the first run.",
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, values: Any) -> Any:
        """None is the default; those of the grid follow from the base."""
        if not isinstance(values, Mapping):
            return values
        values = {name: value for name, value in values.items() if value is not None}
        if isinstance(base := values.get("base"), RunSpec):
            values.setdefault("batch_sizes", default_batch_sizes(base))
            values.setdefault("learning_rates", default_learning_rates(base))
        return values

    @field_validator("batch_sizes", "learning_rates", "targets", mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        pieces = read_list(value) if isinstance(value, str) else value
        if isinstance(pieces, int | float) and not isinstance(pieces, bool):
            return (pieces,)
        return pieces

    @field_validator("*", mode="before")
    @classmethod
    def _no_flags(cls, value: Any) -> Any:
        each = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(piece, bool) for piece in each):
            raise ValueError("True is not 1 here")
        return value

    @field_validator("batch_sizes", "learning_rates", "targets")
    @classmethod
    def _rising(cls, value: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        """Equal sweeps are equal values, in whatever order they were written."""
        rising = tuple(sorted(value, key=lambda each: float("inf") if each == "full" else each))
        twice = [each for each, later in itertools.pairwise(rising) if each == later]
        if twice:
            title = cls.model_fields[str(info.field_name)].title
            raise SpecError(f"{title}: {twice[0]} stands there twice; expected each once.")
        return rising[::-1] if info.field_name == "targets" else rising

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        base = self.base
        if datasets.find(base.dataset).origin == "imported":
            raise SpecError("Data: these were trained on elsewhere. Choose data that are here.")
        if base.batch_schedule:
            raise SpecError(
                "Batch schedule: a sweep trains each run at one batch size. Leave the schedule out."
            )
        if base.budget_unit == "seconds":
            raise SpecError(
                "Budget: a sweep gives every run equally many epochs, updates or examples. "
                "Seconds follow from the machine; choose another unit."
            )
        if base.validation_split == 0:
            raise SpecError(
                "Validation split: a sweep compares validation losses. Expected a share above 0, for example 0.2."
            )
        if base.learning_rate_rule != "fixed" and len(self.learning_rates) > 1:
            raise SpecError(
                f"Learning rates: got {len(self.learning_rates)} with the rule {base.learning_rate_rule}, by which the "
                "rate follows the batch size. Expected a single one, or the rule fixed."
            )
        self._check_sizes()
        self._check_extent()
        # Past the freeze, because nobody has seen the value yet: equal sweeps become equal values.
        self.__dict__["base"] = self._run(self.batch_sizes[0], self.learning_rates[0], base.seed)
        if not self.selects:
            self.__dict__["report_seeds"] = type(self).model_fields["report_seeds"].default
        return self

    def _check_sizes(self) -> None:
        rows = self.training_rows
        for size in self.batch_sizes:
            if size != "full" and size > rows:
                raise SpecError(
                    f"Batch sizes: {size:,} is more than the {rows:,} training rows. Expected at most {rows:,}; "
                    '"full" is all of them.'
                )
        if {rows, "full"} <= set(self.batch_sizes):
            raise SpecError(f"Batch sizes: {rows:,} and full are the same here. Expected each once.")

    def _check_extent(self) -> None:
        runs = self.count_runs()
        if runs > MAX_SWEEP_RUNS:
            raise SpecError(
                f"The sweep would be {runs:,} runs: {self.extent}. Expected at most {MAX_SWEEP_RUNS:,}; leave out "
                "batch sizes, rates or seeds."
            )
        last = self.base.seed + self.seeds + (self.report_seeds if self.selects else 0) - 1
        if last > 2**31 - 1:
            raise SpecError(f"Seed: the last of the sweep would be {last:,}; expected at most {2**31 - 1:,}.")
        for size in self.batch_sizes:
            try:
                self._run(size, self.learning_rates[0], self.base.seed)
            except SpecError as error:
                raise SpecError(f"Batch size {size}: {error}") from None
        if self.updates > MAX_SWEEP_UPDATES:
            raise SpecError(
                f"The sweep would take {self.updates:,} updates in {runs:,} runs; expected at most "
                f"{MAX_SWEEP_UPDATES:,}. Leave out the smallest batch sizes, or choose a smaller budget."
            )

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> SweepSpec:
        """A sweep from untrusted values side by side: its own fields, and those of its base ("epochs=5" for a budget).

        `learning_rate` is the rate around which a grid is laid where no `learning_rates` are given. Raises SpecError
        naming every field that is wrong and what was expected.
        """
        sweep_fields = {
            name: value for name, value in values.items() if name in cls.model_fields and name != "base"
        }
        base_fields = {name: value for name, value in values.items() if name not in cls.model_fields}
        if base_fields.get("batch_size") is not None:
            raise SpecError('Unknown setting batch_size; expected batch_sizes, for example "1, 8, 32, full".')
        base, settings = values.get("base"), read_budget(base_fields)
        spec = base.replace(**settings) if isinstance(base, RunSpec) else RunSpec.parse(settings)
        try:
            return cls.model_validate({"base": spec, **sweep_fields})
        except ValidationError as error:
            raise SpecError(constraints.explain(error, cls.model_fields)) from None

    def replace(self, **changes: Any) -> SweepSpec:
        """The same sweep with some fields changed, validated. Fields of its base may stand among them."""
        current = {name: getattr(self, name) for name in type(self).model_fields}
        return SweepSpec.parse(current | changes)

    @functools.cached_property
    def hash(self) -> str:
        """sha256 of the version and every field, defaults included."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"batchviz sweep {VERSION}\n{text}".encode()).hexdigest()

    @property
    def selects(self) -> bool:
        """Whether rates are chosen: there is more than one."""
        return len(self.learning_rates) > 1

    @property
    def training_rows(self) -> int:
        """What "full" is, in examples."""
        return split_at(self.base.rows, self.base.validation_split)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every batch size at every rate, by batch size and then by rate."""
        return tuple((size, rate) for size in self.batch_sizes for rate in self.learning_rates)

    @property
    def selection_seeds(self) -> tuple[int, ...]:
        """That choose the rates."""
        return tuple(range(self.base.seed, self.base.seed + self.seeds))

    @property
    def reported_seeds(self) -> tuple[int, ...]:
        """That the results are of: fresh ones where rates are chosen."""
        if not self.selects:
            return self.selection_seeds
        first = self.base.seed + self.seeds
        return tuple(range(first, first + self.report_seeds))

    @functools.cached_property
    def pilot(self) -> RunSpec:
        """The run that tells what losses can be reached: a middle batch size at a middle rate, the first seed."""
        size = self.batch_sizes[(len(self.batch_sizes) - 1) // 2]
        rate = self.learning_rates[len(self.learning_rates) // 2]
        return self._run(size, rate, self.base.seed)

    @functools.cached_property
    def selection_specs(self) -> tuple[RunSpec, ...]:
        """The runs of all cells: the pilot, then one seed of every cell before the second, cheap cells first."""
        runs = (
            self._run(size, rate, seed)
            for seed in self.selection_seeds
            for size in self._cheap_first
            for rate in self.learning_rates
        )
        return tuple(dict.fromkeys([self.pilot, *runs]))

    def report_specs(self, chosen: Mapping[BatchSize, float]) -> tuple[RunSpec, ...]:
        """The runs at the chosen rates, cheap ones first. A size without a rate, all of whose cells diverged, has none.

        Empty where there was nothing to choose.
        """
        if not self.selects:
            return ()
        return tuple(
            self._run(size, chosen[size], seed)
            for seed in self.reported_seeds
            for size in self._cheap_first
            if size in chosen
        )

    def cell(self, run: RunSpec) -> Cell:
        """The cell that a run of this sweep belongs to."""
        return run.batch_size, run.learning_rate

    def examples(self, size: BatchSize) -> int:
        """A batch size in examples."""
        return size_in_examples(size, self.training_rows)

    def count_runs(self) -> int:
        """Of all cells and seeds, those at chosen rates included."""
        per_size = len(self.learning_rates) * self.seeds + (self.report_seeds if self.selects else 0)
        return len(self.batch_sizes) * per_size

    @property
    def extent(self) -> str:
        """How the number of runs comes about, as `11 batch sizes x 8 rates x 3 seeds, and 3 more at the best rates`."""
        sizes, rates = len(self.batch_sizes), len(self.learning_rates)
        more = f", and {self.report_seeds} more at each size's best rate" if self.selects else ""
        return f"{sizes} batch sizes x {rates} learning rates x {self.seeds} seeds{more}"

    @functools.cached_property
    def updates(self) -> int:
        """Of all runs."""
        return sum(self._runs_of_a_size * self._updates(size) for size in self.batch_sizes)

    def seconds(self, clock: Clock) -> float:
        """Of training all runs one after another, by the clock of its network; evaluation is left out."""
        times = (
            self._updates(size) * clock.seconds_per_update(plan_for(self._first(size)).first.batch_size)
            for size in self.batch_sizes
        )
        return self._runs_of_a_size * sum(times)

    @property
    def _runs_of_a_size(self) -> int:
        return self.count_runs() // len(self.batch_sizes)

    @property
    def _cheap_first(self) -> list[BatchSize]:
        """At equal epochs the large batches, at equal updates the small ones."""
        plans = {size: plan_for(self._first(size)) for size in self.batch_sizes}
        return sorted(self.batch_sizes, key=lambda size: (plans[size].updates, plans[size].examples))

    def _updates(self, size: BatchSize) -> int:
        updates = plan_for(self._first(size)).updates
        assert updates is not None, "a sweep's budget is not in seconds"
        return updates

    def _first(self, size: BatchSize) -> RunSpec:
        return self._run(size, self.learning_rates[0], self.base.seed)

    def _run(self, size: BatchSize, rate: float, seed: int) -> RunSpec:
        return self.base.replace(batch_size=size, learning_rate=rate, seed=seed)


def default_batch_sizes(base: RunSpec) -> tuple[BatchSize, ...]:
    """1, 4, 16 ... below the training rows, and all of them."""
    rows = split_at(base.rows, base.validation_split)
    sizes: list[BatchSize] = []
    size = 1
    while size < rows and len(sizes) < MAX_SWEEP_VALUES - 1:
        sizes.append(size)
        size *= LADDER_STEP
    return (*sizes, "full")


def default_learning_rates(base: RunSpec) -> tuple[float, ...]:
    """Two decades around the base's rate; that rate alone where it follows the batch size by a rule."""
    if base.learning_rate_rule != "fixed":
        return (base.learning_rate,)
    rates: Iterable[float] = (float(f"{base.learning_rate * factor:.3g}") for factor in DEFAULT_FACTORS)
    return tuple(dict.fromkeys(min(rate, 1000.0) for rate in rates))
