"""The drawing library: the published bundle, told that its one function will be called."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from batchviz.frontend import plotly_js

FRONTEND = plotly_js.VENDORED.parents[1]
PACKAGE = "plotly.js-basic-dist-min"
VERSION = json.loads((FRONTEND / "package.json").read_text())["devDependencies"][PACKAGE]


def test_two_brackets_are_all_that_is_added() -> None:
    published = plotly_js.VENDORED.read_bytes().rstrip()
    script = plotly_js.plain()
    assert b"this, (() => {" in script
    assert script.replace(b"this, (() => {", b"this, () => {").removesuffix(b"})));") + b"}));" == published


def test_the_bundle_is_the_pinned_one_with_its_licence() -> None:
    script = plotly_js.plain().decode()
    assert script.startswith(f"/**\n* plotly.js (basic - minified) v{VERSION}\n")
    assert VERSION in (plotly_js.VENDORED.parent / "README.md").read_text()
    assert "MIT License" in (plotly_js.VENDORED.parent / "plotly-license.txt").read_text()


def test_the_sizes_that_are_told_are_those_of_the_file() -> None:
    table = plotly_js.__doc__ or ""
    assert f" {len(plotly_js.VENDORED.read_bytes()):,} " in table
    assert f" {len(plotly_js.plain()):,} " in table
    assert len(plotly_js.compressed()) == pytest.approx(396_221, rel=0.02), (
        "zlib's own release moves it a little"
    )
    assert gzip.decompress(plotly_js.compressed()) == plotly_js.plain()


def test_the_bundle_is_byte_for_byte_what_was_published() -> None:
    published = FRONTEND / "node_modules" / PACKAGE / Path(plotly_js.VENDORED).name
    if not published.exists():
        pytest.skip("node_modules is not installed")
    assert plotly_js.VENDORED.read_bytes() == published.read_bytes()


@pytest.mark.parametrize(
    ("inside", "consequence"),
    [
        (plotly_js.DRAG_LAYER.encode(), "a finger on a chart no longer scrolls the page: see css/chart.css"),
        (
            plotly_js.FACTORY[0],
            "the script is served without brackets and compiled twice: see plotly_js.FACTORY",
        ),
        (
            plotly_js.FACTORY[1],
            "the script is served without brackets and compiled twice: see plotly_js.FACTORY",
        ),
    ],
)
def test_what_we_rely_on_inside_plotly_is_still_there(inside: bytes, consequence: str) -> None:
    assert plotly_js.SEEN_IN == VERSION, (
        "Plotly is another one: look at plotly_js.py again, then change SEEN_IN."
    )
    assert inside in plotly_js.VENDORED.read_bytes(), (
        f"Plotly no longer has {inside.decode()!r}; {consequence}."
    )


def test_the_style_sheet_names_the_drag_layer() -> None:
    assert f".{plotly_js.DRAG_LAYER}" in (FRONTEND / "css" / "chart.css").read_text()
