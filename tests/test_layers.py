"""Who may import whom: the arrows of the map in `batchviz/__init__.py`, held by walking every import.

To let a module import another layer, change the map and this table together.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from scripts.structure import (
    arrows_up,
    circles,
    components,
    javascript_imports,
    longest_path,
    map_order,
    part_imports,
    python_imports,
)

ROOT = Path(__file__).parents[1]

ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "settings": {"errors"},
    "experiment": {"errors"},
    "links": {"errors", "experiment"},
    "training": {"errors", "experiment"},
    "store": {"errors", "experiment"},
    "importers": {"errors", "experiment", "text"},
    "recorded": {"experiment", "importers"},
    "analysis": {"errors", "experiment"},
    "notebook": {"analysis", "claims", "errors", "experiment", "exporters", "importers", "text", "training"},
    "text": {"analysis", "experiment"},
    "claims": {"analysis", "errors", "experiment", "text"},
    "figures": {"analysis", "experiment", "text"},
    "lessons": {"analysis", "errors", "experiment", "links", "text"},
    "frontend": {"analysis", "experiment", "figures", "text"},
    "engine": {"analysis", "claims", "errors", "experiment", "settings", "store", "training"},
    "exporters": {
        "analysis",
        "claims",
        "errors",
        "experiment",
        "figures",
        "frontend",
        "links",
        "lessons",
        "text",
    },
    "web": {
        "analysis",
        "errors",
        "experiment",
        "exporters",
        "figures",
        "frontend",
        "lessons",
        "links",
        "recorded",
        "store",
    }
    | {"text"},
    "ui": {
        "analysis",
        "claims",
        "recorded",
        "engine",
        "errors",
        "experiment",
        "exporters",
        "figures",
        "frontend",
        "importers",
    }
    | {"lessons", "links", "settings", "store", "text", "web"},
    "cli": {"claims", "errors", "experiment", "exporters", "links", "notebook", "settings", "store", "text"},
    "__main__": {"cli"},
    "__init__": {"errors", "experiment", "notebook", "training"},
    "pages": {"errors", "ui"},
    "app": {"ui", "web"},
}
"""Layer -> the layers it may import, beside itself."""

ONLY: dict[str, set[str]] = {
    "streamlit": {"ui", "pages", "app"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "tensorflow": {"training"},
    "keras": {"training", "experiment"},
    "pebble": {"engine"},
    "psutil": {"engine"},
    "distributed": {"engine"},
    "dask": {"engine"},
    "plotly": set(),
    "jinja2": {"frontend"},
    "markupsafe": {"frontend"},
    "starlette": {"web"},
    "sklearn": set(),
    "pyarrow": {"exporters", "importers", "ui"},
    "nbformat": {"exporters"},
    "nh3": {"exporters"},
    "markdown_it": {"exporters"},
    "tensorboardX": {"exporters"},
    "mlflow": {"exporters"},
    "tsdownsample": {"analysis"},
    "babel": {"text"},
    "segno": {"frontend", "cli"},
    "pydantic_settings": {"settings"},
    "torch": set(),
    "jax": set(),
}
"""Library -> the layers that may import it."""

IN_FUNCTIONS = {
    ("keras", "experiment"),
}
"""Imported when called, so that the module itself stays light."""

READS_ENVIRONMENT = {"training", "engine", "cli"}
"""`settings` reads, by pydantic-settings; these hand on what TensorFlow and child processes read."""


class Import(NamedTuple):
    """One import: where it stands, what it names, and whether it runs only when a function is called."""

    layer: str
    place: str
    target: str
    deferred: bool


@functools.cache
def imports() -> dict[str, set[str]]:
    """Module -> those it imports, read once for all tests, which leave it as it is."""
    return python_imports(ROOT)


def layer_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "batchviz" else parts[0]


def sources() -> list[Path]:
    return [
        *sorted((ROOT / "batchviz").rglob("*.py")),
        *sorted((ROOT / "pages").rglob("*.py")),
        ROOT / "app.py",
    ]


def imports_in(path: Path, text: str) -> Iterator[Import]:
    """Every import that can run; those for type checkers alone cannot."""

    def walk(node: ast.AST, deferred: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            place = f"{path.relative_to(ROOT)}:{getattr(child, 'lineno', 0)}"
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.Import):
                yield from (Import(layer_of(path), place, name.name, deferred) for name in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{place}: expected an absolute import"
                yield from (
                    Import(layer_of(path), place, f"{child.module}.{name.name}", deferred)
                    for name in child.names
                )
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, deferred or inside)

    return walk(ast.parse(text), False)


def offences(found: Import) -> Iterator[str]:
    """What is wrong with one import."""
    library, *rest = found.target.split(".")
    if library == "batchviz":
        inner = rest[0] if rest and rest[0] in ALLOWED else "__init__"
        if inner != found.layer and inner not in ALLOWED[found.layer]:
            yield f"{found.place}: {found.layer} may not import batchviz.{inner}"
    elif library in ONLY:
        if found.layer not in ONLY[library]:
            yield f"{found.place}: {found.layer} may not import {library}"
        elif (library, found.layer) in IN_FUNCTIONS and not found.deferred:
            yield f"{found.place}: {found.layer} may import {library} inside functions only"


@functools.cache
def every_import() -> list[Import]:
    return [found for path in sources() for found in imports_in(path, path.read_text())]


def test_every_import_follows_the_map():
    assert [offence for found in every_import() for offence in offences(found)] == []


SPEC_ORDER = (
    "limits", "environment", "own_data", "datasets", "models", "optimizers", "constraints", "parsing", "schedule",
    "spec", "clock", "floor", "plan", "sweep_spec", "series", "records", "columns", "query",
    "column_findings", "table_findings", "library",
)  # fmt: skip
"""The modules of `experiment`: each may import those before it. The spec knows nobody above it."""


def test_the_spec_knows_nobody_above_it():
    upward = [
        f"{path.name} may not import {imported}"
        for path in (ROOT / "batchviz/experiment").glob("*.py")
        if path.stem in SPEC_ORDER
        for entry in imports_in(path, path.read_text())
        if entry.target.startswith("batchviz.experiment.")
        for imported in entry.target.split(".")[2:3]
        if imported not in SPEC_ORDER[: SPEC_ORDER.index(path.stem)]
    ]
    assert upward == []


def test_every_module_is_on_the_map():
    missing = {layer_of(path) for path in sources()} - set(ALLOWED)
    assert missing == set(), "add the new layer to the map in batchviz/__init__.py and to ALLOWED"


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("batchviz/ui/x.py", "from batchviz.training import fit", "ui may not import batchviz.training"),
        (
            "batchviz/ui/x.py",
            "def f():\n    import batchviz.training.run",
            "ui may not import batchviz.training",
        ),
        ("batchviz/ui/x.py", "from batchviz import train", "ui may not import batchviz.__init__"),
        ("batchviz/training/x.py", "from batchviz import store", "training may not import batchviz.store"),
        ("batchviz/training/x.py", "import streamlit as st", "training may not import streamlit"),
        ("batchviz/analysis/x.py", "import sqlalchemy.orm", "analysis may not import sqlalchemy"),
        ("batchviz/figures/x.py", "import keras", "figures may not import keras"),
        ("batchviz/web/x.py", "from tensorflow import nn", "web may not import tensorflow"),
        (
            "batchviz/experiment/models.py",
            "import keras",
            "experiment may import keras inside functions only",
        ),
        ("pages/x.py", "from batchviz.store import Store", "pages may not import batchviz.store"),
    ],
)
def test_an_offender_is_named(path, text, words):
    found = [offence for one in imports_in(ROOT / path, text) for offence in offences(one)]
    assert len(found) == 1
    assert words in found[0]


def test_imports_for_type_checkers_and_inside_functions_are_told_apart():
    text = "if TYPE_CHECKING:\n    import keras\ndef f():\n    import keras"
    found = list(imports_in(ROOT / "batchviz/experiment/models.py", text))
    assert [one.deferred for one in found] == [True]
    assert [offence for one in found for offence in offences(one)] == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Imports inside functions count, and those for type checkers alone: they too are knowledge of each other.

    Of scripts, those of types in comments.
    """
    assert circles(javascript_imports(ROOT)) == []
    assert circles(imports()) == [], (
        "each of these imports all others of its group: move what they share below them"
    )
    assert circles(part_imports(imports())) == []


