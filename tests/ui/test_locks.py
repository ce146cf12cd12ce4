"""A locked link: its controls are disabled or gone, and what is locked is what trains."""

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.links.lesson import CONTROLS
from batchviz.ui import resources
from tests.ui.notices import problems
from tests.ui.test_compare import race

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("data_dir")


def opened(query: str, **session: object) -> AppTest:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    for name, value in parse_qsl(query):
        app.query_params[name] = value
    for name, value in session.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception
    return app


def trained(app: AppTest) -> list[RunSpec]:
    app.button(key="train").click().run()
    runs = resources.store().runs.by_id(app.session_state["shown"])
    return [run.spec for run in runs.values()]


def widgets(app: AppTest) -> dict[str, bool]:
    """Key -> disabled, of everything that can be answered in the sidebar."""
    kinds = (app.select_slider, app.slider, app.number_input, app.selectbox, app.text_input, app.toggle)
    return {str(one.key): one.disabled for kind in kinds for one in kind if one.key}


def test_only_the_free_controls_answer() -> None:
    app = opened("v=1&seed=4&free=batch_size-seed")
    free = {key for key, disabled in widgets(app).items() if not disabled}
    assert free == {"field_batch_size", "batch_size_exact", "field_seed"}
    assert len(widgets(app)) > 15


def test_hidden_controls_are_not_drawn() -> None:
    app = opened("v=1&seed=4&free=batch_size&hide=1")
    assert set(widgets(app)) == {"field_batch_size", "batch_size_exact"}
    app.select_slider(key="field_batch_size").set_value(8).run()
    assert trained(app) == [RunSpec(batch_size=8, seed=4)]


@pytest.mark.parametrize(("control", "hide"), list(zip(CONTROLS[::3], "01010101", strict=True)))
def test_a_form_with_one_free_control_draws_and_trains_the_links_set_up(control: str, hide: str) -> None:
    spec = RunSpec.parse({"dataset": "teacher", "batch_schedule": "2:64", "optimizer": "momentum", "seed": 2})
    parameters = experiment.encode(spec) | {"free": control, "hide": hide}
    app = opened("&".join(f"{name}={value}" for name, value in parameters.items()))
    assert not problems(app)
    assert trained(app) == [spec]


@pytest.mark.parametrize("hide", ["", "&hide=1"])
def test_what_is_locked_trains_whatever_the_session_held(hide: str) -> None:
    app = opened(
        "v=1&hidden=64-32&learning_rate=0.01&budget=3&free=batch_size" + hide,
        field_hidden="8",
        field_learning_rate=0.3,
        field_budget=77.0,
        field_dataset="digits",
        field_batch_schedule="2:4",
        schedule_kind="own",
        seeds=7,
    )
    app.select_slider(key="field_batch_size").set_value(128).run()
    for name, value in {"field_hidden": "4", "field_dataset": "digits", "field_seed": 9, "seeds": 5}.items():
        app.session_state[name] = value
    assert trained(app) == [RunSpec(hidden=(64, 32), learning_rate=0.01, budget=3, batch_size=128)]


def test_a_locked_link_stays_locked_after_train_and_reload() -> None:
    app = opened("v=1&budget=3&title=Noise&free=batch_size&hide=1&layout=log")
    app.select_slider(key="field_batch_size").set_value(64).run()
    app.button(key="train").click().run()
    address = dict(app.query_params)
    assert address["runs"] == app.session_state["shown"][0]
    again = opened("&".join(f"{name}={value}" for name, value in address.items()))
    assert set(widgets(again)) == {"field_batch_size", "batch_size_exact"}
    assert again.session_state["frame"] == app.session_state["frame"]
    assert again.session_state["link_spec"] == RunSpec(budget=3, batch_size=64)


def test_an_invalid_answer_does_not_lose_what_is_locked() -> None:
    app = opened("v=1&budget=3&free=hidden")
    app.text_input(key="field_hidden").set_value("wide").run()
    assert problems(app)
    assert app.query_params["budget"] == "3"
    assert app.query_params["free"] == "hidden"


