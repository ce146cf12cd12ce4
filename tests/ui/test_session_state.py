"""What the session remembers is named in one module, with its type and its default."""

import ast
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

from batchviz import ui
from batchviz.ui.session_state import Key

ROOT = Path(__file__).parents[2]
HOME = ROOT / "batchviz/ui/session_state.py"


def offences(text: str, place: str) -> Iterator[str]:
    """Every use of Streamlit's own session, however it was imported."""
    for node in ast.walk(ast.parse(text)):
        names = {
            ast.Attribute: lambda node: [node.attr],
            ast.ImportFrom: lambda node: [alias.name for alias in node.names if node.module == "streamlit"],
        }.get(type(node), lambda node: [])(node)
        if "session_state" in names:
            yield f"{place}:{node.lineno} reads the session itself: declare a key in ui/session_state.py"


def test_only_one_module_touches_the_session():
    sources = [*(ROOT / "batchviz/ui").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
    assert HOME in sources
    others = [path for path in sources if path != HOME]
    assert [found for path in others for found in offences(path.read_text(), str(path))] == []


@pytest.mark.parametrize(
    "text",
    [
        "import streamlit as st\nst.session_state['x'] = 1",
        "from streamlit import session_state\nsession_state.pop('x')",
    ],
)
def test_who_touches_it_besides_is_named(text):
    (offence,) = offences(text, "page.py")
    assert offence.startswith("page.py:")


def keys() -> list[Key[Any]]:
    """All that are declared, each once."""
    modules = [
        import_module(module.name)
        for module in walk_packages(ui.__path__, "batchviz.ui.")
        if not module.ispkg
    ]
    declared = {id(key): key for module in modules for key in vars(module).values() if isinstance(key, Key)}
    return list(declared.values())


def test_two_keys_never_share_a_name():
    assert len(keys()) > 40
    assert [name for name, count in Counter(key.name for key in keys()).items() if count > 1] == []


def test_defaults_cannot_be_changed_for_everybody():
    assert [key.name for key in keys() if isinstance(key.default, list | set | dict)] == []
