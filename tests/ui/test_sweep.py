"""The Sweep page through Streamlit's own test runner; its runs are recorded as a worker would."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from batchviz.errors import BatchVizError
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Outcome, Progress, Report, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.links import sweep as sweep_link
from batchviz.ui import resources
from tests.ui.notices import problems
from tests.ui.test_compare import address, html

PAGE = Path(__file__).parents[2] / "pages" / "sweep.py"
SPEC = SweepSpec.parse(
    {
        "base": RunSpec(rows=100, budget=2),
        "batch_sizes": (8, "full"),
        "learning_rates": (0.01, 0.1),
        "seeds": 1,
        "report_seeds": 1,
    }
)

pytestmark = pytest.mark.usefixtures("data_dir")


def train(most: int = 1000, diverged: float = 1.0) -> None:
    """What is queued, one after another: the lower rate is the better one, rates above `diverged` run away."""
    store = resources.store()
    for _ in range(most):
        run = store.queue.claim("worker")
        if run is None:
            return
        plan = plan_for(run.spec)
        epochs = np.arange(int(run.spec.budget) + 1)
        loss = 0.1 + run.spec.learning_rate + 0.001 * run.spec.seed + np.exp(-epochs)
        rows = {name: loss.astype(np.float32) for name in SERIES["epochs"].names}
        rows |= {
            "updates": (epochs * plan.first.updates).astype(np.float32),
            "examples": (epochs * plan.training_rows).astype(np.float32),
        }
        progress = Progress(plan.updates, int(epochs[-1]) * plan.training_rows, float(epochs[-1]), 0.1)
        updates = {name: np.full(progress.updates, 0.5, np.float32) for name in SERIES["updates"].names}
        store.attempts.append(run.id, run.attempt, Report(updates, rows, progress))
        status = Status.DIVERGED if run.spec.learning_rate > diverged else Status.DONE
        outcome = Outcome(status, "", {"val_loss": float(loss[-1]), "gap": 0.1}, progress)
        store.attempts.finish(run.id, run.attempt, outcome)


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def started(app: AppTest) -> str:
    app.button(key="sweep_start").click().run()
    assert not app.exception
    return address(app, "id")


def finished(owner: str = "somebody", spec: SweepSpec = SPEC, **fields) -> str:
    """A sweep all of whose runs have ended, those at the chosen rates included."""
    sweeps = resources.store().sweeps
    sweep = sweeps.add(spec, owner)
    train(**fields)
    sweeps.fill(sweep.id, spec.report_specs(dict.fromkeys(spec.batch_sizes, 0.01)))
    train(**fields)
    sweeps.finish(sweep.id)
    return sweep.id


def buttons(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def test_the_form_begins_with_a_grid_around_the_set_up_and_says_how_much_it_is() -> None:
    app = opened()
    told = html(app, "sweep-plan")
    assert "108 runs: 6 batch sizes × 5 rates × 3 seeds, then 3 seeds of each size" in told
    assert "How long is known once the clock" in told
    assert address(app, "batch_sizes") == "1_4_16_64_256_full"


def test_a_link_fills_the_form_and_starting_queues_its_runs_behind_all_others() -> None:
    app = opened(**sweep_link.encode(SPEC))
    assert "6 runs" in html(app, "sweep-plan")
    sweep_id = started(app)
    store = resources.store()
    assert store.sweeps.get(sweep_id).spec == SPEC
    assert len(store.sweeps.runs(sweep_id)) == 4
    assert "0 of 6 runs" in html(app, "progress")
    assert "…" in html(app, "heat-map")


def test_a_second_sweep_says_what_comes_first() -> None:
    app = opened(**sweep_link.encode(SPEC))
    first = started(app)
    second = resources.store().sweeps.add(SPEC.replace(seed=50), resources.store().sweeps.get(first).owner).id
    waiting = opened(id=second)
    assert "First come 4 runs of another sweep" in html(waiting, "progress")
    train(4)
    assert "First come" not in html(waiting.run(), "progress")


def test_a_sweep_beyond_what_one_run_may_take_is_refused_as_a_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "max_run_bytes", lambda: 1000)
    app = opened(**sweep_link.encode(SPEC))
    app.button(key="sweep_start").click().run()
    assert not app.exception
    assert "expected at most 1 kB, which this server gives to one run" in " ".join(problems(app))
    assert resources.store().sweeps.list(app.session_state["visitor"]) == []


def test_cells_fill_in_as_runs_end() -> None:
    app = opened(**sweep_link.encode(SPEC))
    started(app)
    train(most=2)
    app.run()
    assert "2 of 6 runs" in html(app, "progress")
    assert html(app, "heat-map").count('data-state="value"') == 2


def test_a_finished_sweep_answers_in_parts_and_its_cells_lead_to_their_runs() -> None:
    sweep_id = finished()
    app = opened(id=sweep_id)
    assert "Done: 6 runs." in html(app, "progress")
    bodies = " ".join(str(element.proto.body) for element in app.get("html"))
    parts = [bodies.index(f"<dt>{part}</dt>") for part in ("What fits", "What is fast here", "What learns")]
    assert parts == sorted(parts)
    for run in resources.store().sweeps.runs(sweep_id)[:4]:
        assert f"runs={run.id}" in html(app, "heat-map")
    assert html(app, "heat-map").count("data-best") == 2
    assert len(app.get("bidi_component")) >= 4


def test_a_row_in_which_a_rate_diverged_says_so() -> None:
    app = opened(id=finished(diverged=0.05))
    assert html(app, "heat-map").count('data-state="diverged"') == 2


def test_another_machines_line_redraws_the_seconds_and_anything_else_is_explained() -> None:
    app = opened(id=finished(spec=SPEC.replace(targets=(0.3,))))
    assert "import keras" in app.code[0].value
    app.text_input(key="sweep_machine").set_value(
        "batchviz-machine a=0.0001 b=2e-07 bytes=520 error=0.08"
    ).run()
    assert not app.exception
    there = " ".join(element.value for element in app.markdown)
    assert "There an update takes 100 µs and 0.2 µs more for each example" in there
    assert "would take the least time there" in there
    app.text_input(key="sweep_machine").set_value("batchviz-machine a=fast").run()
    assert "expected a, b, bytes, error, memory" in " ".join(problems(app))


def test_pause_go_on_and_stop_belong_to_whoever_started_it() -> None:
    app = opened(**sweep_link.encode(SPEC))
    sweep_id = started(app)
    sweeps = resources.store().sweeps
    app.button(key="sweep_pause").click().run()
    assert sweeps.get(sweep_id).state == "paused"
    assert "Paused at 0 of 6 runs" in html(app, "progress")
    app.button(key="sweep_go_on").click().run()
    assert sweeps.get(sweep_id).state == "running"
    another = opened(id=sweep_id)
    assert not {"Pause", "Go on", "Stop"} & buttons(another)
    app.button(key="sweep_stop").click().run()
    assert sweeps.get(sweep_id).state == "stopped"
    assert "Stopped after 0 of 6 runs" in html(app, "progress")


def test_a_new_sweep_begins_with_the_set_up_of_the_one_on_the_page() -> None:
    app = opened(id=finished())
    app.button(key="sweep_new").click().run()
    assert not app.exception
    assert address(app, "batch_sizes") == "8_full"
    assert "6 runs" in html(app, "sweep-plan")


def test_a_visitors_sweeps_are_listed_and_nobody_elses() -> None:
    app = opened()
    finished(owner=app.session_state["visitor"])
    resources.store().sweeps.add(SPEC.replace(seeds=2), "another")
    app.run()
    listed = html(app, "sweeps")
    assert listed.count("<li>") == 1
    assert "B = 8 and full × 2 rates" in listed
    assert "done" in listed


def test_a_sweep_is_deleted_and_had_back_and_its_runs_stay() -> None:
    app = opened()
    sweep = finished(owner=app.session_state["visitor"])
    app = opened(id=sweep)
    app.session_state["visitor"] = resources.store().sweeps.get(sweep).owner
    runs = resources.store().sweeps.runs(sweep)
    app.run()
    app.button(key="sweep_delete").click().run()
    assert not app.exception
    with pytest.raises(BatchVizError):
        resources.store().sweeps.get(sweep)
    assert len(resources.store().runs.by_id([run.id for run in runs])) == len(runs)
    app.button(key="sweep_deleted_undo").click().run()
    assert resources.store().sweeps.get(sweep).id == sweep
    assert "Delete" in buttons(app)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"batch_sizes": ["1", "99999"]}, "is more than the 800 training rows"),
        ({"batch_sizes": []}, "Batch sizes"),
        ({"batch_sizes": ["eight"]}, "Batch sizes"),
        ({"seeds": 20, "batch_sizes": [str(2**p) for p in range(10)]}, "The sweep would be 1,030 runs"),
        ({"targets": "0.1, 0.2, 0.3, 0.4"}, "Targets"),
    ],
)
def test_what_is_no_sweep_is_explained_and_starts_nothing(asked: dict[str, object], told: str) -> None:
    app = opened()
    for name, value in asked.items():
        app.session_state[f"sweep_{name}"] = value
    app.run()
    assert not app.exception
    assert told in " ".join(problems(app))
    assert app.button(key="sweep_start").disabled


def test_a_damaged_link_and_one_to_nothing_are_explained_beside_the_form() -> None:
    for parameters, told in (
        ({"id": "../etc"}, "The link is damaged"),
        ({"id": "NobodysOne12"}, "There is no sweep"),
        ({"batch_sizes": "1_2", "learning_rates": "much"}, "Learning rates"),
    ):
        app = opened(**parameters)
        assert told in " ".join(problems(app))
        assert not app.button(key="sweep_start").disabled


def test_a_rule_takes_one_rate_and_chooses_nothing() -> None:
    app = opened()
    app.button_group(key="sweep_learning_rate_rule").set_value("linear").run()
    assert not app.exception
    assert "18 runs: 6 batch sizes × 1 rate × 3 seeds." in html(app, "sweep-plan")
