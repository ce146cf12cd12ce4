"""What to sweep: the grid, the seeds, the budget; and before it starts how much that is and what it will tell."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from batchviz.analysis.sweep.progress import expected
from batchviz.errors import BatchVizError, SpecError
from batchviz.experiment.parsing import as_text
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.links import experiment
from batchviz.store import QuotaError
from batchviz.text import sweep_page as words
from batchviz.text.hints import FIELDS
from batchviz.ui import resources, session
from batchviz.ui.components import buttons, html, notices
from batchviz.ui.playground import machine
from batchviz.ui.session_state import SWEEP_ANSWERS, SWEEP_BASE, sweep_field
from batchviz.ui.sweep import state
from batchviz.ui.url import PLAYGROUND

FIELD_NAMES = (
    "batch_sizes", "learning_rates", "learning_rate_rule", "base_batch_size", "seeds", "report_seeds", "budget_unit",
    "budget", "targets",
)  # fmt: skip
SEEDS = (1, 2, 3, 5, 10, 20)
UNITS = ("epochs", "updates", "examples")


def draw_form() -> SweepSpec | None:
    """The form; what it asks for, None where that is no sweep: it says why."""
    _keep_answers()
    base = SWEEP_BASE.get() or RunSpec()
    with st.container(border=True, key="sweep_form"):
        with st.container(horizontal=True, vertical_alignment="center", key="sweep_set_up"):
            html.paragraph(f"The same for all runs: {words.set_up(base)}.", "sweep-plan", "set-up")
            if buttons.pressed("Change in the Playground", key="sweep_change", type="tertiary"):
                buttons.go(PLAYGROUND, experiment.encode(base))
            if state.differs_from_the_playground():
                st.button(
                    "Take the Playground's set-up",
                    key="sweep_take_over",
                    type="tertiary",
                    on_click=state.take_over,
                )
        _draw_fields(base)
        try:
            spec = SweepSpec.parse({"base": base} | _answers())
            resources.store().quotas.check_sweep(spec.count_runs())
        except (SpecError, QuotaError) as error:
            notices.problem(str(error))
            spec = None
        if spec is not None:
            time = expected(spec, machine.for_specs([spec.base]))
            html.paragraph(words.plan(spec, time.updates, time.all), "sweep-plan", "sweep-plan")
            html.paragraph(words.will_tell(spec), "quiet")
        denied = resources.denied_reason(base.dataset, session.visitor())
        if denied:
            notices.information(denied)
        disabled = spec is None or bool(denied)
        st.button(
            "Start the sweep",
            type="primary",
            key="sweep_start",
            disabled=disabled,
            on_click=_start,
            args=(spec,),
        )
    SWEEP_ANSWERS.set({name: sweep_field(name).get() for name in FIELD_NAMES})
    return spec


def _start(spec: SweepSpec | None) -> None:
    if spec is None:
        return
    try:
        resources.check(spec.selection_specs, session.visitor())
        state.open_sweep(resources.store().sweeps.add(spec, session.visitor()).id)
    except BatchVizError as error:
        notices.report(str(error))


def _keep_answers() -> None:
    """Streamlit forgets the answers of widgets that a run of the script did not draw."""
    kept = SWEEP_ANSWERS.get()
    for name in FIELD_NAMES:
        key = sweep_field(name)
        key.set(key.get() if key.is_set else kept.get(name))


def _draw_fields(base: RunSpec) -> None:
    rule = sweep_field("learning_rate_rule").get()
    _several(
        "batch_sizes", "Batch sizes", [*(str(2**power) for power in range(12)), "full"], FIELDS["batch_size"]
    )
    st.segmented_control(
        "Learning rates", list(words.RULES), key=sweep_field("learning_rate_rule").name, required=True,
        format_func=words.RULES.__getitem__, help=words.RULE_HINT, on_change=_rule_changed,
    )  # fmt: skip
    if rule == "fixed":
        rates = [as_text(float(f"{digit}e{power}")) for power in range(-5, 1) for digit in (1, 3)]
        _several("learning_rates", "Rates of the grid", rates, FIELDS["learning_rate"])
    else:
        left, right = st.columns(2)
        with left:
            _several("learning_rates", "Rate at the base batch size", [as_text(base.learning_rate)], most=1)
        right.number_input(
            "Base batch size", min_value=1, step=1, key=sweep_field("base_batch_size").name,
            help=FIELDS["base_batch_size"],
        )  # fmt: skip
    seeds, report, budget, targets = st.columns([1, 1, 2, 1.4], vertical_alignment="bottom")
    seeds.selectbox("Seeds", _with(SEEDS, "seeds"), key=sweep_field("seeds").name, help=words.SEED_HINT)
    report.selectbox(
        "Report seeds", _with(SEEDS, "report_seeds"), key=sweep_field("report_seeds").name, help=words.REPORT_HINT,
        disabled=len(sweep_field("learning_rates").get() or ()) < 2,
    )  # fmt: skip
    with budget:
        amount, unit = st.columns([1, 1.4], vertical_alignment="bottom")
        amount.number_input("Budget", min_value=1, step=1, key=sweep_field("budget").name)
        unit.selectbox("of each run", _with(UNITS, "budget_unit"), key=sweep_field("budget_unit").name)
    targets.text_input(
        "Targets",
        key=sweep_field("targets").name,
        max_chars=60,
        help=words.TARGET_HINT,
        placeholder="proposed",
    )


def _several(
    name: str, title: str, usual: Sequence[str], help: str | None = None, *, most: int | None = None
) -> None:
    """Several values, chosen or typed."""
    key = sweep_field(name)
    chosen = list(key.get() or ())[:most]
    key.set(chosen)
    st.multiselect(
        title, list(dict.fromkeys([*usual, *chosen])), key=key.name, help=help, accept_new_options=True,
        max_selections=most, placeholder="Choose or type",
    )  # fmt: skip


def _with(usual: Sequence[object], name: str) -> list[object]:
    """What is offered, and what a link asked for beside it."""
    return list(dict.fromkeys([*usual, sweep_field(name).get()]))


def _rule_changed() -> None:
    """A rule takes one rate; a grid begins anew around the set-up's."""
    base, rates = SWEEP_BASE.get() or RunSpec(), sweep_field("learning_rates")
    if sweep_field("learning_rate_rule").get() != "fixed":
        rates.set([_middle(rates.get() or [as_text(base.learning_rate)])])
    elif len(rates.get() or ()) == 1:
        around = base.replace(learning_rate=float(rates.get()[0]), learning_rate_rule="fixed")
        rates.set([as_text(rate) for rate in SweepSpec.parse({"base": around}).learning_rates])


def _middle(rates: Sequence[str]) -> str:
    return rates[len(rates) // 2]


def _answers() -> dict[str, object]:
    """By field of the sweep and of its base."""
    values = {name: sweep_field(name).get() for name in FIELD_NAMES}
    if values["learning_rate_rule"] == "fixed":
        values["base_batch_size"] = None
    values["batch_sizes"] = ", ".join(values["batch_sizes"] or ())
    values["learning_rates"] = ", ".join(values["learning_rates"] or ())
    if not values["targets"]:
        values["targets"] = ()
    return values
