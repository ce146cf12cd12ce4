"""What a teacher adds to a Playground link: title, text, which controls stay free, how the page is laid out.

It rides in the address beside the set-up and the runs: `?v=1&batch_size=8&title=Noise&free=batch_size&layout=log`.
Locks guide a class; they guard nothing, since anybody may edit an address.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from batchviz.errors import SpecError
from batchviz.experiment.constraints import BUDGET_LIMITS
from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.links.layout import Layout

MAX_TITLE_LENGTH = 120  # characters
MAX_TEXT_LENGTH = 600
MAX_LIST_LENGTH = 400
MAX_SEEDS = 10

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


@dataclass(frozen=True)
class LessonLink:
    """Plain text and locks around a set-up. Raises SpecError for what is too long or has an unknown name."""

    title: str = ""
    text: str = ""
    free: tuple[str, ...] | None = None
    """The controls that stay free, among CONTROLS; None is all of them."""
    hide: bool = False
    """Locked controls are left out, rather than shown disabled."""
    seeds: int = 1
    """How many seeds one press of Train starts."""
    layout: Layout = field(default_factory=Layout)

    def __post_init__(self) -> None:
        """Equal frames become equal values: tidy text, controls in the form's order, no idle `hide`."""
        free = None if self.free is None else _known(self.free)
        free = None if free == CONTROLS else free
        tidy = {
            "title": _bounded("title", " ".join(_printable(self.title).split()), MAX_TITLE_LENGTH),
            "text": _bounded("text", _printable(self.text).strip(), MAX_TEXT_LENGTH),
            "free": free,
            "hide": self.hide and free is not None,
        }
        if not 1 <= self.seeds <= MAX_SEEDS:
            raise SpecError(f"seeds: got {self.seeds}; expected a whole number from 1 to {MAX_SEEDS}.")
        for name, value in tidy.items():
            object.__setattr__(self, name, value)

    def locks(self, control: str) -> bool:
        """Whether the link alone decides this control."""
        free = self.free
        return free is not None and control not in free and DEPENDENT_CONTROLS.get(control) not in free

    def replace(self, **changes: object) -> LessonLink:
        """The same frame with some parts changed, validated."""
        return replace(self, **changes)  # type: ignore[arg-type]


def encode(frame: LessonLink) -> dict[str, str]:
    """The parameters of a frame: what differs from none at all."""
    parameters = {
        "title": frame.title,
        "text": frame.text,
        "free": "" if frame.free is None else "-".join(frame.free) or "none",
        "hide": "1" if frame.hide else "",
        "seeds": str(frame.seeds) if frame.seeds > 1 else "",
        "layout": str(frame.layout),
    }
    return {name: value for name, value in parameters.items() if value}


def decode(parameters: Mapping[str, str]) -> LessonLink:
    """The frame that a link's parameters describe; other parameters are passed over.

    Raises SpecError for another version, unknown names, and what is too long.
    """
    experiment.check_version(parameters)
    given = {name: parameters.get(name, "") for name in experiment.NON_SPEC_PARAMETERS}
    if given["hide"] not in ("", "0", "1"):
        raise SpecError(f"hide: got {given['hide'][:40]!r}; expected 1 or 0.")
    if not (given["seeds"] or "1").isdecimal() or len(given["seeds"]) > 3:
        raise SpecError(f"seeds: got {given['seeds'][:40]!r}; expected a whole number from 1 to {MAX_SEEDS}.")
    return LessonLink(
        title=given["title"],
        text=given["text"],
        free=_free(given["free"]),
        hide=given["hide"] == "1",
        seeds=int(given["seeds"] or 1),
        layout=Layout.parse(given["layout"]),
    )


def _free(text: str) -> tuple[str, ...] | None:
    """`batch_size-epochs`, or with commas; a budget by its unit; nothing is all, `none` is none."""
    names = [name.strip() for name in _bounded("free", text, MAX_LIST_LENGTH).replace("-", ",").split(",")]
    if names == [""]:
        return None
    return tuple("budget" if name in BUDGET_LIMITS else name for name in names if name != "none")


def _known(names: Iterable[str]) -> tuple[str, ...]:
    chosen = set(names)
    for name in sorted(chosen - set(CONTROLS)):
        close = difflib.get_close_matches(name[:40].lower(), CONTROLS, n=1, cutoff=0.6)
        meant = close[0] if close else f"some of {', '.join(CONTROLS)}"
        raise SpecError(f"free: there is no control {name[:40]!r}; expected {meant}.")
    return tuple(name for name in CONTROLS if name in chosen)


def _bounded(name: str, text: str, most: int) -> str:
    if len(text) > most:
        raise SpecError(f"{name}: got {len(text):,} characters; expected at most {most}.")
    return text


def _printable(text: str) -> str:
    """Without control characters, which no page shows, and half characters, which no address can hold."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
