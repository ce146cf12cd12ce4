"""The fields of the form: every question a RunSpec answers, and what changing one does to others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from batchviz.errors import SpecError
from batchviz.experiment import datasets
from batchviz.experiment.models import ACTIVATIONS, MODELS
from batchviz.experiment.optimizers import OPTIMIZERS
from batchviz.experiment.parsing import as_text
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import BUDGET_LIMITS, LEARNING_RATE_RULES, RunSpec
from batchviz.links.limits import MAX_SEEDS
from batchviz.text import hints, settings
from batchviz.ui import locks
from batchviz.ui.components import html
from batchviz.ui.components.spec_widgets import answer, choice, number, row, slider, text
from batchviz.ui.playground import batch_size, data_options
from batchviz.ui.session_state import EXACT_LEARNING_RATE, MEASURE_INSIDE, SEEDS, spec_field

LEARNING_RATES = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0]
SECOND_STEP = ("batch_size", "model", "hidden", "activation", "optimizer", "learning_rate", "seed", "seeds")
THIRD_STEP = (
    "batch_schedule", "accumulation", "learning_rate_rule", "base_batch_size", "momentum", "budget_unit", "dropout",
    "batch_norm", "rows", "noise", "data_seed", "measure_inside",
)  # fmt: skip


def draw_fields() -> None:
    """All of them that the link shows, in three steps: what a newcomer asks, what a run is made of, and the rest."""
    _data()
    batch_size.draw_batch_size()
    _budget_and_split()
    _step("Network, learning, seeds", SECOND_STEP, _network_and_learning)
    _step("Schedule, rules, rows, noise", THIRD_STEP, _rarely_changed)
    if locks.linked_spec():
        html.note("The author of this link has fixed some of the controls.")


def _step(title: str, fields: Sequence[str], draw: Callable[[], None]) -> None:
    """Closed at first. What is set in it is told under it, so that nothing acts in secret."""
    if locks.hidden(*fields):
        return
    with st.expander(title):
        draw()
    if changed := _changed(fields):
        html.note(changed)


def _changed(fields: Sequence[str]) -> str:
    try:
        spec = RunSpec.parse({name: answer(name) for name in RunSpec.model_fields})
    except SpecError:
        return ""  # the page says what is wrong
    return settings.changed(spec, fields, SEEDS.get(), inside_epochs=MEASURE_INSIDE.get())


def _data() -> None:
    if locks.hidden("dataset"):
        return
    choice("dataset", data_options.options(answer("dataset")), on_change=_data_changed)
    html.note(datasets.find(answer("dataset")).summary)


def _data_changed() -> None:
    """Another data set brings its own number of rows, and takes the pictures' network away with the pictures."""
    data = datasets.find(answer("dataset"))
    spec_field("rows").set(data.rows)
    if MODELS[answer("model")].needs_image and data.image is None:
        spec_field("model").set("mlp")
        _model_changed()


def _budget_and_split() -> None:
    unit, budget = answer("budget_unit"), answer("budget")
    if unit == "epochs" and 1 <= budget <= 200:
        slider("budget", "Epochs", 1, 200, 1, help=hints.BUDGET[unit])
    elif not locks.hidden("budget"):
        # Seconds alone may be fractions, as a link may say; a shorter time than the least here widens the range.
        kind, least = (float, min(0.1, budget)) if unit == "seconds" else (int, 1)
        spec_field("budget").set(kind(budget))
        st.number_input(
            "Seconds on this machine" if unit == "seconds" else unit.capitalize(), min_value=least,
            max_value=kind(BUDGET_LIMITS[unit]), step=kind(1), key=spec_field("budget").name,
            format="%g" if kind is float else None, disabled=locks.locked("budget"),
            help=hints.BUDGET[unit],
        )  # fmt: skip
    slider("validation_split", "Validation split", 0.0, 0.9, 0.05)


