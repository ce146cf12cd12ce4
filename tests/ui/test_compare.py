"""The Compare page through Streamlit's own test runner."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from batchviz.experiment.clock import ClockPath, clock_key
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Outcome, Progress, Report, Run, Source, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.links.limits import MAX_SMOOTHING
from batchviz.ui import resources
from tests.analysis.recorded import clock
from tests.store.reports import give
from tests.ui.bare_words import bare
from tests.ui.notices import notices, problems

PAGE = Path(__file__).parents[2] / "pages" / "compare.py"


pytestmark = pytest.mark.usefixtures("data_dir")


def record(
    spec: RunSpec, owner: str = "somebody", *, level: float = 0.1, status: Status = Status.DONE
) -> Run:
    """A run as a worker would have recorded it: loss falls from 1 to `level`, a little lower for higher seeds."""
    store = resources.store()
    run = store.queue.add([spec], owner, "test")[0]
    claimed = store.queue.claim("worker")
    assert claimed is not None
    assert claimed.id == run.id
    plan = plan_for(spec)
    epochs = int(spec.budget) if spec.budget_unit == "epochs" else 1
    count = np.arange(epochs + 1)
    loss = level * (1 - 0.01 * spec.seed) + (1 - level) * np.exp(-3.0 * count)
    rows = {name: loss.astype(np.float32) for name in SERIES["epochs"].names}
    rows |= {
        "updates": (count * plan.first.updates).astype(np.float32),
        "examples": (count * plan.training_rows).astype(np.float32),
        "seconds": (count * 0.5).astype(np.float32),
    }
    progress = Progress(epochs * plan.first.updates, epochs * plan.training_rows, epochs, 0.5 * epochs)
    updates = {name: np.full(progress.updates, 0.5, np.float32) for name in SERIES["updates"].names}
    store.attempts.append(run.id, claimed.attempt, Report(updates, rows, progress))
    store.attempts.finish(
        run.id, claimed.attempt, Outcome(status, "", {"val_loss": float(loss[-1])}, progress)
    )
    return store.runs.get(run.id)


def race(*sizes: int | str, seeds: int = 1, owner: str = "somebody", spread: float = 0.05) -> list[Run]:
    """Each size ends that much worse than the one before."""
    return [
        record(RunSpec(batch_size=size, seed=seed), owner, level=0.1 + spread * place)
        for place, size in enumerate(sizes)
        for seed in range(seeds)
    ]


def opened(*runs: Run | str, **view: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    if runs:
        app.query_params["runs"] = ",".join(run if isinstance(run, str) else run.id for run in runs)
    for name, value in view.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def html(app: AppTest, test_id: str) -> str:
    """The text of an element that the page names for tests, without the buttons around its terms."""
    bodies = [str(element.proto.body) for element in app.get("html")]
    found = next(body for body in bodies if f'data-testid="{test_id}"' in body)
    return re.sub(r"</?button[^>]*>", "", found)


def mounted(app: AppTest) -> dict:
    (component,) = app.get("bidi_component")
    return json.loads(component.proto.json)


def figure(app: AppTest) -> dict:
    return mounted(app)["figure"]


def curves(app: AppTest) -> list[str]:
    return [trace["name"] for trace in figure(app)["data"] if trace["showlegend"]]


def address(app: AppTest, name: str) -> str:
    """A parameter of the page's address."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def test_an_empty_page_says_what_to_do() -> None:
    app = opened()
    assert any("Choose runs to compare" in str(element.proto.body) for element in app.get("html"))
    assert not app.get("bidi_component")
    assert not app.query_params


def test_an_empty_page_offers_the_latest_runs_of_the_visitor() -> None:
    app = opened()
    mine = race(1, 8, owner=app.session_state["visitor"])
    app.run()
    app.button(key="latest").click().run()
    assert curves(app) == ["B = 1", "B = 8"]
    assert set(address(app, "runs").split(",")) == {run.id for run in mine}


def test_a_run_answered_from_the_store_is_among_the_latest_of_whoever_asked_for_it() -> None:
    (theirs,) = race(1)
    app = opened()
    resources.store().queue.add([theirs.spec], app.session_state["visitor"], "test")
    app.run()
    app.button(key="latest").click().run()
    assert curves(app) == ["B = 1"]