def test_another_data_set_brings_its_rows_past_the_lock() -> None:
    app = opened("v=1&free=dataset")
    app.selectbox(key="field_dataset").select("diabetes").run()
    assert not problems(app)
    assert trained(app) == [RunSpec.parse({"dataset": "diabetes"})]


def test_a_locked_network_is_not_exchanged_for_one_that_fits() -> None:
    app = opened("v=1&dataset=digits&model=convnet&free=dataset")
    app.selectbox(key="field_dataset").select("random").run()
    assert "needs pictures" in problems(app)[0]
    assert app.button(key="train").disabled


def test_racing_is_locked_with_the_batch_size() -> None:
    assert opened("v=1&free=seed").button(key="race").disabled
    assert not opened("v=1&free=batch_size").button(key="race").disabled
    hidden = opened("v=1&free=seed&hide=1")
    assert "race" not in {button.key for button in hidden.button}
    assert {"train", "stop"} <= {button.key for button in hidden.button}


@pytest.mark.parametrize(
    ("free", "offered"),
    [
        ("", ["updates", "linear"]),
        ("batch_size", []),
        ("batch_size-learning_rate_rule-base_batch_size", ["linear"]),
        ("batch_size-budget-budget_unit", ["updates"]),
        ("learning_rate_rule-base_batch_size-budget-budget_unit", []),
    ],
)
def test_a_race_again_is_offered_where_the_link_leaves_free_what_it_changes(
    free: str, offered: list[str]
) -> None:
    runs = ",".join(run.id for run in race(1, 32, "full"))
    app = opened(f"v=1&runs={runs}" + (f"&free={free}" if free else ""))
    (chart,) = [
        data
        for component in app.get("bidi_component")
        if "again" in (data := json.loads(component.proto.json))
    ]
    assert [offer["change"] for offer in chart["again"]["offers"]] == offered


def test_the_link_says_how_many_seeds_one_press_trains() -> None:
    app = opened("v=1&seeds=3&free=batch_size")
    assert app.number_input(key="seeds").disabled
    assert [spec.seed for spec in trained(app)] == [0, 1, 2]


def test_a_chart_alone_has_no_form_and_no_buttons() -> None:
    run = resources.store().queue.add([RunSpec(seed=3)], "teacher", "test")[0]
    app = opened(f"runs={run.id}&layout=chart")
    assert widgets(app) == {}
    assert [button.key for button in app.button] == ["present"], "of every page's frame"
    assert app.query_params["runs"] == run.id


def test_chart_and_buttons_train_the_links_set_up() -> None:
    app = opened("v=1&seed=6&batch_size=8&layout=buttons")
    assert widgets(app) == {}
    assert trained(app) == [RunSpec(seed=6, batch_size=8)]


def test_opening_a_set_up_starts_nothing() -> None:
    app = opened("v=1&batch_size=8&title=Try&free=batch_size")
    assert app.session_state["shown"] == []
    assert not resources.store().queue.anything_unfinished()


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "**bold** $x^2$ :red[no]", '"><img src=x onerror=y>']
)
def test_title_and_text_are_text(words: str) -> None:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    app.query_params["title"] = app.query_params["text"] = words
    app.run()
    drawn = next(
        str(one.proto.body) for one in app.get("html") if 'data-testid="words"' in str(one.proto.body)
    )
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert not any(words in str(one.value) for kind in (app.markdown, app.caption) for one in kind)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("v=1&batch_size=8&free=batchsize", "there is no control 'batchsize'; expected batch_size"),
        ("v=1&layout=sideways", "layout: there is no 'sideways'"),
        ("title=" + "x" * 121, "title: got 121 characters"),
        ("v=2&title=Later", "version '2'"),
    ],
)
def test_a_damaged_frame_is_explained(query: str, said: str) -> None:
    app = opened(query)
    assert [error.count(said) for error in problems(app)] == [1]
