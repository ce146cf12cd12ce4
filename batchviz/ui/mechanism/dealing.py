"""The rows of a run being dealt into batches: the sampler's own order, with play, step and a slider."""

from __future__ import annotations

import streamlit as st

from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.frontend.assets import addresses, text
from batchviz.frontend.dealing import payload
from batchviz.text import dealing as words
from batchviz.ui.components import html
from batchviz.ui.limits import MAX_ROWS_DEALT

# Its rules all stay below .batchviz-dealing.
_component = st.components.v2.component(
    "batchviz_dealing",
    html='<div class="batchviz-dealing" data-testid="dealing"></div>',
    js=text("src/mount.js"),
    isolate_styles=False,
)


def draw_dealing(spec: RunSpec, key: str = "dealing") -> None:
    """Draw how the rows of this run become batches; of more rows than a picture holds, say so instead."""
    plan = plan_for(spec)
    if plan.training_rows + plan.validation_rows > MAX_ROWS_DEALT:
        html.paragraph(words.too_many(plan, MAX_ROWS_DEALT), "quiet")
        return
    _component(key=key, data={"assets": addresses("dealing"), **payload(plan)})
