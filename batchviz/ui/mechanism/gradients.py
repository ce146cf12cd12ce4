"""The gradients of batches as arrows against that of all rows, and the law of their noise: as they were recorded."""

from __future__ import annotations

import streamlit as st

from batchviz.experiment.spec import RunSpec
from batchviz.figures.gradients import Panel, noise_law, panels
from batchviz.frontend.assets import addresses, text
from batchviz.recorded.gradients import gradients
from batchviz.text import gradients as words
from batchviz.ui.components import html

_component = st.components.v2.component(
    "batchviz_pictures",
    html='<div class="batchviz-pictures" data-testid="gradients"></div>',
    js=text("src/mount.js"),
    isolate_styles=False,
)


def recorded_for(spec: RunSpec) -> bool:
    """Whether the gradients that ship with the package are those of this run, whatever its batch size."""
    return gradients().spec.replace(batch_size=spec.batch_size) == spec


def draw_gradients(spec: RunSpec, key: str = "gradients") -> None:
    """Draw them, for a run that they were recorded for; nothing for another."""
    if not recorded_for(spec):
        return
    measured = gradients()
    drawn = [
        Panel(size, tips, noise)
        for size, tips, noise in zip(measured.batch_sizes, measured.tips, measured.noise, strict=True)
    ]
    st.markdown(words.explained(measured.rows, measured.parameters, measured.in_plane))
    pictures = [*panels(drawn, measured.length), noise_law(drawn, measured.variance, measured.rows)]
    _component(key=key, data={"assets": addresses("pictures"), "pictures": pictures})
    html.note(f"{words.law_note(measured.rows, measured.epochs)} {measured.note}")