def test_a_run_that_the_visitor_deleted_is_not_among_the_latest_though_another_keeps_it() -> None:
    app = opened()
    mine, me = race(1, 8, owner=app.session_state["visitor"]), app.session_state["visitor"]
    give(resources.store(), "another", [run.id for run in mine])
    resources.store().deletion.delete(me, [mine[0].id])
    app.run()
    app.button(key="latest").click().run()
    assert curves(app) == ["B = 8"]
    resources.store().deletion.delete(me, [mine[1].id])
    app = opened()
    app.session_state["visitor"] = me
    app.run()
    assert any("None are yours yet" in str(element.proto.body) for element in app.get("html"))


def test_a_link_draws_its_runs_a_curve_a_group() -> None:
    app = opened(*race(1, 32, "full", seeds=2))
    assert curves(app) == ["B = 1", "B = 32", "B = full"]
    assert "B = 1 has the lowest validation MSE" in html(app, "statement")
    assert "<b>Not equal:</b> B = 1 took" in html(app, "findings")
    assert app.dataframe[0].value["Group"].tolist() == ["B = 1", "B = 32", "B = full"]


def test_the_link_says_how_it_is_drawn_and_the_page_keeps_it_so() -> None:
    app = opened(*race(1, 32), x="updates", equal="updates", layout="multiples", log="y")
    assert figure(app)["layout"]["yaxis2"]["type"] == "log"
    assert address(app, "equal") == "updates"
    assert address(app, "layout") == "multiples"


def grid() -> list[Run]:
    return [record(RunSpec(batch_size=b, learning_rate=r)) for b in (8, 32) for r in (0.001, 0.1)]


def test_what_has_the_colour_the_dash_and_the_panels_is_chosen_and_kept_in_the_link() -> None:
    app = opened(*grid())
    asked = app.selectbox(key="view_color")
    assert asked.options == ["Automatic: batch size", "Batch size", "Learning rate"]
    assert app.selectbox(key="view_dash").options[:2] == ["Automatic: learning rate", "Nothing"]
    asked.set_value("learning_rate").run()
    assert address(app, "color") == "learning_rate"
    drawn = [trace for trace in figure(app)["data"] if trace.get("showlegend")]
    assert len({trace["line"]["color"]["light"] for trace in drawn}) == 2
    assert [trace["line"]["dash"] for trace in drawn] == ["solid", "solid", "dash", "dash"]
    app.segmented_control(key="view_layout").set_value("multiples").run()
    app.selectbox(key="view_panels").set_value("learning_rate").run()
    headings = [panel["heading"] for panel in figure(app)["layout"]["meta"]["panels"]]
    assert headings == ["lr 0.001", "lr 0.1"]
    assert address(app, "panels") == "learning_rate"


def test_where_one_thing_differs_nothing_is_asked() -> None:
    app = opened(*race(1, 32))
    assert [box.label for box in app.selectbox if box.label.endswith(" by")] == []


@pytest.mark.parametrize("smoothing", [0.01, 0.97, MAX_SMOOTHING])
def test_any_smoothing_that_a_link_may_hold_opens_and_can_be_changed(smoothing: float) -> None:
    app = opened(*race(1, 8), smoothing=str(smoothing))
    assert app.slider(key="view_smoothing").value == smoothing
    app.slider(key="view_smoothing").set_value(0.5).run()
    assert address(app, "smoothing") == "0.5"


def test_an_equal_budget_is_stated_and_cuts_the_table() -> None:
    app = opened(*race(8, "full"))
    assert "After 10 epochs" in html(app, "statement")
    app.segmented_control(key="view_equal").set_value("updates").run()
    assert "After 10 updates" in html(app, "statement")
    assert "At 10 updates" in app.dataframe[0].value.columns
    assert address(app, "equal") == "updates"


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"v": "9"}, "version '9'"),
        ({"x": "miles"}, "X-axis: got 'miles'"),
        ({"layuot": "overlay"}, "expected 'layout'"),
    ],
)
def test_a_broken_link_is_explained_and_its_runs_are_shown(parameters: dict[str, str], said: str) -> None:
    app = opened(*race(1, 8), **parameters)
    assert said in problems(app)[0]
    assert curves(app) == ["B = 1", "B = 8"]


