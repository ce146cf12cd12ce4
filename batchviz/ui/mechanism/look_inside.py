"""The place on the Playground where a run is looked into: closed until somebody asks, and nothing until then."""

from __future__ import annotations

import streamlit as st

from batchviz.experiment.spec import RunSpec
from batchviz.text import dealing as words
from batchviz.ui.mechanism.dealing import draw_dealing


def draw_look_inside(spec: RunSpec) -> None:
    """What the form's run does with its rows."""
    inside = st.expander(words.LOOK_INSIDE, key="look_inside", on_change="rerun")
    if inside.open:
        with inside:
            draw_dealing(spec)
