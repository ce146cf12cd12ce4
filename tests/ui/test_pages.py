"""Every page through Streamlit's own test runner: the form, its facts and its errors, without a browser."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.experiment.clock import clock_key
from batchviz.experiment.presets import OPENING, PRESETS
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import queue
from batchviz.store.inserts import insert_run
from batchviz.ui import resources
from tests.analysis.recorded import clock
from tests.nonsense import WORDS
from tests.ui import link
from tests.ui.notices import notes, problems
from tests.ui.test_compare import race

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))

pytestmark = pytest.mark.usefixtures("data_dir")


def opened(**query: str) -> AppTest:
    """The Playground of a link to these parameters; without any, to the article's experiment."""
    return link.opened(**(query or {"v": "1"}))


def strip(app: AppTest) -> str:
    return next(str(element.proto.body) for element in app.get("html") if "<dl" in str(element.proto.body))


def facts(app: AppTest) -> dict[str, str]:
    """Name -> value; a name that is a term is a button."""
    return dict(re.findall(r"<dt>(?:<button[^>]*>)?(.*?)(?:</button>)?</dt><dd>(.*?)</dd>", strip(app)))


def chart(app: AppTest) -> dict[str, Any]:
    """What the live chart is told."""
    return json.loads(app.get("bidi_component")[0].proto.json)


def queued(app: AppTest) -> list[RunSpec]:
    ids = app.session_state["shown"]
    runs = resources.store().runs.by_id(ids)
    return [runs[run_id].spec for run_id in ids]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_opens_on_an_empty_store(page: Path) -> None:
    app = AppTest.from_file(str(page), default_timeout=30).run()
    assert not app.exception
    assert not problems(app)


def test_a_link_that_says_nothing_else_opens_the_articles_experiment() -> None:
    app = opened(v="1")
    app.button(key="train").click().run()
    assert queued(app) == [RunSpec()]


def test_an_empty_address_opens_the_race_that_plays_there_and_stays_empty() -> None:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30).run()
    assert chart(app)["opening"] is True
    assert not app.query_params
    app.button(key="train").click().run()
    assert queued(app) == [PRESETS[OPENING].spec]


@pytest.mark.parametrize("locking", [{"free": "batch_size"}, {"title": "Noise"}, {"layout": "buttons"}])
def test_no_race_plays_where_a_links_author_decides_what_is_seen(locking: dict[str, str]) -> None:
    assert chart(opened(v="1", **locking))["opening"] is False


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_fills_the_form_and_trains_its_race(name: str) -> None:
    def pressed() -> None:
        import streamlit as st

        from batchviz.ui.playground import actions

        st.button("Race", key="press", on_click=actions.start_preset, args=(st.query_params["name"],))

    app = AppTest.from_function(pressed)
    app.query_params["name"] = name
    app.run().button(key="press").click().run()
    assert queued(app) == PRESETS[name].specs
    assert app.session_state["field_dataset"] == PRESETS[name].spec.dataset
    assert app.session_state["field_budget"] == PRESETS[name].spec.budget


def test_a_preset_of_another_version_is_told() -> None:
    def pressed() -> None:
        import streamlit as st

        from batchviz.ui.components import notices
        from batchviz.ui.playground import actions

        st.button("Race", key="press", on_click=actions.start_preset, args=("gone",))
        st.text(notices.take_report())

    app = AppTest.from_function(pressed).run()
    app.button(key="press").click().run()
    assert "Reload the page" in app.text[0].value


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
    from batchviz.links import experiment

    app = opened(**experiment.encode(spec))
    assert not problems(app)
    app.button(key="train").click().run()
    assert queued(app) == [spec]


def test_facts_say_which_run_they_describe() -> None:
    app = opened()
    assert "Train starts B = 32, Adam, lr 0.001, 16 relu, seed 0" in strip(app)
    app.select_slider(key="field_batch_size").set_value(8).run()
    app.number_input(key="seeds").set_value(3).run()
    assert "Train starts B = 8, Adam, lr 0.001, 16 relu, seeds 0 to 2" in strip(app)


