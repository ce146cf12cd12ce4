"""The batch size's own questions: the slider with its exact entry, and the schedule over epochs."""

from __future__ import annotations

import streamlit as st

from batchviz import datasets
from batchviz.notation import as_text
from batchviz.plan import split_at
from batchviz.spec import BatchSize, bounds
from batchviz.ui import locks
from batchviz.ui.widgets import answer, key, text

SCHEDULES = {
    "constant": "Constant",
    "growing": "Growing (doubles, as in the literature)",
    "shrinking": "Shrinking (halves, as in the article)",
    "own": "Own",
}


def offered() -> list[BatchSize]:
    """The powers of two below the form's training rows, and full: what the slider and a race offer."""
    rows = training_rows()
    return [*(2**power for power in range(20) if 2**power < rows), "full"]


def ask() -> None:
    """A slider over the powers of two and full, and an exact entry; both show the same value."""
    if locks.hidden("batch_size"):
        return
    rows = training_rows()
    size = answer("batch_size")
    options = offered()
    if size not in options:
        options = [*sorted({*options[:-1], int(size)}), "full"]
    st.session_state["batch_size_slider"] = size

    def slid() -> None:
        st.session_state[key("batch_size")] = st.session_state["batch_size_slider"]

    def typed() -> None:
        if st.session_state["batch_size_exact"] is not None:
            st.session_state[key("batch_size")] = st.session_state["batch_size_exact"]

    slider, exact = st.columns([2.6, 1], vertical_alignment="bottom", gap="small")
    with slider:
        st.select_slider(
            "Batch size",
            options,
            key="batch_size_slider",
            on_change=slid,
            format_func=lambda option: f"full ({rows:,})" if option == "full" else f"{option:,}",
            help="Examples in one gradient. Powers of two on the slider, any whole number in the box.",
            disabled=locks.locked("batch_size"),
        )
    with exact:
        st.session_state["batch_size_exact"] = rows if size == "full" else size
        st.number_input(
            "Exact",
            min_value=1,
            max_value=int(bounds("rows")[1] or 1),
            step=1,
            key="batch_size_exact",
            on_change=typed,
            disabled=locks.locked("batch_size"),
        )


def training_rows() -> int:
    """Training rows that the form's answers leave."""
    rows, split = answer("rows"), answer("validation_split")
    return max(1, split_at(int(rows or datasets.find(answer("dataset")).rows), float(split or 0)))


def ask_schedule() -> None:
    """Ready-made schedules fill the text in; the text is what counts."""

    def chosen() -> None:
        kind = st.session_state["schedule_kind"]
        if kind != "own":
            st.session_state[key("batch_schedule")] = _ready_made(kind)

    if locks.hidden("batch_schedule"):
        return
    if locks.locked("batch_schedule"):
        st.session_state["schedule_kind"] = "own" if answer("batch_schedule") else "constant"
    if "schedule_kind" not in st.session_state:
        st.session_state["schedule_kind"] = "own" if answer("batch_schedule") else "constant"
    st.selectbox("Batch-size schedule", list(SCHEDULES), key="schedule_kind", format_func=SCHEDULES.__getitem__,
                 on_change=chosen, disabled=locks.locked("batch_schedule"))  # fmt: skip
    if st.session_state["schedule_kind"] != "constant":
        text("batch_schedule", "From epoch : batch size")
    else:
        st.session_state[key("batch_schedule")] = ""


def _ready_made(kind: str) -> str:
    """Three changes over the run, doubling or halving each time."""
    size, rows = answer("batch_size"), training_rows()
    epochs = int(answer("budget")) if answer("budget_unit") == "epochs" else 8
    first = rows if size == "full" else int(size)
    steps: list[tuple[int, int]] = []
    for change in (1, 2, 3):
        epoch = 1 + round(change * epochs / 4)
        later = min(first * 2**change, rows) if kind == "growing" else max(1, first // 2**change)
        if 2 <= epoch <= epochs and (not steps or epoch > steps[-1][0]):
            steps.append((epoch, later))
    return as_text(tuple(steps)) if kind != "constant" else ""
