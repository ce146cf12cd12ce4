"""The presenter's switch: on every page, in the address, and out of nobody else's way."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("data_dir")


def opened(page: str = "", **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    if page:
        app.switch_page(f"../../pages/{page}.py")
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def enlarged(app: AppTest) -> bool:
    return any("--bv-scale: 2" in str(one.proto.body) for one in app.get("html"))


@pytest.mark.parametrize("page", ["", "compare", "runs", "board", "data"])
def test_a_press_enlarges_the_page_and_the_address_keeps_it(page: str) -> None:
    app = opened(page)
    assert not enlarged(app)
    app.button(key="present").click().run()
    assert enlarged(app)
    assert app.query_params["present"] == "1"
    app.button(key="present").click().run()
    assert not enlarged(app)
    assert "present" not in app.query_params


def test_a_link_opens_a_page_enlarged_and_its_settings_as_ever() -> None:
    app = opened(v="1", batch_size="8", present="1")
    assert enlarged(app)
    assert app.select_slider(key="field_batch_size").value == 8
    app.select_slider(key="field_batch_size").set_value(64).run()
    assert dict(app.query_params) == {"v": "1", "batch_size": "64", "present": "1"}