def test_facts_follow_the_sliders() -> None:
    app = opened()
    assert facts(app) == {
        "Training rows": "800",
        "Validation rows": "200",
        "Updates an epoch": "25",
        "Last batch": "32",
        "Updates in all": "250",
        "Parameters": "193",  # 10 x 16 + 16 weights into the hidden layer, 16 + 1 out of it
        # 4 bytes x (193 weights x (1 + gradient + Adam's 2) + 32 rows x 17 outputs, kept once or twice)
        "Memory": "5.26–7.44 kB",
        "Training time": "told after a run",
        "Examples a second": "told after a run",
    }
    app.select_slider(key="field_batch_size").set_value("full").run()
    app.slider(key="field_validation_split").set_value(0.5).run()
    full = facts(app)
    assert full["Training rows"] == full["Validation rows"] == full["Last batch"] == "500"
    assert (full["Updates an epoch"], full["Updates in all"]) == ("1", "10")
    assert full["Memory"] == "37.1–71.1 kB"


def test_the_expected_time_is_that_of_all_seeds_on_the_clock() -> None:
    known = clock(overhead=0.008, per_example=0.0, network=clock_key(RunSpec()) or "")
    resources.store().clocks.save(known)
    app = opened()
    assert facts(app)["Training time"] == "about 2 s"
    assert facts(app)["Examples a second"] == "4,000", "32 in 8 ms"
    app.number_input(key="seeds").set_value(3).run()
    assert facts(app)["Training time"] == "about 6 s"


def test_exact_entry_and_slider_show_the_same_batch_size() -> None:
    app = opened()
    app.number_input(key="batch_size_exact").set_value(48).run()
    assert app.select_slider(key="field_batch_size").value == 48
    app.select_slider(key="field_batch_size").set_value(64).run()
    assert app.number_input(key="batch_size_exact").value == 64


def test_another_data_set_brings_its_rows_and_leaves_the_convnet_behind() -> None:
    app = opened(v="1", dataset="digits", model="convnet")
    app.selectbox(key="field_dataset").select("diabetes").run()
    app.button(key="train").click().run()
    assert not problems(app)
    assert queued(app) == [RunSpec.parse({"dataset": "diabetes"})]


@pytest.mark.parametrize("unit", ["updates", "examples", "seconds"])
def test_another_budget_unit_keeps_about_the_same_amount(unit: str) -> None:
    app = opened()
    app.selectbox(key="field_budget_unit").select(unit).run()
    app.button(key="train").click().run()
    (spec,) = queued(app)
    assert (spec.budget_unit, spec.budget) == (unit, {"updates": 250, "examples": 8000, "seconds": 2}[unit])


def test_a_budget_of_half_a_second_is_what_trains() -> None:
    app = opened(v="1", budget_unit="seconds", budget="0.05")
    app.button(key="train").click().run()
    app.number_input(key="field_budget").set_value(0.5).run()
    app.button(key="train").click().run()
    assert [spec.budget for spec in queued(app)] == [0.05, 0.5]


def test_a_ready_made_schedule_follows_the_batch_size_and_the_budget() -> None:
    app = opened()
    app.selectbox(key="schedule_kind").select("growing").run()
    app.select_slider(key="field_batch_size").set_value(128).run()
    assert app.text_input(key="field_batch_schedule").value == "3:256, 6:512, 8:800"
    app.slider(key="field_budget").set_value(4).run()
    assert app.text_input(key="field_batch_schedule").value == "2:256, 3:512, 4:800"
    app.button(key="train").click().run()
    (spec,) = queued(app)
    assert spec.batch_schedule == ((2, 256), (3, 512), (4, 800))
    app.selectbox(key="schedule_kind").select("constant").run()
    assert app.session_state["field_batch_schedule"] == ""


@pytest.mark.parametrize("kind", ["growing", "shrinking"])
@pytest.mark.parametrize(
    ("unit", "budget"),
    [("epochs", 1), ("epochs", 2), ("updates", 3), ("updates", 250), ("examples", 900), ("seconds", 2)],
)
def test_a_ready_made_schedule_ends_before_the_run_does(kind: str, unit: str, budget: int) -> None:
    app = opened(v="1", budget_unit=unit, budget=str(budget), accumulation="2")
    app.selectbox(key="schedule_kind").select(kind).run()
    assert not problems(app)
    assert not app.button(key="train").disabled


