"""Which of the form's controls the opened link has locked, and the values it holds them at."""

from __future__ import annotations

from typing import Any

from batchviz.experiment.parsing import as_text
from batchviz.experiment.spec import RunSpec
from batchviz.links.lesson import LessonLink
from batchviz.ui.session_state import LESSON, LINKED_SPEC, SEEDS


def remember(frame: LessonLink, spec: RunSpec) -> None:
    """Remember the link that this browser tab was opened with."""
    LESSON.set(frame)
    LINKED_SPEC.set(spec)
    SEEDS.set(frame.seeds)


def lesson() -> LessonLink:
    """What the link says about the page; nothing special without one."""
    return LESSON.get()


def locked(control: str) -> bool:
    """Whether the control is shown disabled, or not at all."""
    return lesson().locks(control)


def hidden(*controls: str) -> bool:
    """Whether none of these controls is on the page."""
    return lesson().hide and all(lesson().locks(control) for control in controls)


def locked_values() -> dict[str, Any]:
    """The locked fields as the form writes them: from the link, whatever the session has held since."""
    spec = linked_spec()
    if spec is None:
        return {}
    chosen = {name: getattr(spec, name) for name in RunSpec.model_fields if locked(name)}
    return {name: as_text(value) if isinstance(value, tuple) else value for name, value in chosen.items()}


def linked_spec() -> RunSpec | None:
    """The configuration that the locks come from; None where nothing is locked."""
    return None if lesson().free is None else LINKED_SPEC.get()
