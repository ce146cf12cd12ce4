"""How the comparison is drawn: one quiet row over the chart, the rarer questions behind a button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from batchviz.analysis.appearance import AUTOMATIC, NOTHING, EncodingChoice, differing_fields, question
from batchviz.analysis.metrics import METRICS
from batchviz.analysis.replicates import group_runs
from batchviz.experiment.records import Run
from batchviz.links.comparison import View
from batchviz.links.limits import MAX_SMOOTHING
from batchviz.text import hints
from batchviz.text.appearance import choice
from batchviz.text.clock import PATHS
from batchviz.text.names import metric_name
from batchviz.ui.compare import state

UNITS = {"epochs": "Epochs", "updates": "Updates", "examples": "Examples", "seconds": "Seconds"}
CLOCKS = {path.value: words for path, words in PATHS.items()}
LAYOUTS = {"overlay": "Overlay", "multiples": "Side by side"}
LOGS = {"none": "None", "x": "x", "y": "y", "both": "Both"}


def draw_controls(runs: Sequence[Run]) -> View:
    """Draw the controls; the view that they say now stands."""
    before = state.view()
    for name in View.model_fields:
        # Streamlit forgets the answers of widgets that another page, or a closed menu, did not draw.
        key = state.view_answer(name)
        key.set(key.get() if key.is_set else getattr(before, name))
    with st.container(key="compare_controls", horizontal=True, vertical_alignment="bottom", gap="medium"):
        _measure(runs)
        _segments("x", UNITS)
        _segments("equal", {"off": "Off"} | UNITS)
        if "seconds" in (state.view_answer("x").get(), state.view_answer("equal").get()):
            _segments("clock", CLOCKS)
        _segments("layout", LAYOUTS)
        with st.popover("Display", key="compare_display"):
            _display(runs)
    view = before.replace(**{name: state.view_answer(name).get() for name in _CONTROLS})
    state.set_view(view)
    return view


_CONTROLS = (
    "x",
    "measure",
    "layout",
    "equal",
    "clock",
    "log",
    "smoothing",
    "seeds",
    "noise",
    "color",
    "dash",
    "panels",
)


def _measure(runs: Sequence[Run]) -> None:
    plans = [run.plan for run in runs]
    names = {key: metric_name(metric, plans) for key, metric in METRICS.items()}
    field = View.model_fields["measure"]
    st.selectbox(
        str(field.title), list(names), key=state.view_answer("measure").name, width=210,
        format_func=lambda key: names[key][0].upper() + names[key][1:],
    )  # fmt: skip


def _segments(name: str, options: Mapping[str, str]) -> None:
    field = View.model_fields[name]
    st.segmented_control(
        str(field.title), list(options), key=state.view_answer(name).name, required=True, wrap=True,
        format_func=options.__getitem__,
    )  # fmt: skip


def _means(runs: Sequence[Run]) -> None:
    """What has the colours, the dashes and the panels: a question where more than one thing differs."""
    fields = differing_fields(runs)
    apart = state.view_answer("layout").get() == "multiples"
    chosen = EncodingChoice(**{name: state.view_answer(name).get() for name in EncodingChoice._fields})
    usual = EncodingChoice(panels=AUTOMATIC)
    if len(fields) < 2 and chosen == usual:
        return
    if not apart:
        chosen = chosen._replace(panels=NOTHING)
    groups = group_runs(runs)
    for name in ("color", "dash", "panels") if apart else ("color", "dash"):
        asking = question(groups, name, chosen, usual)
        st.selectbox(
            str(View.model_fields[name].title),
            asking.options,
            key=state.view_answer(name).name,
            format_func=partial(choice, automatic=asking.automatic),
        )


def _display(runs: Sequence[Run]) -> None:
    _means(runs)
    _segments("log", LOGS)
    field = View.model_fields["smoothing"]
    st.slider(
        str(field.title), 0.0, MAX_SMOOTHING, step=0.01, key=state.view_answer("smoothing").name,
        help=hints.SMOOTHING,
    )  # fmt: skip
    for name in ("seeds", "noise"):
        field = View.model_fields[name]
        st.toggle(str(field.title), key=state.view_answer(name).name, help=hints.CURVES[name])