def test_a_link_that_was_cut_off_shows_the_runs_that_are_whole() -> None:
    first, second = race(1, 8)
    app = opened(first, second, "abc")
    assert "runs: got 'abc'; expected ids of runs" in problems(app)[0]
    assert curves(app) == ["B = 1", "B = 8"]


def test_a_deleted_run_is_named_and_the_others_are_shown() -> None:
    first, second = race(1, 8, owner="somebody")
    resources.store().deletion.delete("somebody", [first.id])
    app = opened(first, second)
    assert first.id in notices(app, "warning")[0]
    assert "deleted" in notices(app, "warning")[0]
    assert curves(app) == ["B = 8"]


def test_runs_of_different_data_are_shown_and_not_ranked() -> None:
    app = opened(record(RunSpec()), record(RunSpec(dataset="teacher")))
    assert len(curves(app)) == 2
    assert "different data" in html(app, "statement")
    assert "lowest" not in html(app, "statement")


def test_a_loss_of_numbers_and_one_of_classes_are_not_ranked() -> None:
    app = opened(record(RunSpec()), record(RunSpec.parse({"dataset": "digits"})))
    assert len(curves(app)) == 2
    assert "lowest" not in html(app, "statement")
    assert "nothing in common" in html(app, "verdict")


def test_further_seeds_are_trained_by_a_button_and_join_the_page() -> None:
    app = opened(*race(1, 8))
    assert "too few seeds to settle anything" in html(app, "verdict")
    assert app.button(key="train_more").label.startswith("Train 9 more seeds of each: 18 runs")
    app.button(key="train_more").click().run()
    ids = address(app, "runs").split(",")
    specs = [run.spec for run in resources.store().runs.by_id(ids).values()]
    assert sorted((spec.batch_size, spec.seed) for spec in specs) == [
        (b, s) for b in (1, 8) for s in range(10)
    ]
    assert "18 of 20 runs are still training" in html(app, "statement")
    assert not any(button.key == "train_more" for button in app.button), "those are awaited first"


def test_more_seeds_are_offered_while_a_difference_is_not_settled() -> None:
    app = opened(*race(1, 1000, seeds=3, spread=0))
    assert "7 more seeds of each" in html(app, "verdict")
    assert app.button(key="train_more").label.startswith("Train 7 more seeds of each: 14 runs")


def test_runs_that_a_comparison_has_no_room_for_are_not_trained() -> None:
    runs = race(1, 1000, seeds=3, spread=0)
    app = opened(*runs, *(f"run{number:09}" for number in range(MAX_RUNS_SHOWN - 4 - len(runs))))
    assert app.button(key="train_more").disabled


def test_runs_from_elsewhere_are_named_where_they_stand_beside_runs_trained_here() -> None:
    here = race(8, seeds=3)
    store = resources.store()
    there = [
        store.runs.add_imported(
            "somebody", RunSpec(batch_size=64, seed=seed), source=Source.ARCHIVE, title="B = 64", status=Status.DONE,
            reason="", final={}, progress=Progress(), updates=SERIES["updates"].empty(),
            epochs=store.series.whole([here[seed].id])[here[seed].id],
        )
        for seed in range(3)
    ]  # fmt: skip
    app = opened(*here, *there)
    assert "B = 64 was trained elsewhere and imported." in html(app, "verdict")
    assert "B = 64 was trained elsewhere and imported." in html(app, "statement")
    assert app.dataframe[0].value["Source"].tolist() == ["Trained here", "Imported"]
    assert "Source" not in opened(*here).dataframe[0].value.columns


def test_a_mean_without_the_seeds_that_diverged_says_of_how_many_it_is() -> None:
    runs = race(8, seeds=3)
    runs.append(record(RunSpec(batch_size=64, seed=0)))
    runs.append(record(RunSpec(batch_size=64, seed=1), status=Status.DIVERGED))
    app = opened(*runs)
    assert app.dataframe[0].value["Seeds"].tolist() == ["3", "1 of 2"]
    bodies = bare(" ".join(str(element.proto.body) for element in app.get("html")))
    assert "Values without the seeds that diverged or failed: B = 64 (1 of 2 seeds)." in bodies