def test_a_ready_made_schedule_that_is_changed_by_hand_stays_as_it_is() -> None:
    app = opened()
    app.selectbox(key="schedule_kind").select("growing").run()
    app.text_input(key="field_batch_schedule").set_value("4:96").run()
    assert app.selectbox(key="schedule_kind").value == "own"
    app.select_slider(key="field_batch_size").set_value(128).run()
    app.button(key="train").click().run()
    (spec,) = queued(app)
    assert (spec.batch_size, spec.batch_schedule) == (128, ((4, 96),))


def test_seeds_train_replicates_from_the_first_seed_on() -> None:
    app = opened(v="1", seed="5")
    app.number_input(key="seeds").set_value(3).run()
    app.button(key="train").click().run()
    assert [spec.seed for spec in queued(app)] == [5, 6, 7]


def test_a_race_queues_each_size_from_the_same_start() -> None:
    app = opened()
    app.button(key="race").click().run()
    sizes = [1, 8, 32, 128, "full"]
    assert [(spec.batch_size, spec.seed) for spec in queued(app)] == [
        (size, seed) for seed in range(10) for size in sizes
    ]


def test_the_first_seed_of_every_size_is_trained_before_the_others_and_before_those_of_anybodys_race() -> (
    None
):
    for _ in range(2):
        opened().button(key="race").click().run()
    store = resources.store()
    claimed = [store.queue.claim("worker") for _ in range(20)]
    assert [run.spec.seed for run in claimed if run] == [0] * 10 + [1] * 10


def test_who_wants_no_measurements_inside_epochs_says_so_and_reads_that_it_is_so() -> None:
    app = opened()
    assert app.toggle(key="measure_inside").value
    app.toggle(key="measure_inside").set_value(False).run()
    assert any("measured at epochs' ends only" in note for note in notes(app))
    app.button(key="train").click().run()
    [run] = resources.store().runs.by_id(app.session_state["shown"]).values()
    assert run.measure_at is None


@pytest.mark.parametrize("seeds", [1, 3, 20])
def test_the_visitor_says_how_many_seeds_a_race_has(seeds: int) -> None:
    app = opened()
    app.segmented_control(key="race_seeds").set_value(seeds).run()
    app.button(key="race").click().run()
    assert {spec.seed for spec in queued(app)} == set(range(seeds))
    assert len(app.session_state["shown"]) == 5 * seeds


def test_a_race_gives_every_size_the_same_updates_where_its_menu_says_so() -> None:
    app = opened()
    app.segmented_control(key="race_equal").set_value("updates").run()
    assert any("Every size learns 250 times" in note for note in notes(app))
    app.button(key="race").click().run()
    members = queued(app)
    assert {(spec.budget_unit, spec.budget) for spec in members} == {("updates", 250)}
    assert {spec.batch_size for spec in members} == {1, 8, 32, 128, "full"}
    linked = opened(v="1", budget_unit="updates", budget="40")
    assert linked.segmented_control(key="race_equal").value == "updates"


def test_a_race_too_slow_for_ten_seeds_has_fewer_and_says_so() -> None:
    app = opened(v="1", budget_unit="seconds", budget="2")
    app.session_state["race_menu"] = True
    app.run()
    assert app.session_state["race_seeds"] == 5
    told = " ".join(notes(app))
    assert "10 seeds would take about 45 s: 5 seeds unless you choose more." in told
    app.segmented_control(key="race_seeds").set_value(10).run()
    app.button(key="race").click().run()
    assert {spec.seed for spec in queued(app)} == set(range(10))


def test_seeds_that_a_chart_has_no_room_for_are_not_offered() -> None:
    app = opened()
    app.session_state["race_sizes"] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, "full"]
    app.run()
    assert "20" not in app.segmented_control(key="race_seeds").options
    app.button(key="race").click().run()
    assert len(app.session_state["shown"]) == 110