def _network_and_learning() -> None:
    batch_size.draw_exact_batch_size()
    data = datasets.find(answer("dataset"))
    models = {name: model.title for name, model in MODELS.items() if data.image or not model.needs_image}
    choice("model", models, on_change=_model_changed)
    row(
        hidden=lambda: text("hidden", MODELS[answer("model")].hidden_title),
        activation=lambda: choice("activation", {name: name for name in ACTIVATIONS}),
    )
    choice("optimizer", {name: optimizer.title for name, optimizer in OPTIMIZERS.items()})
    _rate()
    row(seed=lambda: number("seed", "First seed"), seeds=_seeds)


def _model_changed() -> None:
    spec_field("hidden").set(as_text(MODELS[answer("model")].hidden))


def _rate() -> None:
    if locks.hidden("learning_rate"):
        return
    rate = answer("learning_rate")
    rates = sorted({*LEARNING_RATES, float(rate)})
    spec_field("learning_rate").set(float(rate))
    st.select_slider(
        "Learning rate", rates, key=spec_field("learning_rate").name, format_func=lambda value: f"{value:g}",
        help=hints.FIELDS["learning_rate"], disabled=locks.locked("learning_rate"),
    )  # fmt: skip


def _seeds() -> None:
    st.number_input(
        "Seeds", min_value=1, max_value=MAX_SEEDS, step=1, key=SEEDS.name, disabled=locks.locked("seeds"),
        help=hints.SEEDS,
    )  # fmt: skip


def _rarely_changed() -> None:
    batch_size.draw_schedule()
    number("accumulation")
    choice("learning_rate_rule", LEARNING_RATE_RULES)
    if answer("learning_rate_rule") != "fixed":
        number("base_batch_size")
    _exact_rate()
    if OPTIMIZERS[answer("optimizer")].has_momentum:
        slider("momentum", "Momentum", 0.0, 0.99, 0.01)
    units = {name: name.capitalize() for name in BUDGET_LIMITS}
    choice("budget_unit", units, on_change=translate_budget, args=(answer("budget_unit"),))
    slider("dropout", "Dropout", 0.0, 0.9, 0.05)
    if not locks.hidden("batch_norm"):
        st.toggle(
            str(RunSpec.model_fields["batch_norm"].title), key=spec_field("batch_norm").name,
            help=hints.FIELDS["batch_norm"], disabled=locks.locked("batch_norm"),
        )  # fmt: skip
    number("rows", high=datasets.find(answer("dataset")).max_rows)
    if datasets.find(answer("dataset")).noisy:
        slider("noise", "Noise", 0.0, 2.0, 0.05)
    number("data_seed")
    if not locks.hidden("measure_inside"):
        st.toggle(
            "Measure inside epochs", key=MEASURE_INSIDE.name, help=hints.MEASURE_INSIDE,
            disabled=locks.locked("measure_inside"),
        )  # fmt: skip


def translate_budget(before: str) -> None:
    """Translate the budget, so that another unit starts as about the same amount of training."""
    after, budget = answer("budget_unit"), float(answer("budget"))
    try:
        answers = {name: answer(name) for name in RunSpec.model_fields}
        plan = plan_for(RunSpec.parse({**answers, "budget_unit": before, "budget": budget}))
    except SpecError:
        plan = None
    epochs = 10.0 if plan is None or plan.epochs is None else plan.epochs
    an_epoch = 25 if plan is None else plan.first.updates
    rows = 800 if plan is None else plan.training_rows
    amount = {"epochs": epochs, "updates": epochs * an_epoch, "examples": epochs * rows, "seconds": 2}[after]
    spec_field("budget").set(int(max(1, min(round(amount), BUDGET_LIMITS[after]))))


def _exact_rate() -> None:
    if locks.hidden("learning_rate"):
        return

    def typed() -> None:
        spec_field("learning_rate").set(EXACT_LEARNING_RATE.get())

    EXACT_LEARNING_RATE.set(float(answer("learning_rate")))
    st.number_input(
        "Exact learning rate", min_value=0.0, max_value=1000.0, step=0.001, format="%g",
        key=EXACT_LEARNING_RATE.name, on_change=typed, help=hints.EXACT_LEARNING_RATE,
        disabled=locks.locked("learning_rate"),
    )  # fmt: skip
