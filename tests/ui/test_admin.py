"""The administrator's page: closed without the token; what is chosen there is stopped, what is old goes."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.ui import resources
from batchviz.ui.admin import overview, token
from batchviz.ui.runs.columns import pseudonym
from tests.store.reports import outcome
from tests.ui.notices import notices

ROOT = Path(__file__).parents[2]
TOKEN = "a token long enough"

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture
def administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCHVIZ_ADMIN_TOKEN", TOKEN)
    monkeypatch.setattr(token, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(resources, "uploads_bytes", lambda: 3_000_000)
    resources.settings.cache_clear()


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    app.switch_page("../../pages/admin.py")
    app.run()
    assert not app.exception
    return app


def admitted() -> AppTest:
    app = opened()
    app.text_input(key="runs_admin_token").set_value(TOKEN)
    return app.button[-1].click().run()


def test_without_an_administrator_there_is_nothing_to_see() -> None:
    app = opened()
    assert "BATCHVIZ_ADMIN_TOKEN" in notices(app, "note")[0]
    assert not app.text_input
    assert not app.dataframe


@pytest.mark.usefixtures("administrator")
def test_without_the_token_there_is_nothing_to_see() -> None:
    resources.store().queue.add([RunSpec()], "ada", "here")
    app = opened()
    assert not app.dataframe
    app.text_input(key="runs_admin_token").set_value("wrong")
    app.button[-1].click().run()
    assert not app.dataframe


@pytest.mark.usefixtures("administrator")
def test_load_queue_and_visitors_are_told_by_pseudonym() -> None:
    store = resources.store()
    store.queue.add([RunSpec(), RunSpec(seed=1)], "a visitor's key", "here")
    store.queue.claim("worker")
    app = admitted()
    assert "1 training, 1 waiting" in app.text[0].value
    assert "3 MB of 300 MB" in app.text[0].value
    queue, visitors = (table.value for table in app.dataframe)
    assert list(queue["State"]) == ["running", "queued"]
    assert list(visitors["Visitor"]) == [pseudonym("a visitor's key")]
    assert "key" not in queue.to_string() + visitors.to_string()


def test_what_is_chosen_is_stopped_whoever_asked_for_it() -> None:
    store = resources.store()
    runs = store.queue.add([RunSpec(seed=seed) for seed in range(3)], "ada", "here")
    other = store.queue.add([RunSpec(seed=9)], "bob", "here")[0]
    overview._stop([runs[0].id, other.id])
    stopped = {
        run.id
        for run in store.runs.by_id([*(run.id for run in runs), other.id]).values()
        if run.status is Status.STOPPED
    }
    assert stopped == {runs[0].id, other.id}
    overview._stop_visitors({"ada"})
    assert store.census.unfinished() == []


@pytest.mark.usefixtures("administrator")
def test_old_runs_are_counted_before_they_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    store = resources.store()
    run = store.queue.add([RunSpec()], "ada", "here")[0]
    store.queue.claim("worker")
    store.attempts.finish(run.id, 1, outcome())
    app = admitted()
    assert app.button(key="admin_delete").disabled
    later = time.time() + 100 * overview.DAY
    monkeypatch.setattr(overview.time, "time", lambda: later)
    app.run()
    assert app.button(key="admin_delete").label.startswith("Delete 1 run")
    app.button(key="admin_delete").click().run()
    assert store.runs.visible([run.id]) == set()
