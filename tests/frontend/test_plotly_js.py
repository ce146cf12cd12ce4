"""The drawing library: the installed one, told that its one function will be called."""

from pathlib import Path

import plotly

from batchviz.frontend import plotly_js


def test_two_brackets_are_all_that_is_added() -> None:
    installed = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes().rstrip()
    script = plotly_js.plain()
    assert b"this, (() => {" in script
    assert script.replace(b"this, (() => {", b"this, () => {").removesuffix(b"})));") + b"}));" == installed
