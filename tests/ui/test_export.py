"""The export menu: a link a format, for one run or for hundreds; nothing to press while there are none."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.experiment.limits import MAX_RUNS_EXPORTED, MAX_RUNS_SHOWN
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS
from batchviz.ui import resources
from tests.ui.notices import notes

pytestmark = pytest.mark.usefixtures("data_dir")


def menu(run_ids: list[str], drawn: bool = True) -> AppTest:
    def page(run_ids: list[str], drawn: bool) -> None:
        from batchviz.ui.components.export_menu import export_menu

        export_menu(run_ids, key="export", drawn=drawn)

    app = AppTest.from_function(page, args=(run_ids, drawn), default_timeout=30).run()
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


def recorded(count: int) -> list[str]:
    # Of many visitors: one has a limit.
    specs = [RunSpec(seed=seed) for seed in range(count)]
    return [
        run.id
        for first in range(0, count, 100)
        for run in resources.store().queue.add(specs[first : first + 100], f"ada{first // 100 or ''}", "here")
    ]


def test_every_format_is_a_link_relative_to_the_app() -> None:
    first, second = recorded(2)
    assert links(menu([second, first])) == dict.fromkeys(EXPORTS, f"runs={second},{first}")


def test_where_no_chart_is_drawn_pictures_are_made_on_compare() -> None:
    first, second = recorded(2)
    text = lambda *menu_of: str(menu(*menu_of).get("html")[0].proto.body)  # noqa: E731
    assert f'<a href="compare?v=1&amp;runs={second},{first}" target="_self">' in text([second, first], False)
    assert "compare?" not in text([second, first], True)
    many = text(recorded(MAX_RUNS_SHOWN + 1), False)
    assert "compare?" not in many
    assert f"at most {MAX_RUNS_SHOWN} runs" in many


def test_a_deleted_run_is_in_no_link_and_those_beside_it_are() -> None:
    first, second = recorded(2)
    resources.store().deletion.delete("ada", [first])
    assert links(menu([first, "NobodysRun1", second])) == dict.fromkeys(EXPORTS, f"runs={second}")
    assert menu([first]).get("popover")[0].proto.popover.disabled


def test_hundreds_of_runs_fit_into_an_address() -> None:
    app = menu(recorded(MAX_RUNS_EXPORTED + 20))
    offered = links(app)
    assert set(offered) == {name for name, export in EXPORTS.items() if export.most >= MAX_RUNS_EXPORTED}
    for query in offered.values():
        assert query.count(",") == MAX_RUNS_EXPORTED - 1
        assert len(query) < 7000
    assert f"The first {MAX_RUNS_EXPORTED} of 520 runs" in notes(app)[0]
    assert f"at most {MAX_RUNS_SHOWN} runs" in "".join(str(one.proto.body) for one in app.get("html"))


@pytest.mark.parametrize("run_id", ['"><script>alert(1)</script>', "a&b=c", "a b"])
def test_what_a_link_brings_instead_of_an_id_is_not_offered(run_id: str) -> None:
    app = menu([run_id])
    assert app.get("popover")[0].proto.popover.disabled
    assert not app.get("html")


def test_mlflow_is_offered_where_the_installation_names_a_server(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = resources.store().queue.add([RunSpec()], "ada", "here")[0]
    assert not menu([run.id]).button
    monkeypatch.setenv("BATCHVIZ_MLFLOW_URI", "http://127.0.0.1:1")
    resources.settings.cache_clear()
    app = menu([run.id])
    app.button(key="export_mlflow").click().run()
    assert not app.exception
    assert "There is no MLflow server at http://127.0.0.1:1" in app.text[0].value
