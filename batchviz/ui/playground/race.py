"""The race's menu, and what it asks for: several batch sizes from one start, and how many seeds of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from batchviz.analysis.limits import RACE_SEEDS as CLEAR_SEEDS
from batchviz.analysis.limits import SEED_STEPS
from batchviz.analysis.race import Machine, affordable_seeds, further_seeds
from batchviz.errors import BatchVizError
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.spec import BatchSize, RunSpec
from batchviz.text import hints
from batchviz.text import race as race_text
from batchviz.ui import locks
from batchviz.ui.components import html, notices
from batchviz.ui.playground import batch_size, machine
from batchviz.ui.playground.fields import translate_budget
from batchviz.ui.playground.form import FormState
from batchviz.ui.playground.sweep import draw_sweep_button
from batchviz.ui.session_state import (
    RACE_EQUAL,
    RACE_MENU,
    RACE_SEEDS,
    RACE_SEEDS_CHOSEN,
    RACE_SIZES,
    spec_field,
)

EQUAL = {
    "epochs": ("epochs", "updates"),
    "updates": ("epochs", "updates"),
    "examples": ("examples", "updates"),
}
"""By the form's unit, what a race offers to make equal. Nobody knows before how much fits into seconds."""


class Race(NamedTuple):
    """What is to be trained at once, and what then, in the background."""

    first: Sequence[RunSpec]
    further: Sequence[RunSpec]


def draw_race_menu(answers: FormState, start: Callable[[FormState], None]) -> None:
    """The button, and the menu under it, whose own button calls `start`.

    Racing chooses batch sizes, so it is locked with the batch size.
    """
    if locks.hidden("batch_size"):
        return
    disabled = not answers.trainable or locks.locked("batch_size")
    with st.popover("Race", disabled=disabled, key=RACE_MENU.name, on_change="rerun"):
        st.markdown("Several batch sizes from the same start, on the same data.")
        sizes = _choose_sizes()
        _choose_budget(answers)
        plans = _plans(answers, sizes)
        if plans:
            html.note(race_text.equal(plans))
        seeds = answers.seeds if locks.locked("seeds") else _choose_seeds(answers, plans)
        if plans and RACE_MENU.get():
            html.note(race_text.plan(further_seeds(plans, seeds, _machine(plans))))
        st.button(
            "Start the race", type="primary", disabled=disabled or not sizes, key="race",
            on_click=start, args=(answers,),
        )  # fmt: skip
        draw_sweep_button(None if disabled else answers.spec, sizes)


def race_of_form(answers: FormState) -> Race | None:
    """What form and menu ask for; None where that is nothing, or nothing that can be trained, which is reported."""
    sizes = [size for size in RACE_SIZES.get() if size in batch_size.offered()]
    if not sizes or answers.spec is None or locks.locked("batch_size"):
        return None
    seeds = answers.seeds if locks.locked("seeds") else RACE_SEEDS.get() or 1
    try:
        members = _members(answers.spec, sizes)
    except BatchVizError as error:
        notices.report(str(error))
        return None
    return Race(
        members,
        [spec.replace(seed=spec.seed + further) for further in range(1, seeds) for spec in members],
    )


def _choose_sizes() -> list[BatchSize]:
    offered = batch_size.offered()
    RACE_SIZES.set([size for size in RACE_SIZES.get() if size in offered])
    return list(st.pills("Batch sizes", offered, selection_mode="multi", key=RACE_SIZES.name,
                         help=hints.RACE_SIZES))  # fmt: skip


def _choose_budget(answers: FormState) -> None:
    """What every size gets equally much of. It is the form's own budget, told in another unit: a link brings it."""
    unit = spec_field("budget_unit").get()
    if answers.spec is not None and answers.spec.budget_unit != unit:
        st.rerun()  # changed in this menu, which is drawn without the form
    RACE_EQUAL.set(unit)
    st.segmented_control(
        "The same for every size", EQUAL.get(unit, (unit,)), key=RACE_EQUAL.name, required=True,
        format_func=str.capitalize, on_change=_budget_changed,
        disabled=locks.locked("budget_unit") or locks.locked("budget"),
        help=hints.RACE_EQUAL,
    )  # fmt: skip


def _budget_changed() -> None:
    before = spec_field("budget_unit").get()
    spec_field("budget_unit").set(RACE_EQUAL.get())
    translate_budget(before)


def _choose_seeds(answers: FormState, plans: Sequence[Plan]) -> int:
    """As many as find clear differences, fewer where that takes long; the visitor may choose others."""
    aim = answers.seeds if answers.seeds > 1 else CLEAR_SEEDS
    most = MAX_RUNS_SHOWN // max(1, len(plans))
    offered = [seeds for seeds in sorted({*SEED_STEPS, aim}) if seeds <= most]
    chosen = RACE_SEEDS.get() if RACE_SEEDS_CHOSEN.get() else None
    usual = min(aim, offered[-1])
    if chosen not in offered:
        RACE_SEEDS_CHOSEN.set(False)
        # Only an open menu is worth the look at the clock; a press has opened it before.
        if RACE_MENU.get() or RACE_SEEDS.get() not in offered:
            affordable = affordable_seeds(plans, usual, _machine(plans))
            # What is set anew goes to the browser, over what may have been chosen there meanwhile.
            if RACE_SEEDS.get() != affordable:
                RACE_SEEDS.set(affordable)
    else:
        RACE_SEEDS.keep()  # over what an answer to an earlier choice has brought
    answer = st.segmented_control(
        "Seeds of each", offered, key=RACE_SEEDS.name, required=True, on_change=RACE_SEEDS_CHOSEN.set, args=(True,),
        help=hints.RACE_SEEDS,
    )  # fmt: skip
    seeds = int(answer or usual)
    if RACE_MENU.get() and seeds < usual and not RACE_SEEDS_CHOSEN.get():
        html.note(race_text.fewer(seeds, further_seeds(plans, usual, _machine(plans))))
    if aim > most:
        html.note(race_text.room(offered[-1], MAX_RUNS_SHOWN))
    return seeds


def _machine(plans: Sequence[Plan]) -> Machine:
    return machine.for_specs(plan.spec for plan in plans)


def _members(spec: RunSpec, sizes: Sequence[BatchSize]) -> list[RunSpec]:
    return [spec.replace(batch_size=size, batch_schedule=batch_size.schedule_from(size)) for size in sizes]


def _plans(answers: FormState, sizes: Sequence[BatchSize]) -> list[Plan]:
    """None for what cannot be trained: pressing Start says why."""
    try:
        return [plan_for(spec) for spec in _members(answers.spec, sizes)] if answers.spec else []
    except BatchVizError:
        return []
