"""The batch size's own questions: the slider, its exact entry, and the schedule over epochs."""

from __future__ import annotations

import streamlit as st

from batchviz.experiment import datasets
from batchviz.experiment.parsing import as_text
from batchviz.experiment.schedule import BatchSchedule, size_in_examples, split_at
from batchviz.experiment.spec import BatchSize, bounds
from batchviz.text import hints
from batchviz.ui import locks
from batchviz.ui.components.spec_widgets import answer, text
from batchviz.ui.session_state import EXACT_BATCH_SIZE, SCHEDULE_KIND, spec_field

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


def draw_batch_size() -> None:
    """A slider over the powers of two and full, and over whatever else is the answer."""
    if locks.hidden("batch_size"):
        return
    rows = training_rows()
    size = answer("batch_size")
    options = offered()
    if size not in options:
        options = [*sorted({*options[:-1], int(size)}), "full"]
    spec_field("batch_size").set(size)
    st.select_slider(
        "Batch size",
        options,
        key=spec_field("batch_size").name,
        format_func=lambda option: f"full ({rows:,})" if option == "full" else f"{option:,}",
        help=hints.FIELDS["batch_size"],
        disabled=locks.locked("batch_size"),
    )


def draw_exact_batch_size() -> None:
    """Any batch size, as a number; the slider shows the same."""
    if locks.hidden("batch_size"):
        return

    def typed() -> None:
        if EXACT_BATCH_SIZE.get() is not None:
            spec_field("batch_size").set(EXACT_BATCH_SIZE.get())

    EXACT_BATCH_SIZE.set(size_in_examples(answer("batch_size"), training_rows()))
    st.number_input(
        "Exact batch size",
        min_value=1,
        max_value=int(bounds("rows")[1] or 1),
        step=1,
        key=EXACT_BATCH_SIZE.name,
        on_change=typed,
        help=hints.EXACT_BATCH_SIZE,
        disabled=locks.locked("batch_size"),
    )


def training_rows() -> int:
    """Training rows that the form's answers leave."""
    rows, split = answer("rows"), answer("validation_split")
    return max(1, split_at(int(rows or datasets.find(answer("dataset")).rows), float(split or 0)))


def keep_schedule_kind() -> None:
    """Keep the kind of schedule, as `form.keep` keeps the answers."""
    if not SCHEDULE_KIND.is_set:
        SCHEDULE_KIND.set("own" if answer("batch_schedule") else "constant")
    SCHEDULE_KIND.keep()


def draw_schedule() -> None:
    """Ready-made schedules follow batch size and budget, until their text is changed; the text is what counts."""
    if locks.hidden("batch_schedule"):
        return
    locked = locks.locked("batch_schedule")
    if locked:
        SCHEDULE_KIND.set("own" if answer("batch_schedule") else "constant")
    kind = st.selectbox("Batch-size schedule", list(SCHEDULES), key=SCHEDULE_KIND.name,
                        format_func=SCHEDULES.__getitem__, help=hints.SCHEDULE, disabled=locked)  # fmt: skip
    if kind != "own" and not locked:
        spec_field("batch_schedule").set(_ready_made(kind, answer("batch_size")))
    if kind != "constant":
        text("batch_schedule", "From epoch : batch size", on_change=_typed)


def schedule_from(size: BatchSize) -> str:
    """The form's schedule for a run that starts at another size: a ready-made one grows or shrinks from there."""
    kind = SCHEDULE_KIND.get()
    return str(answer("batch_schedule")) if kind == "own" else _ready_made(kind, size)


def _typed() -> None:
    SCHEDULE_KIND.set("own")


def _ready_made(kind: str, size: BatchSize) -> str:
    """Three changes, after each quarter of the budget, doubling or halving each time; none for "constant".

    Those that a short run has no room for are left out.
    """
    if kind == "constant":
        return ""
    rows, unit = training_rows(), answer("budget_unit")
    # How many epochs fit into seconds is not known before: 8 are few enough for most runs to see a change.
    budget = 8 if unit == "seconds" else int(answer("budget"))
    first = now = size_in_examples(size, rows)
    start, spent = 1, 0
    steps: list[tuple[int, int]] = []
    for change in (1, 2, 3):
        updates = BatchSchedule(rows, now, accumulation=int(answer("accumulation"))).epoch(0).updates
        an_epoch = {"updates": updates, "examples": rows}.get(unit, 1)
        epoch = start + round((budget * change / 4 - spent) / an_epoch)
        after = spent + (epoch - start) * an_epoch
        if epoch > start and after < budget:
            start, spent = epoch, after
            now = min(first * 2**change, rows) if kind == "growing" else max(1, first // 2**change)
            steps.append((epoch, now))
    return as_text(tuple(steps))
