"""What a teacher adds to a Playground link: title, text, which controls stay free, how the page is laid out.

It rides in the address beside the configuration and the runs:
`?v=1&batch_size=8&title=Noise&free=batch_size&layout=log`.
Locks guide a class; they guard nothing, since anybody may edit an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from batchviz.errors import SpecError
from batchviz.experiment.constraints import BUDGET_LIMITS
from batchviz.experiment.limits import MAX_PAGE_TEXT_LENGTH, MAX_PAGE_TITLE_LENGTH
from batchviz.experiment.parsing import printable
from batchviz.experiment.spec import RunSpec
from batchviz.links.layout import Layout
from batchviz.links.limits import MAX_LAYOUT_LENGTH, MAX_SEEDS, MAX_VALUE_LENGTH
from batchviz.links.url_model import UrlModel, did_you_mean

CONTROLS = (*RunSpec.model_fields, "seeds")
"""What the form asks: every field of a run, and how many seeds to train at once."""

DEPENDENT_CONTROLS = {
    "rows": "dataset",
    "hidden": "model",
    "momentum": "optimizer",
    "base_batch_size": "learning_rate_rule",
    "budget": "budget_unit",
}
"""Control -> the control whose change sets it anew: where that one is free, this one has to be."""


class LessonLink(UrlModel):
    """Plain text and locks around a configuration. Raises SpecError for what is too long or has an unknown name.

    Equal ones become equal values: tidy text, controls in the form's order, no idle `hide`.
    """

    MAX_LENGTHS: ClassVar[Mapping[str, int]] = {
        "title": MAX_PAGE_TITLE_LENGTH,
        "text": MAX_PAGE_TEXT_LENGTH,
        "layout": MAX_LAYOUT_LENGTH,
    }
    SLACK = 2
    RIDES = True

    title: str = ""
    text: str = ""
    free: tuple[str, ...] | None = None
    """The controls that stay free, among CONTROLS; None is all of them."""
    hide: bool = False
    """Locked controls are left out, rather than shown disabled."""
    seeds: int = 1
    """How many seeds one press of Train starts."""
    layout: Layout = Field(default_factory=Layout)

    @field_validator("title")
    @classmethod
    def _one_line(cls, title: str) -> str:
        return _bounded("title", " ".join(printable(title).split()), MAX_PAGE_TITLE_LENGTH)

    @field_validator("text")
    @classmethod
    def _lines(cls, text: str) -> str:
        return _bounded("text", printable(text).strip(), MAX_PAGE_TEXT_LENGTH)

    @field_validator("free", mode="before")
    @classmethod
    def _names_of_controls(cls, free: Any) -> Any:
        """`batch_size-epochs`, or with commas; a budget by its unit; nothing is all, `none` is none."""
        if not isinstance(free, str):
            return free
        names = [
            name.strip() for name in _bounded("free", free, MAX_VALUE_LENGTH).replace("-", ",").split(",")
        ]
        if names == [""]:
            return None
        return tuple("budget" if name in BUDGET_LIMITS else name for name in names if name != "none")

    @field_validator("free")
    @classmethod
    def _in_the_forms_order(cls, free: tuple[str, ...] | None) -> tuple[str, ...] | None:
        controls = None if free is None else _known_controls(free)
        return None if controls == CONTROLS else controls

    @field_validator("hide", mode="before")
    @classmethod
    def _one_or_nothing(cls, hide: Any) -> Any:
        if isinstance(hide, str) and hide not in ("", "0", "1"):
            raise SpecError(f"hide: got {hide[:40]!r}; expected 1 or 0.")
        return hide == "1" if isinstance(hide, str) else hide

    @field_validator("hide")
    @classmethod
    def _not_idle(cls, hide: bool, info: ValidationInfo) -> bool:
        return hide and info.data.get("free") is not None

    @field_validator("seeds", mode="before")
    @classmethod
    def _number_of_seeds(cls, seeds: Any) -> int:
        if isinstance(seeds, str) and (not (seeds or "1").isdecimal() or len(seeds) > 3):
            raise SpecError(f"seeds: got {seeds[:40]!r}; expected a whole number from 1 to {MAX_SEEDS}.")
        count = int(seeds or 1) if isinstance(seeds, str) else seeds
        if not 1 <= count <= MAX_SEEDS:
            raise SpecError(f"seeds: got {count}; expected a whole number from 1 to {MAX_SEEDS}.")
        return int(count)

    @field_validator("layout", mode="before")
    @classmethod
    def _laid_out(cls, layout: Any) -> Any:
        return Layout.parse(layout) if isinstance(layout, str) else layout

    def texts(self, name: str) -> list[str]:
        """A field as a teacher would write it."""
        if name == "layout":
            return [str(self.layout)]
        return ["1"] if name == "hide" else super().texts(name)

    def locks(self, control: str) -> bool:
        """Whether the link alone decides this control."""
        free = self.free
        return free is not None and control not in free and DEPENDENT_CONTROLS.get(control) not in free


def _known_controls(names: Iterable[str]) -> tuple[str, ...]:
    chosen = set(names)
    for name in sorted(chosen - set(CONTROLS)):
        meant = did_you_mean(name, CONTROLS, likeness=0.6) or f"some of {', '.join(CONTROLS)}"
        raise SpecError(f"free: there is no control {name[:40]!r}; expected {meant}.")
    return tuple(name for name in CONTROLS if name in chosen)


def _bounded(name: str, text: str, most: int) -> str:
    if len(text) > most:
        raise SpecError(f"{name}: got {len(text):,} characters; expected at most {most}.")
    return text
