"""The form in the sidebar as a whole: filled in by a link, kept between pages, and validated.

Answers live in the session under `field_<name>`, so that a link can fill them in before the widgets exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from batchviz.errors import SpecError
from batchviz.experiment.parsing import as_text
from batchviz.experiment.spec import RunSpec
from batchviz.ui import locks
from batchviz.ui.components.spec_widgets import answer
from batchviz.ui.playground import batch_size, data_options, fields
from batchviz.ui.session_state import (
    EXACT_BATCH_SIZE,
    EXACT_LEARNING_RATE,
    MEASURE_INSIDE,
    SCHEDULE_KIND,
    SEEDS,
    spec_field,
)


@dataclass(frozen=True)
class FormState:
    """What the form says: a spec that can be trained, or the error that explains why not."""

    spec: RunSpec | None
    error: str
    seeds: int
    denied_reason: str = ""
    """Why a spec that is right in itself cannot be trained by this visitor: the data is somebody else's."""
    answered: tuple[Any, ...] = ()
    """What `answered` said of the answers that these are."""

    @property
    def trainable(self) -> bool:
        """Whether there is something to train."""
        return self.spec is not None and not self.denied_reason

    def replicates(self, spec: RunSpec) -> list[RunSpec]:
        """The spec at every seed asked for."""
        return [spec.replace(seed=spec.seed + offset) for offset in range(self.seeds)]


def fill_in(spec: RunSpec) -> None:
    """Put a spec's values into the form, before its widgets are drawn."""
    for name in RunSpec.model_fields:
        value = getattr(spec, name)
        spec_field(name).set(as_text(value) if isinstance(value, tuple) else value)
    EXACT_BATCH_SIZE.delete()
    SCHEDULE_KIND.set("own" if spec.batch_schedule else "constant")


def keep_answers() -> None:
    """Keep the answers: Streamlit forgets those of widgets that a run of the script, or a page, does not draw."""
    for name in RunSpec.model_fields:
        spec_field(name).keep()
    SEEDS.keep()
    MEASURE_INSIDE.keep()
    batch_size.keep_schedule_kind()


def draw_form() -> FormState:
    """Draw the form, unless the link leaves it out, and return its answers."""
    keep_answers()
    if locks.locked("seeds"):
        SEEDS.set(locks.lesson().seeds)
    if locks.locked("measure_inside"):
        MEASURE_INSIDE.set(True)
    for name, value in locks.locked_values().items():
        spec_field(name).set(value)
    if locks.lesson().layout.page == "full":
        fields.draw_fields()
    # Once more: a widget may have changed what it could not offer, and what is locked is what trains.
    answers = {name: answer(name) for name in RunSpec.model_fields} | locks.locked_values()
    seeds, now = SEEDS.get(), answered()
    try:
        denied = data_options.denied_reason(str(answers["dataset"]))
        return FormState(RunSpec.parse(answers), "", seeds, denied, now)
    except SpecError as error:
        return FormState(None, str(error), seeds, answered=now)


def answered() -> tuple[Any, ...]:
    """The answers of all widgets as the session has them now, in no form of use: to be compared."""
    fields = [spec_field(name) for name in RunSpec.model_fields]
    others = (SEEDS, SCHEDULE_KIND, EXACT_BATCH_SIZE, EXACT_LEARNING_RATE, MEASURE_INSIDE)
    return tuple(key.get() for key in (*fields, *others))
