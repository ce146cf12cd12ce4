"""How a comparison is drawn, as one frozen value and as the parameters of a link:
`/compare?v=1&runs=ID,ID&x=updates&equal=updates`.

Like the link of a set-up it holds what differs from the default, and a version. Boards keep the same parameters.
Which runs are compared stands beside it, in `runs`.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from batchviz.errors import SpecError
from batchviz.experiment import constraints
from batchviz.experiment.parsing import as_text
from batchviz.links import experiment

Unit = Literal["epochs", "updates", "examples", "seconds"]
MAX_TEXT_LENGTH = 600  # characters
MAX_TITLE_LENGTH = 120
MAX_SMOOTHING = 0.99
BESIDE = ("v", "runs", "embed", "embed_options")
"""Parameters of a comparison's link that are not the view's."""


class View(BaseModel):
    """How a comparison looks. The defaults are what an empty link shows."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    x: Unit = Field(default="epochs", title="X-axis", description="What the curves are drawn over.")
    measure: Literal["val_loss", "train_loss", "loss", "val_metric", "train_metric", "metric"] = Field(
        default="val_loss", title="Measure", description="What is compared."
    )
    layout: Literal["overlay", "multiples"] = Field(
        default="overlay", title="Layout", description="All in one chart, or one chart a batch size."
    )
    equal: Literal["off", "epochs", "updates", "examples", "seconds"] = Field(
        default="off",
        title="Equal budget",
        description="Cut every run where the shortest has had as much of this.",
    )
    log: Literal["none", "x", "y", "both"] = Field(
        default="none", title="Log axes", description="Which axes are logarithmic."
    )
    smoothing: float = Field(
        default=0.0,
        ge=0,
        le=MAX_SMOOTHING,
        title="Smoothing",
        description="Weight of the past in the moving average.",
    )
    seeds: bool = Field(
        default=False, title="Single seeds", description="A line for every seed, beside mean and band."
    )
    noise: bool = Field(default=False, title="Every update", description="The loss of every single update.")
    first: str = Field(
        default="",
        max_length=16,
        title="First of the verdict",
        description="A run of the group that is judged.",
    )
    second: str = Field(
        default="",
        max_length=16,
        title="Second of the verdict",
        description="A run of the group beside it.",
    )
    title: str = Field(
        default="",
        max_length=MAX_TITLE_LENGTH,
        title="Title",
        description="Over the comparison, as plain text.",
    )
    text: str = Field(
        default="", max_length=MAX_TEXT_LENGTH, title="Text", description="Under the title, as plain text."
    )

    @field_validator("title", "text")
    @classmethod
    def _printable(cls, value: str) -> str:
        """Without control characters, which no page shows."""
        return "".join(c for c in value if c == "\n" or unicodedata.category(c) != "Cc").strip()

    @field_validator("first", "second")
    @classmethod
    def _run(cls, value: str, info: ValidationInfo) -> str:
        if value and experiment.RUN_ID.fullmatch(value) is None:
            raise ValueError("no id of a run")
        return value

    @field_validator("smoothing")
    @classmethod
    def _two_digits(cls, value: float) -> float:
        return round(value, 2) + 0.0  # -0.0 and 0.0 are one view

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> View:
        """A view from untrusted values. Raises SpecError naming every field that is wrong."""
        try:
            return cls.model_validate(dict(given))
        except ValidationError as error:
            raise SpecError(constraints.explain(error, cls.model_fields)) from None

    def replace(self, **changes: Any) -> View:
        """The same view with some fields changed, validated."""
        return View.parse({**self.model_dump(), **changes})

    def encode(self) -> dict[str, str]:
        """The parameters of a link: the version, and each field that differs from its default."""
        changed = {
            name: getattr(self, name)
            for name, field in View.model_fields.items()
            if getattr(self, name) != field.default
        }
        return {"v": experiment.VERSION} | {name: as_text(value) for name, value in changed.items()}

    @classmethod
    def decode(cls, parameters: Mapping[str, str]) -> View:
        """The view in a link's parameters; `runs` is left for `link.decode_runs`.

        Raises SpecError for another version and for what no view can be. A name that resembles no setting is
        passed over, because mail programs and social networks add names of their own to links.
        """
        if len(parameters) > experiment.MAX_PARAMETERS:
            raise SpecError(
                f"The link has {len(parameters)} parameters; expected at most {experiment.MAX_PARAMETERS}."
            )
        experiment.check_version(parameters)
        return cls.parse({name: value for name, value in parameters.items() if _is_setting(name, value)})


def _is_setting(name: str, value: str) -> bool:
    """Whether the parameter is a setting. Raises SpecError for one that is misspelt or too long."""
    if name in View.model_fields:
        if len(value) > 2 * MAX_TEXT_LENGTH:
            raise SpecError(f"{name}: got {len(value):,} characters; expected at most {MAX_TEXT_LENGTH}.")
        return True
    known = [known for known in View.model_fields if len(known) > 1]
    close = difflib.get_close_matches(name[:40].lower().replace("-", "_"), known, n=1, cutoff=0.75)
    if name not in BESIDE and close:
        raise SpecError(f"Unknown setting {name[:40]!r} in the link; expected {close[0]!r}.")
    return False
