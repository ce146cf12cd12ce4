"""The export menu: a link a format, for one run or for hundreds; nothing to press while there are none."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.exports import EXPORTS, MOST_RUNS
from batchviz.spec import RunSpec
from batchviz.ui import laboratory

pytestmark = pytest.mark.usefixtures("data_dir")


def menu(run_ids: list[str]) -> AppTest:
    def page(run_ids: list[str]) -> None:
        from batchviz.ui.export import export_menu

        export_menu(run_ids, key="export")

    app = AppTest.from_function(page, args=(run_ids,), default_timeout=30).run()
    assert not app.exception
    return app


def links(app: AppTest) -> dict[str, str]:
    html = "".join(str(element.proto.body) for element in app.get("html"))
    found = re.findall(r'<a href="api/export/([\w-]+)\?([^"]*)" download>', html)
    return {name: unescape(query) for name, query in found}


def test_without_runs_there_is_nothing_to_press() -> None:
    app = menu([])
    assert app.get("popover")[0].proto.popover.disabled
    assert links(app) == {}


def test_every_format_is_a_link_relative_to_the_app() -> None:
    assert links(menu(["first1", "second"])) == dict.fromkeys(EXPORTS, "runs=first1,second")


def test_hundreds_of_runs_fit_into_an_address() -> None:
    app = menu([f"AbCdEf_{number:05}" for number in range(MOST_RUNS + 20)])
    offered = links(app)
    assert set(offered) == {name for name, export in EXPORTS.items() if export.most >= MOST_RUNS}
    for query in offered.values():
        assert query.count(",") == MOST_RUNS - 1
        assert len(query) < 7000
    assert f"The first {MOST_RUNS} of 520 runs" in app.caption[0].value
    assert "at most 64 runs" in str(app.get("html")[0].proto.body)


@pytest.mark.parametrize("run_id", ['"><script>alert(1)</script>', "a&b=c", "a b"])
def test_an_id_from_a_link_stays_an_id(run_id: str) -> None:
    app = menu([run_id])
    html = str(app.get("html")[0].proto.body)
    assert "<script" not in html
    assert set(links(app)) == set(EXPORTS)


def test_mlflow_is_offered_where_the_installation_names_a_server(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not menu(["first1"]).button
    monkeypatch.setenv("BATCHVIZ_MLFLOW_URI", "http://127.0.0.1:1")
    laboratory.settings.cache_clear()
    run = laboratory.store().add_run(RunSpec(), "ada", "here")
    app = menu([run.id])
    app.button(key="export_mlflow").click().run()
    assert not app.exception
    assert "There is no MLflow server at http://127.0.0.1:1" in app.text[0].value
