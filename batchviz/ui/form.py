"""The form: every question a RunSpec answers, in the sidebar. What it returns is validated as a whole.

Answers live in the session under `field_<name>`, so that a link can fill them in before the widgets exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from batchviz.datasets import DATASETS
from batchviz.errors import SpecError
from batchviz.models import ACTIVATIONS, MODELS
from batchviz.notation import as_text
from batchviz.optimizers import OPTIMIZERS
from batchviz.plan import split_at
from batchviz.spec import BUDGET_LIMITS, LEARNING_RATE_RULES, BatchSize, RunSpec, bounds

LEARNING_RATES = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0]
SCHEDULES = {
    "constant": "Constant",
    "growing": "Growing (doubles, as in the literature)",
    "shrinking": "Shrinking (halves, as in the article)",
    "own": "Own",
}
MOST_SEEDS = 10


@dataclass(frozen=True)
class Answers:
    """What the form says: a spec that can be trained, or the error that explains why not."""

    spec: RunSpec | None
    error: str
    seeds: int

    def replicates(self, spec: RunSpec) -> list[RunSpec]:
        """The spec at every seed asked for."""
        return [spec.but(seed=spec.seed + offset) for offset in range(self.seeds)]


def fill_in(spec: RunSpec) -> None:
    """Put a spec's values into the form, before its widgets are drawn."""
    for name in RunSpec.model_fields:
        value = getattr(spec, name)
        st.session_state[_key(name)] = as_text(value) if isinstance(value, tuple) else value
    st.session_state["batch_size_slider"] = st.session_state["batch_size_exact"] = None
    if spec.batch_schedule:
        st.session_state["schedule_kind"] = "own"


def ask() -> Answers:
    """Draw the form and return its answers."""
    for name, field in RunSpec.model_fields.items():
        if _key(name) not in st.session_state:
            default = field.default
            st.session_state[_key(name)] = as_text(default) if isinstance(default, tuple) else default
        else:
            # Streamlit forgets the value of a widget that one run of the script did not draw, unless it is set anew.
            st.session_state[_key(name)] = st.session_state[_key(name)]
    _data()
    _batch_size()
    _budget_and_split()
    _network()
    seeds = _learning()
    with st.expander("Advanced"):
        _advanced()
    given = {name: st.session_state[_key(name)] for name in RunSpec.model_fields}
    try:
        return Answers(RunSpec.parse(given), "", seeds)
    except SpecError as error:
        return Answers(None, str(error), seeds)


def batch_sizes() -> list[BatchSize]:
    """The powers of two below the form's training rows, and full: what the slider and a race offer."""
    rows = _training_rows()
    return [*(2**power for power in range(20) if 2**power < rows), "full"]


def _data() -> None:
    _choice("dataset", {name: data.title for name, data in DATASETS.items()}, on_change=_data_changed)
    st.caption(DATASETS[_value("dataset")].summary)


def _data_changed() -> None:
    """Another data set brings its own number of rows, and takes the pictures' network away with the pictures."""
    data = DATASETS[_value("dataset")]
    st.session_state[_key("rows")] = data.rows
    if MODELS[_value("model")].needs_image and data.image is None:
        st.session_state[_key("model")] = "mlp"
        _model_changed()


def _batch_size() -> None:
    """A slider over the powers of two and full, and an exact entry; both show the same value."""
    rows = _training_rows()
    size = _value("batch_size")
    options = batch_sizes()
    if size not in options:
        options = [*sorted({*options[:-1], int(size)}), "full"]
    st.session_state["batch_size_slider"] = size

    def slid() -> None:
        st.session_state[_key("batch_size")] = st.session_state["batch_size_slider"]

    def typed() -> None:
        if st.session_state["batch_size_exact"] is not None:
            st.session_state[_key("batch_size")] = st.session_state["batch_size_exact"]

    slider, exact = st.columns([2.6, 1], vertical_alignment="bottom", gap="small")
    with slider:
        st.select_slider(
            "Batch size",
            options,
            key="batch_size_slider",
            on_change=slid,
            format_func=lambda option: f"full ({rows:,})" if option == "full" else f"{option:,}",
            help="Examples in one gradient. Powers of two on the slider, any whole number in the box.",
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
        )