def test_the_folders_of_the_screen_do_not_know_each_other_both_ways() -> None:
    """A board is a comparison that was saved, so boards know Compare; and components know no page."""
    modules = imports()
    folder = {name: ".".join(name.split(".")[:3]) for name in modules if name.startswith("batchviz.ui.")}
    folders: dict[str, set[str]] = {name: set() for name in folder.values()}
    for name, own in folder.items():
        folders[own] |= {folder[target] for target in modules[name] if target in folder} - {own}
    assert circles(folders) == []


def test_no_import_runs_up_the_map() -> None:
    assert arrows_up(imports(), map_order(ROOT)) == []


def test_the_table_allows_no_arrow_up_the_map() -> None:
    order = map_order(ROOT)
    up = [
        f"{layer} -> {target}"
        for layer in order
        for target in ALLOWED[layer]
        if order[target] >= order[layer]
    ]
    assert up == [], "only what the map draws further up may be imported"


def test_the_map_and_the_table_name_the_same_layers() -> None:
    assert set(map_order(ROOT)) == set(ALLOWED) - {"__init__", "__main__", "app", "pages"}


GRAPH = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": {"e", "f"}, "e": {"d"}, "f": set()}


def test_a_circle_is_found_whichever_way_it_runs_and_only_once() -> None:
    assert circles(GRAPH) == [["a", "b", "c"], ["d", "e"]]
    reached = [set(component) for component in components(GRAPH)]
    assert reached.index({"f"}) < reached.index({"d", "e"}) < reached.index({"a", "b", "c"})
    assert longest_path(GRAPH) == 3


def test_the_environment_is_read_in_one_place():
    readers = {
        layer_of(path)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "putenv")
    }
    assert readers <= READS_ENVIRONMENT
    by_library = {each.layer for each in every_import() if each.target.startswith("pydantic_settings.")}
    assert by_library == {"settings"}


WEB_SIDE = """
import importlib, json, pkgutil, sys
import batchviz
import batchviz.settings
for name in ("experiment", "links", "store", "analysis", "figures", "frontend", "exporters", "importers", "lessons",
    "web", "ui"):
    package = importlib.import_module(f"batchviz.{name}")
    for module in pkgutil.walk_packages(package.__path__, f"batchviz.{name}."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""


def test_the_web_side_loads_no_tensorflow():
    # A process of its own, because other tests do load it. Alembic's scripts run only under Alembic.
    answer = subprocess.run(
        [sys.executable, "-c", WEB_SIDE],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=dict(os.environ),
    )
    loaded = set(json.loads(answer.stdout.splitlines()[-1]))
    assert {"batchviz.ui.playground.form", "batchviz.web.points", "streamlit"} <= loaded
    assert loaded & {"tensorflow", "keras", "torch", "jax", "batchviz.training"} == set()


def test_importing_the_package_is_light():
    code = "import sys, batchviz; print(*{'numpy', 'pandas', 'pydantic', 'tensorflow'} & set(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.split() == []
