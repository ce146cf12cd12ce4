"""What a class trains together: every batch size with one seed after another, a point a press."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from batchviz.errors import SpecError
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.limits import MAX_CLASS_SIZES
from batchviz.experiment.spec import RunSpec

USUAL_SIZES: tuple[BatchSize, ...] = (4, 16, 64, "full")
"""Of thirty members each size then gets seven seeds or eight, enough for a clear difference."""
FIRST_SEED = 101
"""Beyond the seeds that lessons train, so that what a member presses trains before their eyes."""


class ClassGrid(BaseModel):
    """The grid of a class. Its points go on for ever, seed by seed: `spec(n)` is the n-th."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: RunSpec
    batch_sizes: tuple[BatchSize, ...] = Field(min_length=2, max_length=MAX_CLASS_SIZES)

    @field_validator("base")
    @classmethod
    def _without_schedule(cls, base: RunSpec) -> RunSpec:
        return base.replace(batch_schedule=())

    @classmethod
    def read(cls, text: str) -> Self:
        """Out of what the store keeps. Raises SpecError."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            raise SpecError(
                "The grid of this class could not be read. Its teacher opens another class."
            ) from None

    def spec(self, number: int) -> RunSpec:
        """The n-th point, from 0: all sizes with the first seed, then with the next."""
        seed, size = divmod(number, len(self.batch_sizes))
        return self.base.replace(batch_size=self.batch_sizes[size], seed=FIRST_SEED + seed)

    def beside(self, number: int) -> tuple[RunSpec, ...]:
        """The points of all sizes with the seed of this one: each is measured where the others end."""
        first = number - number % len(self.batch_sizes)
        return tuple(self.spec(first + place) for place in range(len(self.batch_sizes)))
