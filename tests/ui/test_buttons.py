"""A press is heard once, by the run of the script that reaches the button: all buttons of the product are such."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.ui.session_state import DESTINATION
from batchviz.ui.url import COMPARE

ROOT = Path(__file__).parents[2]
SCRIPTS = [*(ROOT / "batchviz" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]


def counted() -> None:
    import streamlit as st

    from batchviz.ui.components import buttons

    if st.session_state.pop("interrupted", False):
        st.rerun()  # as when the page asks for another run: this one's trigger is gone
    if st.session_state.get("drawn", True):
        for key in ("plain", "kept"):
            st.session_state.setdefault(key + "_heard", 0)
        st.session_state["plain_heard"] += st.button("Plain", "plain")
        disabled = st.session_state.get("disabled", False)
        st.session_state["kept_heard"] += buttons.pressed("Kept", "kept", disabled=disabled)
    buttons.forget()


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(counted, default_timeout=30).run()


def heard(app: AppTest, key: str) -> int:
    return int(app.session_state[f"{key}_heard"])


def test_a_press_is_heard_once(app: AppTest) -> None:
    app.button("kept").click().run()
    assert heard(app, "kept") == 1
    app.run()
    assert heard(app, "kept") == 1


def test_a_press_is_heard_by_the_run_after_one_that_was_ended(app: AppTest) -> None:
    for key, times in (("plain", 0), ("kept", 1)):
        app.session_state["interrupted"] = True
        app.button(key).click().run()
        assert heard(app, key) == times


@pytest.mark.parametrize("meanwhile", ["disabled", "gone"])
def test_a_button_that_cannot_be_pressed_any_more_is_not_pressed_later(app: AppTest, meanwhile: str) -> None:
    app.session_state["disabled"] = meanwhile == "disabled"
    app.session_state["drawn"] = meanwhile != "gone"
    app.button("kept").click().run()
    app.session_state["disabled"], app.session_state["drawn"] = False, True
    app.run()
    assert heard(app, "kept") == 0


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node


def test_no_press_of_the_product_is_told_to_one_run_alone() -> None:
    forgetful = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SCRIPTS
        for call in calls(path)
        if ast.unparse(call.func) in {"st.button", "st.form_submit_button"}
        and "on_click" not in {keyword.arg for keyword in call.keywords}
    ]
    assert forgetful == []


def test_no_way_to_another_page_is_one_run_alone() -> None:
    leaving = {
        path.name for path in SCRIPTS for call in calls(path) if ast.unparse(call.func) == "st.switch_page"
    }
    assert leaving == {"buttons.py"}


@pytest.mark.usefixtures("data_dir")
def test_who_was_led_to_another_page_gets_there_though_the_browser_asked_for_the_old_one_meanwhile() -> None:
    """The old page is what the browser asks for while it does not know of the new one."""
    app = AppTest.from_file(str(ROOT / "batchviz" / "ui" / "main.py"), default_timeout=30)
    app.session_state[DESTINATION.name] = (COMPARE, {"unit": "updates"})
    app.run()
    assert not app.exception
    assert DESTINATION.name not in app.session_state
    assert app.button("choose").label == "Choose runs"
