"""A sweep as the readable parameters of a link: `?v=1&batch_sizes=1_8_32_full&learning_rates=0.001_0.003&epochs=5`.

Its base stands beside the grid as in a link to a configuration, without the batch size and the rate, which vary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field

from batchviz.experiment.constraints import BUDGET_LIMITS
from batchviz.experiment.parsing import as_text, in_link, list_in_link
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import BASE_FIELDS, SweepSpec
from batchviz.links.url_model import UrlModel

GRID = ("batch_sizes", "learning_rates", "targets")
COUNTS = ("seeds", "report_seeds")


class SweepLink(UrlModel):
    """A link to one sweep. The grid always stands in it, because a grid that is not given follows from the base."""

    NEIGHBOURS = ("v", "sweep")
    MAX_LENGTHS: ClassVar[Mapping[str, int]] = {"learning_rates": 500}

    spec: SweepSpec = Field(default_factory=lambda: SweepSpec.parse({}))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Its parameters."""
        return (*GRID, *COUNTS, *BASE_FIELDS, "budget", "budget_unit", *BUDGET_LIMITS)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Self:
        """The sweep of these parameters. Raises SpecError."""
        return cls(spec=SweepSpec.parse(texts))

    def encode_lists(self) -> dict[str, list[str]]:
        """The grid, and of the rest what differs from the defaults, some of which follow from data and model."""
        base, fields = self.spec.base, SweepSpec.model_fields
        grid = {name: list_in_link(getattr(self.spec, name)) for name in GRID if getattr(self.spec, name)}
        counts = {name: getattr(self.spec, name) for name in COUNTS}
        changed = {name: as_text(count) for name, count in counts.items() if count != fields[name].default}
        default = RunSpec(dataset=base.dataset, model=base.model)
        for name in BASE_FIELDS:
            at_first = (
                RunSpec.model_fields[name].default if name in ("dataset", "model") else getattr(default, name)
            )
            if (value := getattr(base, name)) != at_first:
                changed[name] = in_link(value)
        if (base.budget_unit, base.budget) != (default.budget_unit, default.budget):
            changed[base.budget_unit] = as_text(base.budget)
        return {name: [text] for name, text in {**grid, **changed}.items()}


def encode(spec: SweepSpec) -> dict[str, str]:
    """The parameters of a sweep: the version, the grid, and what differs from the defaults."""
    return SweepLink(spec=spec).encode()


def decode(parameters: Mapping[str, str]) -> SweepSpec:
    """The sweep that a link's parameters describe. Raises SpecError."""
    return SweepLink.decode(parameters).spec