def test_a_verdict_is_given_on_the_two_groups_that_were_chosen() -> None:
    app = opened(*race(1, 8, 32, seeds=3))
    assert "of B = 1 is" in html(app, "verdict")
    assert "than that of B = 32 (3 of 3 seeds)" in html(app, "verdict")
    second = app.selectbox(key="view_second")
    second.set_value(second.options[1]).run()
    assert "than that of B = 8 (3 of 3 seeds)" in html(app, "verdict")
    assert "second" in app.query_params


def test_the_table_says_what_the_leader_has_over_each_group_in_the_verdicts_words() -> None:
    app = opened(*race(1, 8, seeds=3))
    [leads, over] = app.dataframe[0].value["The leader is"].tolist()
    assert leads == ""
    effect, grade = over.split(", ", 1)
    assert f"is {effect} than that of B = 8" in html(app, "verdict")
    assert grade in html(app, "verdict")
    low, high = app.dataframe[0].value["Over seeds"].tolist()[0].split(" to ")
    assert float(low) <= float(high)


def test_a_value_between_two_measurements_can_be_measured() -> None:
    runs = race(8, "full")
    app = opened(*runs, equal="updates")
    app.button(key="train_exact").click().run()
    ids = address(app, "runs").split(",")
    specs = [run.spec for run in resources.store().runs.by_id(ids).values()]
    assert {(spec.batch_size, spec.budget_unit, spec.budget) for spec in specs} == {
        (8, "updates", 10),
        ("full", "updates", 10),
    }


def test_every_update_is_drawn_when_asked_for() -> None:
    app = opened(*race(8, 32))
    before = len(figure(app)["data"])
    app.toggle(key="view_noise").set_value(True).run()
    assert len(figure(app)["data"]) == before + 2
    assert address(app, "noise") == "true"


def test_what_users_wrote_is_text() -> None:
    (run,) = race(8)
    app = opened(run)
    hostile = "<b onclick=x>**name**</b>"
    owner = app.session_state["visitor"]
    give(resources.store(), owner, [run.id])
    resources.store().library.annotate(owner, run.id, name=hostile)
    app = opened(run)
    app.session_state["visitor"] = owner
    app.query_params["title"] = "<script>x</script>"
    app.session_state["first_run"] = True
    app.run()
    bodies = " ".join(str(element.proto.body) for element in app.get("html"))
    assert "<b onclick" not in bodies
    assert "&lt;b onclick=x&gt;**name**" in bodies
    assert "<script>x" not in bodies
    assert curves(app) == ["&lt;b onclick=x&gt;**name**&lt;/b&gt;"]
    assert not app.markdown or all("**name**" not in one.value for one in app.markdown)


def found(app: AppTest) -> list[str]:
    """What the dialog lists."""
    return next(grid.value["Run"].tolist() for grid in app.dataframe if "Run" in grid.value)


def test_the_dialog_finds_runs_by_filter_and_keeps_those_on_the_page() -> None:
    app = opened()
    mine = race(1, 8, 32, owner=app.session_state["visitor"])
    app.session_state["compared"] = [run.id for run in mine[:2]]
    app.session_state["choose_sizes"] = [8, 32]  # AppTest cannot change a widget inside a dialog
    app.button(key="choose").click().run()
    assert found(app) == ["B = 32", "B = 8"]
    assert app.button(key="choose_done").label == "Compare 2 runs"
    app.button(key="choose_clear").click().run()
    assert app.session_state["choosing"] == []


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("text", "tiny", ["tiny one"]),
        ("data", ["teacher"], ["B = 32"]),
        ("sizes", [8], ["B = 8"]),
        ("statuses", [Status.DIVERGED], ["B = 8"]),
        ("since", timedelta(days=1), []),
        ("since", timedelta(0), ["B = 32", "B = 8", "tiny one"]),
        ("until", timedelta(days=-1), []),
        ("until", timedelta(0), ["B = 32", "B = 8", "tiny one"]),
    ],
)
def test_each_question_of_the_dialog_filters(question: str, answer: object, expected: list[str]) -> None:
    app = opened()
    me = app.session_state["visitor"]
    first = record(RunSpec(batch_size=1), me)
    record(RunSpec(batch_size=8), me, status=Status.DIVERGED)
    record(RunSpec(dataset="teacher"), me)
    resources.store().library.annotate(me, first.id, name="tiny one")
    if isinstance(answer, timedelta):  # from the day of the first run; no browser tells a time zone here
        answer += datetime.fromtimestamp(first.created, UTC).date()
    app.session_state[f"choose_{question}"] = answer
    app.button(key="choose").click().run()
    assert not app.exception
    listed = [grid.value["Run"].tolist() for grid in app.dataframe if "Run" in grid.value]
    assert listed == ([expected] if expected else [])