def _training_rows() -> int:
    rows, split = _value("rows"), _value("validation_split")
    return max(1, split_at(int(rows or DATASETS[_value("dataset")].rows), float(split or 0)))


def _budget_and_split() -> None:
    unit, budget = _value("budget_unit"), _value("budget")
    if unit == "epochs" and 1 <= budget <= 200:
        _slider("budget", "Epochs", 1, 200, 1, help="Passes over the training rows.")
    else:
        st.number_input(
            unit.capitalize(), min_value=1, max_value=BUDGET_LIMITS[unit], step=1, key=_key("budget"),
            help=RunSpec.model_fields["budget"].description,
        )  # fmt: skip
    _slider(
        "validation_split", "Validation split", 0.0, 0.9, 0.05,
        help="Share of the rows held out to measure on. As in Keras, the last rows.",
    )  # fmt: skip


def _network() -> None:
    data = DATASETS[_value("dataset")]
    models = {name: model.title for name, model in MODELS.items() if data.image or not model.needs_image}
    _choice("model", models, on_change=_model_changed)
    width, activation = st.columns(2)
    with width:
        _text("hidden", MODELS[_value("model")].hidden_title)
    with activation:
        _choice("activation", {name: name for name in ACTIVATIONS})


def _model_changed() -> None:
    st.session_state[_key("hidden")] = as_text(MODELS[_value("model")].hidden)


def _learning() -> int:
    _choice("optimizer", {name: optimizer.title for name, optimizer in OPTIMIZERS.items()})
    rate = _value("learning_rate")
    rates = sorted({*LEARNING_RATES, float(rate)})
    st.session_state[_key("learning_rate")] = float(rate)
    st.select_slider(
        "Learning rate", rates, key=_key("learning_rate"), format_func=lambda value: f"{value:g}",
        help=RunSpec.model_fields["learning_rate"].description,
    )  # fmt: skip
    _choice("learning_rate_rule", LEARNING_RATE_RULES)
    if _value("learning_rate_rule") != "fixed":
        _number("base_batch_size")
    first, count = st.columns(2)
    with first:
        _number("seed", "First seed")
    with count:
        return int(
            st.number_input(
                "Seeds", min_value=1, max_value=MOST_SEEDS, value=1, step=1, key="seeds",
                help="Train the same setting from several starts. Three or more allow a verdict.",
            )
        )  # fmt: skip


def _advanced() -> None:
    unit = _value("budget_unit")
    _choice(
        "budget_unit",
        {name: name.capitalize() for name in BUDGET_LIMITS},
        on_change=_unit_changed,
        args=(unit,),
    )
    _exact_rate()
    if OPTIMIZERS[_value("optimizer")].has_momentum:
        _slider("momentum", "Momentum", 0.0, 0.99, 0.01)
    _schedule()
    _number("accumulation")
    _slider("dropout", "Dropout", 0.0, 0.9, 0.05)
    st.toggle(
        str(RunSpec.model_fields["batch_norm"].title), key=_key("batch_norm"),
        help=RunSpec.model_fields["batch_norm"].description,
    )  # fmt: skip
    _number("rows", high=DATASETS[_value("dataset")].max_rows)
    if DATASETS[_value("dataset")].noisy:
        _slider("noise", "Noise", 0.0, 2.0, 0.05)
    _number("data_seed")


