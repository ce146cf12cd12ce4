"""The places where a run is looked into: closed until somebody asks, and nothing until then."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from batchviz.experiment.spec import RunSpec
from batchviz.text import dealing, gradients
from batchviz.ui.mechanism.dealing import draw_dealing
from batchviz.ui.mechanism.gradients import draw_gradients

MECHANISMS: Mapping[str, tuple[str, Callable[[RunSpec], None]]] = {
    "batch": (dealing.LOOK_INSIDE, draw_dealing),
    "gradients": (gradients.TITLE, draw_gradients),
}
"""By the key of the term that shows it: its title, and what draws it of a run."""


def draw_look_inside(spec: RunSpec, name: str = "batch") -> None:
    """What a run does inside; nothing for a name that is none."""
    if name not in MECHANISMS:
        return
    title, draw = MECHANISMS[name]
    inside = st.expander(title, key="look_inside", on_change="rerun")
    if inside.open:
        with inside:
            draw(spec)