def test_more_runs_than_a_link_holds_are_counted() -> None:
    ids = ",".join(f"run{number:09}" for number in range(MAX_RUNS_SHOWN + 1))
    app = opened(ids)
    assert "too many runs" in problems(app)[0]


def timed(app: AppTest, *runs: Run, path: ClockPath = ClockPath.LOOP) -> None:
    """What a dispatcher does with a request."""
    for run in runs:
        resources.store().clocks.save(clock(network=clock_key(run.spec) or "", path=path))
    app.run()


def test_seconds_without_a_clock_are_not_told_and_the_page_offers_to_measure_it() -> None:
    runs = race(1, "full", seeds=1)
    app = opened(*runs, x="seconds", equal="seconds")
    assert "No seconds yet: what an update takes in BatchViz&#39;s compiled loop" in html(app, "statement")
    assert "no clock of BatchViz's compiled loop yet" in figure(app)["layout"]["xaxis"]["title"]["text"]
    assert curves(app) == []
    app.button(key="measure_clock").click().run()
    key = clock_key(runs[0].spec)
    assert list(resources.store().clock_requests.find([key], ClockPath.LOOP)) == [key]
    assert [button.key for button in app.button if button.key == "measure_clock"] == []
    assert "The clock is being measured" in mounted(app)["note"]
    timed(app, *runs)
    assert curves(app) == ["B = 1", "B = full"]
    assert "After 0.00084 seconds" in html(app, "statement"), (
        "ten updates of full batch, not half a second each"
    )
    assert "measured on Test, 2 cores" in mounted(app)["note"]


def test_the_switch_between_the_ways_of_training_is_in_the_link() -> None:
    runs = race(1, "full", seeds=1)
    app = opened(*runs, x="seconds")
    timed(app, *runs)
    assert (
        figure(app)["layout"]["xaxis"]["title"]["text"]
        == "training time in seconds, BatchViz's compiled loop"
    )
    app.segmented_control(key="view_clock").set_value("fit").run()
    assert address(app, "clock") == "fit"
    assert "no clock of Keras fit yet" in figure(app)["layout"]["xaxis"]["title"]["text"]
    app.button(key="measure_clock").click().run()
    timed(app, *runs, path=ClockPath.FIT)
    assert figure(app)["layout"]["xaxis"]["title"]["text"] == "training time in seconds, Keras fit"
    again = opened(*runs, x="seconds", clock="fit")
    assert curves(again) == ["B = 1", "B = full"]


def test_a_clock_that_could_not_be_measured_says_why_and_can_be_asked_for_again() -> None:
    (run,) = race(8)
    store = resources.store()
    store.clock_requests.add(run.spec, ClockPath.LOOP)
    request = store.clock_requests.claim("dispatcher")
    assert request is not None
    store.clock_requests.failed(request, "The machine ran out of memory.")
    app = opened(run, x="seconds")
    assert "could not be measured. The machine ran out of memory." in mounted(app)["note"]
    app.button(key="measure_clock").click().run()
    assert "The clock is being measured" in mounted(app)["note"]


def test_what_a_run_took_is_in_the_table_and_on_no_axis() -> None:
    runs = race(1, "full", seeds=1)
    table = opened(*runs).dataframe[0].value
    assert table["Took"].tolist() == [5.0, 5.0]
    assert "Seconds" not in table
    assert "Throughput" not in table, "no clock is known"


def test_throughput_is_in_the_table_once_the_clock_is_known() -> None:
    runs = race(1, "full", seeds=1)
    timed(opened(*runs), *runs)
    table = opened(*runs).dataframe[0].value
    rows = plan_for(RunSpec()).training_rows
    assert table["Throughput"].tolist() == pytest.approx([1 / 4.1e-6, rows / (4e-6 + 1e-7 * rows)])