def _unit_changed(before: str) -> None:
    """Translate the budget, so that another unit starts as about the same amount of training."""
    after, budget = _value("budget_unit"), float(_value("budget"))
    try:
        given = {name: st.session_state[_key(name)] for name in RunSpec.model_fields}
        plan = RunSpec.parse({**given, "budget_unit": before, "budget": budget}).plan
    except SpecError:
        plan = None
    epochs = 10.0 if plan is None or plan.epochs is None else plan.epochs
    an_epoch = 25 if plan is None else plan.first.updates
    rows = 800 if plan is None else plan.training_rows
    amount = {"epochs": epochs, "updates": epochs * an_epoch, "examples": epochs * rows, "seconds": 2}[after]
    st.session_state[_key("budget")] = int(max(1, min(round(amount), BUDGET_LIMITS[after])))


def _exact_rate() -> None:
    def typed() -> None:
        st.session_state[_key("learning_rate")] = st.session_state["learning_rate_exact"]

    st.session_state["learning_rate_exact"] = float(_value("learning_rate"))
    st.number_input(
        "Exact learning rate", min_value=0.0, max_value=1000.0, step=0.001, format="%g",
        key="learning_rate_exact", on_change=typed,
    )  # fmt: skip


def _schedule() -> None:
    """Ready-made schedules fill the text in; the text is what counts."""

    def chosen() -> None:
        kind = st.session_state["schedule_kind"]
        if kind != "own":
            st.session_state[_key("batch_schedule")] = _ready_made(kind)

    if "schedule_kind" not in st.session_state:
        st.session_state["schedule_kind"] = "constant"
    st.selectbox("Batch-size schedule", list(SCHEDULES), key="schedule_kind", format_func=SCHEDULES.__getitem__,
                 on_change=chosen)  # fmt: skip
    if st.session_state["schedule_kind"] != "constant":
        _text("batch_schedule", "From epoch : batch size")
    else:
        st.session_state[_key("batch_schedule")] = ""


def _ready_made(kind: str) -> str:
    """Three changes over the run, doubling or halving each time."""
    size, rows = _value("batch_size"), _training_rows()
    epochs = int(_value("budget")) if _value("budget_unit") == "epochs" else 8
    first = rows if size == "full" else int(size)
    steps: list[tuple[int, int]] = []
    for change in (1, 2, 3):
        epoch = 1 + round(change * epochs / 4)
        later = min(first * 2**change, rows) if kind == "growing" else max(1, first // 2**change)
        if 2 <= epoch <= epochs and (not steps or epoch > steps[-1][0]):
            steps.append((epoch, later))
    return as_text(tuple(steps)) if kind != "constant" else ""


def _key(name: str) -> str:
    return f"field_{name}"


def _value(name: str) -> Any:
    return st.session_state[_key(name)]


def _choice(
    name: str,
    options: Mapping[str, str],
    on_change: Callable[..., None] | None = None,
    args: Sequence[Any] = (),
) -> None:
    if _value(name) not in options:
        st.session_state[_key(name)] = next(iter(options))
    field = RunSpec.model_fields[name]
    st.selectbox(
        str(field.title), list(options), key=_key(name), format_func=options.__getitem__, help=field.description,
        on_change=on_change, args=tuple(args),
    )  # fmt: skip


def _slider(name: str, title: str, low: float, high: float, step: float, help: str | None = None) -> None:
    kind = type(low)
    value = kind(_value(name))
    st.session_state[_key(name)] = value
    st.slider(
        title, min(low, value), max(high, value), step=step, key=_key(name),
        help=help or RunSpec.model_fields[name].description,
    )  # fmt: skip


def _number(name: str, title: str | None = None, high: int | None = None) -> None:
    field = RunSpec.model_fields[name]
    low, most = bounds(name)
    most = high or int(most or 2**31 - 1)
    st.session_state[_key(name)] = min(int(_value(name)), most)
    st.number_input(
        title or str(field.title), min_value=int(low or 0), max_value=most, step=1, key=_key(name),
        help=field.description,
    )  # fmt: skip


def _text(name: str, title: str) -> None:
    st.text_input(title, key=_key(name), help=RunSpec.model_fields[name].description, max_chars=200)