def test_the_address_of_a_race_is_short_and_opens_all_its_runs() -> None:
    app = opened()
    app.session_state["race_sizes"] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, "full"]
    app.run()
    app.button(key="race").click().run()
    shown, runs = app.session_state["shown"], app.query_params["runs"]
    assert len(shown) == 110
    assert len(runs) < 180
    again = opened(v="1", runs=runs)
    assert set(again.session_state["shown"]) == set(shown)
    assert again.query_params["runs"] == runs
    by_id = opened(v="1", runs=",".join(shown))
    assert set(by_id.session_state["shown"]) == set(shown), "a link from before still opens them"


def test_the_offer_beside_the_sentence_trains_seeds_of_what_is_not_settled() -> None:
    runs = race(1, 1000, seeds=3, spread=0)

    def accepted() -> None:
        import streamlit as st

        from batchviz.ui.playground import actions
        from batchviz.ui.session_state import SHOWN_RUNS

        SHOWN_RUNS.set(st.query_params["runs"].split(","))
        st.button("Accept", key="accept", on_click=actions.train_offered)

    app = AppTest.from_function(accepted)
    app.query_params["runs"] = ",".join(run.id for run in runs)
    app.run().button(key="accept").click().run()
    assert not problems(app)
    waiting = [run.spec for run in iter(lambda: resources.store().queue.claim("worker"), None)]
    assert {(spec.batch_size, spec.seed) for spec in waiting} == {
        (size, seed) for size in (1, 1000) for seed in range(3, 10)
    }


@pytest.mark.parametrize(("parameters", "seeds"), [({"seeds": "3"}, 3), ({"free": "batch_size"}, 1)])
def test_a_race_has_the_seeds_that_a_link_says(parameters: dict[str, str], seeds: int) -> None:
    app = opened(v="1", **parameters)
    app.button(key="race").click().run()
    assert {spec.seed for spec in queued(app)} == set(range(seeds))


def test_training_anew_what_was_stopped_puts_the_new_attempt_in_its_place() -> None:
    app = opened()
    app.button(key="train").click().run()
    (stopped,) = app.session_state["shown"]
    app.button(key="stop").click().run()
    app.button(key="train").click().run()
    (anew,) = app.session_state["shown"]
    assert anew != stopped


def test_where_a_chart_is_full_the_oldest_settings_leave_it_whole() -> None:
    app = opened()
    app.segmented_control(key="race_seeds").set_value(20).run()
    for first in (0, 100):
        app.number_input(key="field_seed").set_value(first).run()
        app.button(key="race").click().run()
    shown = queued(app)
    assert len(shown) <= 128
    assert {len([s for s in shown if s.batch_size == size and s.seed < 100]) for size in (1, 8)} <= {0, 20}


def test_in_a_race_a_ready_made_schedule_starts_from_each_size() -> None:
    app = opened()
    app.selectbox(key="schedule_kind").select("growing").run()
    app.button(key="race").click().run()
    assert {spec.batch_size: spec.batch_schedule for spec in queued(app)} == {
        1: ((3, 2), (6, 4), (8, 8)),
        8: ((3, 16), (6, 32), (8, 64)),
        32: ((3, 64), (6, 128), (8, 256)),
        128: ((3, 256), (6, 512), (8, 800)),
        "full": ((3, 800), (6, 800), (8, 800)),
    }


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
    assert resources.store().runs.get(run_id).status is Status.STOPPED


def test_only_ones_own_runs_can_be_stopped() -> None:
    theirs = resources.store().queue.add([RunSpec(seed=7)], "somebody else", "test")[0].id
    app = opened(runs=theirs)
    app.button(key="train").click().run()
    assert chart(app)["runs"] == [theirs, app.session_state["shown"][1]]
    assert chart(app)["owned"] == app.session_state["shown"][1:]
    assert "somebody else" not in json.dumps(chart(app))


