"""How a comparison is drawn, as one frozen value and as the parameters of a link:
`/compare?v=1&runs=ID,ID&x=updates&equal=updates`.

Boards keep the same parameters. Which runs are compared stands beside it, in `runs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from batchviz.experiment.limits import MAX_PAGE_TEXT_LENGTH, MAX_PAGE_TITLE_LENGTH
from batchviz.experiment.parsing import printable
from batchviz.links.experiment import RUN_ID
from batchviz.links.limits import MAX_SMOOTHING
from batchviz.links.url_model import UrlModel

Unit = Literal["epochs", "updates", "examples", "seconds"]
Means = Literal[
    "auto", "batch_size", "batch_schedule", "accumulation", "optimizer", "momentum", "learning_rate",
    "learning_rate_rule", "base_batch_size", "dataset", "model", "hidden", "activation", "dropout", "batch_norm",
    "rows", "noise", "data_seed", "validation_split", "budget", "budget_unit",
]  # fmt: skip
"""A field of a run, or what differs."""


class View(UrlModel):
    """How a comparison looks. The defaults are what an empty link shows."""

    MAX_LENGTHS: ClassVar[Mapping[str, int]] = {"title": MAX_PAGE_TITLE_LENGTH, "text": MAX_PAGE_TEXT_LENGTH}
    SLACK = 2
    NEIGHBOURS = ("v", "runs", "embed", "embed_options")

    x: Unit = Field(default="epochs", title="X-axis", description="What the curves are drawn over.")
    measure: Literal["val_loss", "train_loss", "loss", "val_metric", "train_metric", "metric"] = Field(
        default="val_loss", title="Measure", description="What is compared."
    )
    layout: Literal["overlay", "multiples"] = Field(
        default="overlay", title="Layout", description="All in one chart, or one chart a value."
    )
    color: Means = Field(default="auto", title="Colour by", description="What has a colour a value.")
    dash: Means | Literal["none"] = Field(
        default="auto", title="Dash by", description="What has a dash a value."
    )
    panels: Means = Field(default="auto", title="Panels by", description="What has a chart a value.")
    equal: Literal["off", "epochs", "updates", "examples", "seconds"] = Field(
        default="off",
        title="Equal budget",
        description="Cut every run where the shortest has had as much of this.",
    )
    clock: Literal["loop", "fit"] = Field(
        default="loop",
        title="Seconds of",
        description="The way of training whose seconds are told.",
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
        max_length=MAX_PAGE_TITLE_LENGTH,
        title="Title",
        description="Over the comparison, as plain text.",
    )
    text: str = Field(
        default="",
        max_length=MAX_PAGE_TEXT_LENGTH,
        title="Text",
        description="Under the title, as plain text.",
    )

    @field_validator("title", "text")
    @classmethod
    def _printable(cls, value: str) -> str:
        return printable(value.replace("\r", "")).strip()

    @field_validator("first", "second")
    @classmethod
    def _run(cls, value: str, info: ValidationInfo) -> str:
        if value and RUN_ID.fullmatch(value) is None:
            raise ValueError("no id of a run")
        return value

    @field_validator("smoothing")
    @classmethod
    def _two_digits(cls, value: float) -> float:
        return round(value, 2) + 0.0  # -0.0 and 0.0 are one view
