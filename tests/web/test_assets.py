"""The component's files reach the browser, complete and cacheable, and its buttons reach Python."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from batchviz.frontend import assets
from batchviz.frontend.assets import COMPONENTS, FIRST, PATH, REST, SERVED, SOURCES, addresses
from batchviz.web.assets import asset_route

FRONTEND = Path(assets.__file__).parent
MODULES = sorted(
    str(path.relative_to(FRONTEND))
    for path in FRONTEND.glob("src/**/*.js")
    if not path.name.endswith(".test.js")
)


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[asset_route()]))


@pytest.mark.parametrize("name", sorted(SERVED))
def test_every_file_is_served_compressed_and_kept_by_the_browser(client: TestClient, name: str) -> None:
    answer = client.get(f"/{PATH}{name}")
    assert answer.content == SERVED[name]
    assert answer.headers["content-type"].startswith(
        "text/css" if name.endswith(".css") else "text/javascript"
    )
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_is_there_under_the_names_that_it_is_told(client: TestClient, component: str) -> None:
    told = addresses(component)
    assert f"export const {told['part']} = " in client.get(f"/{told['module']}").text
    style = client.get(f"/{told['style']}").text
    assert "@import" not in style
    for name in ("css/chart.css", COMPONENTS[component].style):
        rules = SOURCES[name].decode().partition(".batchviz-")[2]
        assert style.count(rules) == (component in ("live", "figure") or name != "css/chart.css")


def test_what_both_scripts_need_is_in_the_one_that_comes_first() -> None:
    first, rest = SERVED[FIRST].decode(), SERVED[REST].decode()
    assert first.count("class Opening ") == 1
    assert "class Live " in rest
    for name in ("class Opening ", "export function element(", "function element("):
        assert name not in rest
    assert len(first) < 60_000, "the first screen waits for it"


@pytest.mark.parametrize(
    "path", ["assets/012345/rest.js", f"{PATH}assets.py", f"{PATH}live/none.js", f"{PATH}src/mount.js"]
)
def test_another_version_or_file_is_refused_with_a_reason(client: TestClient, path: str) -> None:
    answer = client.get(f"/{path}")
    assert answer.status_code == 404
    assert "reload the page" in answer.text


def test_the_files_are_served_below_a_prefix() -> None:
    client = TestClient(Starlette(routes=[asset_route("/batchviz")]))
    assert client.get(f"/batchviz/{PATH}{REST}").status_code == 200


@pytest.mark.parametrize("name", MODULES)
def test_every_import_names_a_module_and_something_it_exports(name: str) -> None:
    source = (FRONTEND / name).read_text(encoding="utf-8")
    for names, module in re.findall(r'^import \{([^}]*)\} from "(\.{1,2}/[\w./]+)";', source, re.MULTILINE):
        exported = ((FRONTEND / name).parent / module).read_text(encoding="utf-8")
        for part in filter(None, (part.strip() for part in names.split(","))):
            wanted, _, used = part.partition(" as ")
            pattern = rf"export (async )?(function|class|const) {wanted}\b"
            assert re.search(pattern, exported), f"{module} exports no {wanted}"
            used = used or wanted
            assert len(re.findall(rf"\b{used}\b", source)) > 1, f"{name} does not use {used}"


def test_a_page_with_the_chart_runs() -> None:
    def page() -> None:
        from batchviz.ui.components.live_chart import live_chart

        live_chart(["first", "second"])

    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception
    mounted = app.get("bidi_component")[0].proto
    assert mounted.component_name == "batchviz_live"
    assert '"first", "second"' in mounted.json