def test_a_stop_that_is_refused_is_told_to_the_chart() -> None:
    theirs = resources.store().queue.add([RunSpec(seed=7)], "somebody else", "test")[0].id

    def pressed() -> None:
        import streamlit as st

        from batchviz.ui.components import notices
        from batchviz.ui.playground import actions

        st.button("Stop it", key="stop_it", on_click=actions.stop, args=(st.query_params["runs"],))
        st.json([actions.refused_stops(), notices.take_report()])

    app = AppTest.from_function(pressed)
    app.query_params["runs"] = theirs
    app.run().button(key="stop_it").click().run()
    assert json.loads(app.json[0].value) == [[theirs], "Only the visitor who started a run can stop it."]


def test_a_race_that_meets_a_locked_database_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    added: list[RunSpec] = []

    def third_fails(connection: Any, spec: RunSpec, *rest: Any, **values: Any) -> int:
        added.append(spec)
        if len(added) == 3:
            raise sqlite3.OperationalError("database is locked")
        return insert_run(connection, spec, *rest, **values)

    monkeypatch.setattr(queue, "insert_run", third_fails)
    app.button(key="race").click().run()
    assert "is locked" in problems(app)[0]
    assert not resources.store().queue.anything_queued()
    app.button(key="race").click().run()
    assert not problems(app)
    assert [spec.batch_size for spec in queued(app)] == [1, 8, 32, 128, "full"] * 10


def test_a_locked_database_is_explained_and_nothing_is_lost(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources.store().database, "_busy_seconds", 0.05)
    resources.store().close()  # connections made before would wait longer
    app = opened(v="1", batch_size="48")
    app.button(key="train").click().run()
    app.number_input(key="field_seed").set_value(1).run()
    with closing(sqlite3.connect(data_dir / "batchviz.db", isolation_level=None)) as another:
        another.execute("BEGIN EXCLUSIVE")
        app.button(key="train").click().run()
        assert not app.exception
        assert "is locked" in problems(app)[0]
        assert [spec.seed for spec in queued(app)] == [0]
        assert app.number_input(key="field_seed").value == 1
    app.button(key="train").click().run()
    assert not problems(app)
    assert [spec.seed for spec in queued(app)] == [0, 1]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("field_hidden", "16; 4", "Hidden widths"),
        ("field_hidden", "99999", "Hidden widths"),
        ("field_batch_schedule", "5", "Batch schedule"),
        ("field_batch_schedule", "3:half", "Batch schedule"),
        ("field_batch_schedule", "11:64", "the run ends after 10 epochs"),
    ],
)
def test_nonsense_in_the_form_is_explained_and_cannot_be_trained(key: str, value: str, said: str) -> None:
    app = opened()
    app.selectbox(key="schedule_kind").select("own").run()
    app.text_input(key=key).set_value(value).run()
    assert said in problems(app)[0]
    assert app.button(key="train").disabled
    assert not app.exception


@pytest.mark.parametrize(("given", "said"), WORDS[::4])
def test_nonsense_in_the_link_is_explained_and_starts_nothing(given: dict[str, str], said: list[str]) -> None:
    app = opened(v="1", **given)
    assert all(part in problems(app)[0] for part in said)
    assert app.session_state["shown"] == []


def test_a_set_up_that_fits_no_rows_is_explained() -> None:
    app = opened(v="1", validation_split="0.9999")
    assert "leaves no training rows" in problems(app)[0]


def test_a_store_that_cannot_be_opened_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCHVIZ_DATABASE_URL", "sqlite:////dev/null/batchviz.db")
    resources.settings.cache_clear()
    resources.store.cache_clear()
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30).run()
    app.button(key="train").click().run()
    assert not app.exception
    assert "cannot be used" in problems(app)[0]


@pytest.mark.parametrize("text", ["[Log in again](https://evil.example)", "![](https://evil.example/p.png)"])
@pytest.mark.parametrize(
    ("page", "parameter"),
    [("playground", "batch_size"), ("compare", "x"), ("compare", "runs"), ("board", "id")],
)
def test_a_link_in_a_link_is_shown_as_text(page: str, parameter: str, text: str) -> None:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    if page != "playground":
        app.switch_page(f"../../pages/{page}.py")
    app.query_params[parameter] = text
    app.run()
    assert text in problems(app)[0]
    for kind in ("error", "warning", "info", "toast", "caption", "markdown"):
        assert all("evil" not in str(element.proto) for element in app.get(kind))
