"""From the Playground to a sweep of its set-up."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz.errors import SpecError
from batchviz.experiment.spec import BatchSize, RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.links import sweep
from batchviz.ui.components import buttons, notices
from batchviz.ui.url import SWEEP


def draw_sweep_button(spec: RunSpec | None, sizes: Sequence[BatchSize]) -> None:
    """A button that opens the Sweep page with this set-up and these batch sizes. It starts nothing."""
    if not buttons.pressed(
        "Sweep this set-up", key="to_sweep", type="tertiary", disabled=spec is None or not sizes,
        help="These sizes at several learning rates each, and one answer: which batch size.",
    ):  # fmt: skip
        return
    try:
        spec_of_sweep = SweepSpec.parse({"base": spec, "batch_schedule": (), "batch_sizes": tuple(sizes)})
    except SpecError as error:
        notices.report(str(error))
        st.rerun()
    buttons.go(SWEEP, sweep.encode(spec_of_sweep))
