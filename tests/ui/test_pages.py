"""Every page through Streamlit's own test runner: the form, its facts and its errors, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.records import Status
from batchviz.spec import RunSpec
from batchviz.ui import laboratory
from tests.nonsense import WORDS

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))

pytestmark = pytest.mark.usefixtures("data_dir")


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/shell.py"), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def facts(app: AppTest) -> str:
    return next(str(element.proto.body) for element in app.get("html") if "<dl" in str(element.proto.body))


def queued(app: AppTest) -> list[RunSpec]:
    ids = app.session_state["shown"]
    runs = laboratory.store().runs(ids)
    return [runs[run_id].spec for run_id in ids]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_opens_on_an_empty_store(page: Path) -> None:
    app = AppTest.from_file(str(page), default_timeout=30).run()
    assert not app.exception
    assert not app.error


def test_the_form_starts_as_the_articles_experiment() -> None:
    app = opened()
    app.button(key="train").click().run()
    assert queued(app) == [RunSpec()]


@pytest.mark.parametrize(
    "spec",
    [
        RunSpec(batch_size=48, budget=25, validation_split=0.3, seed=9),
        RunSpec.parse({"dataset": "digits", "model": "convnet", "batch_size": "full", "dropout": 0.2}),
        RunSpec.parse({"dataset": "teacher", "noise": 0.35, "hidden": (64, 32), "optimizer": "nesterov"}),
        RunSpec(budget_unit="updates", budget=250, accumulation=3, batch_norm=True, activation="tanh"),
        RunSpec(batch_schedule=((3, 64), (6, "full")), learning_rate_rule="sqrt", base_batch_size=8),
        RunSpec(learning_rate=0.00625, budget=500),
    ],
)
def test_a_link_fills_the_form_in_and_trains_the_same_spec(spec: RunSpec) -> None:
    from batchviz import link

    app = opened(**link.encode(spec))
    assert not app.error
    app.button(key="train").click().run()
    assert queued(app) == [spec]


def test_facts_follow_the_sliders() -> None:
    app = opened()
    assert "<dd>25</dd>" in facts(app)
    app.select_slider(key="batch_size_slider").set_value("full").run()
    assert "<dd>800</dd>" in facts(app)
    app.slider(key="field_validation_split").set_value(0.5).run()
    assert "<dd>500</dd>" in facts(app)


def test_exact_entry_and_slider_show_the_same_batch_size() -> None:
    app = opened()
    app.number_input(key="batch_size_exact").set_value(48).run()
    assert app.select_slider(key="batch_size_slider").value == 48
    app.select_slider(key="batch_size_slider").set_value(64).run()
    assert app.number_input(key="batch_size_exact").value == 64


def test_another_data_set_brings_its_rows_and_leaves_the_convnet_behind() -> None:
    app = opened(v="1", dataset="digits", model="convnet")
    app.selectbox(key="field_dataset").select("diabetes").run()
    app.button(key="train").click().run()
    assert not app.error
    assert queued(app) == [RunSpec.parse({"dataset": "diabetes"})]


@pytest.mark.parametrize("unit", ["updates", "examples", "seconds"])
def test_another_budget_unit_keeps_about_the_same_amount(unit: str) -> None:
    app = opened()
    app.selectbox(key="field_budget_unit").select(unit).run()
    app.button(key="train").click().run()
    (spec,) = queued(app)
    assert (spec.budget_unit, spec.budget) == (unit, {"updates": 250, "examples": 8000, "seconds": 2}[unit])


def test_seeds_train_replicates_from_the_first_seed_on() -> None:
    app = opened(v="1", seed="5")
    app.number_input(key="seeds").set_value(3).run()
    app.button(key="train").click().run()
    assert [spec.seed for spec in queued(app)] == [5, 6, 7]


def test_a_race_queues_each_size_from_the_same_start() -> None:
    app = opened()
    app.button(key="race").click().run()
    specs = queued(app)
    assert [spec.batch_size for spec in specs] == [1, 8, 32, 128, "full"]
    assert {spec.seed for spec in specs} == {0}


def test_training_twice_puts_one_run_on_the_page() -> None:
    app = opened()
    app.button(key="train").click().run()
    app.button(key="train").click().run()
    assert len(app.session_state["shown"]) == 1


def test_stop_ends_what_waits() -> None:
    app = opened()
    app.button(key="train").click().run()
    app.button(key="stop").click().run()
    (run_id,) = app.session_state["shown"]
    assert laboratory.store().run(run_id).status is Status.STOPPED


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("field_hidden", "16; 4", "Hidden widths"),
        ("field_hidden", "99999", "Hidden widths"),
    ],
)
def test_nonsense_in_the_form_is_explained_and_cannot_be_trained(key: str, value: str, said: str) -> None:
    app = opened()
    app.text_input(key=key).set_value(value).run()
    assert said in app.error[0].value
    assert app.button(key="train").disabled
    assert not app.exception


@pytest.mark.parametrize(("given", "said"), WORDS[::4])
def test_nonsense_in_the_link_is_explained_and_starts_nothing(given: dict[str, str], said: list[str]) -> None:
    app = opened(v="1", **given)
    assert all(part in app.error[0].value for part in said)
    assert app.session_state["shown"] == []


def test_a_set_up_that_fits_no_rows_is_explained() -> None:
    app = opened(v="1", validation_split="0.9999")
    assert "leaves no training rows" in app.error[0].value


def test_a_store_that_cannot_be_opened_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCHVIZ_DATABASE_URL", "sqlite:////dev/null/batchviz.db")
    laboratory.settings.cache_clear()
    laboratory.store.cache_clear()
    app = AppTest.from_file(str(ROOT / "batchviz/ui/shell.py"), default_timeout=30).run()
    app.button(key="train").click().run()
    assert not app.exception
    assert "cannot be used" in app.error[0].value
