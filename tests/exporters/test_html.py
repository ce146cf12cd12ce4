"""The page that plays alone, as text: what is in it, and that nothing a user wrote can be markup. For its life see
tests/browser/test_html_export.py."""

import base64
import gzip
import json
import re
import tomllib
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from batchviz.experiment.clock import ClockPath, clock_key
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Source, Status
from batchviz.experiment.series import merged
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS
from batchviz.frontend import plotly_js
from tests.analysis.recorded import clock
from tests.exporters.selection import MemorySelection, run, trained

HOSTILE = "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>&amp;"
CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"


class Page(HTMLParser):
    """The elements with an id, the kinds of elements, and the text of the headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: dict[str, str] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self._open = given.get("id") or given.get("type") or tag

    def handle_data(self, data: str) -> None:
        self.texts[self._open] = self.texts.get(self._open, "") + data


def written(selection: MemorySelection) -> str:
    return b"".join(EXPORTS["html"].write(selection)).decode()


def test_the_page_holds_every_point_of_every_run() -> None:
    selection = MemorySelection.from_entries(LibraryEntry(run("first1")), LibraryEntry(run("second")))
    page = Page(written(selection))
    for run_id in ("first1", "second"):
        told = json.loads(page.texts[f"batchviz-run-{run_id}"], parse_constant=pytest.fail)
        rows = selection.rows[run_id]
        every = merged(rows["epochs"], rows["measured"])
        assert len(every["updates"]) == 6, "three epochs, and three measurements inside"
        assert np.allclose(told["epochs"]["val_loss"], every["val_loss"], rtol=1e-6)
        packed = np.frombuffer(base64.b64decode(told["updates"]["loss"]), "<f4")
        assert np.array_equal(packed, rows["updates"]["loss"])
    assert json.loads(page.texts["batchviz-sentence"])


def test_runs_are_called_and_coloured_by_what_differs_as_on_the_page() -> None:
    rates = [
        LibraryEntry(run(f"rate{at}", RunSpec(learning_rate=rate))) for at, rate in enumerate((0.001, 0.1))
    ]
    text = written(MemorySelection.from_entries(*rates))
    told = [json.loads(Page(text).texts[f"batchviz-run-rate{at}"]) for at in range(2)]
    assert [each["label"] for each in told] == ["lr 0.001", "lr 0.1"]
    assert told[0]["color"] != told[1]["color"]
    assert "<title>lr 0.001, lr 0.1" in text


def test_the_page_holds_the_clocks_that_are_known() -> None:
    selection = MemorySelection.from_entries(LibraryEntry(run("first1")))
    key = clock_key(RunSpec()) or ""
    selection.known = {ClockPath.FIT: {key: clock(network=key, path=ClockPath.FIT)}}
    told = json.loads(Page(written(selection)).texts["batchviz-clocks"])
    assert told["runs"]["first1"]["loop"] is None
    [[start, updates, update, epoch]] = told["runs"]["first1"]["fit"]
    assert [start, updates, update, epoch] == pytest.approx([0, 25, 7.2e-6, 25 * 7.2e-6])
    assert "in Keras fit, measured on Test, 2 cores" in told["paths"]["fit"]["note"]


def test_the_drawing_library_is_in_the_page() -> None:
    page = Page(written(MemorySelection.from_entries(LibraryEntry(run("first1")))))
    assert gzip.decompress(base64.b64decode(page.texts["batchviz-plotly"])) == plotly_js.plain()


def test_the_scripts_ask_no_server_and_import_nothing() -> None:
    script = Page(written(MemorySelection.from_entries(LibraryEntry(run())))).texts["module"]
    assert "class Live" in script
    assert "fetch(" not in script
    assert not re.search(
        r"^(import|export)\b|\bimport\(", re.sub(r"/\*\*.*?\*/|//.*", "", script, flags=re.DOTALL), re.M
    )


def test_names_and_titles_are_never_markup() -> None:
    plain = Page(
        written(
            MemorySelection.from_entries(
                LibraryEntry(run("first1", title="x", source=Source.ARCHIVE), name="y")
            )
        )
    )
    entry = LibraryEntry(run("first1", title=HOSTILE, source=Source.ARCHIVE, reason=HOSTILE), name=HOSTILE)
    page = Page(written(MemorySelection.from_entries(entry)))
    assert page.tags == plain.tags
    told = json.loads(page.texts["batchviz-run-first1"])
    assert (told["label"], told["reason"]) == (HOSTILE, HOSTILE)
    assert HOSTILE in told["details"]
    assert page.texts["h1"].startswith(HOSTILE)


def test_a_run_that_is_still_training_ends_where_it_stood() -> None:
    page = Page(written(MemorySelection.from_entries(LibraryEntry(run("first1", status=Status.RUNNING)))))
    told = json.loads(page.texts["batchviz-run-first1"])
    assert (told["status"], told["reason"]) == ("stopped", "It was still training when this file was made.")


def test_the_page_forbids_every_connection() -> None:
    text = written(MemorySelection.from_entries(LibraryEntry(run())))
    policy = text.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    assert unescape(policy).startswith("default-src 'none';")
    assert "http" not in policy
    assert "connect-src" not in policy


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_the_apps_colours(scheme: str) -> None:
    theme = tomllib.loads(CONFIG.read_text())["theme"][scheme]
    styles = written(MemorySelection.from_entries(LibraryEntry(run()))).partition(
        "@media (prefers-color-scheme: dark)"
    )
    part = styles[0 if scheme == "light" else 2]
    for name, key in (("background", "backgroundColor"), ("text", "textColor"), ("primary", "primaryColor")):
        assert f"--st-{name}-color: {theme[key]};" in part


def test_runs_are_handed_on_one_after_the_other() -> None:
    entries = [LibraryEntry(run(f"run_{number:03}")) for number in range(5)]
    selection = MemorySelection(entries, dict.fromkeys((entry.run.id for entry in entries), trained(3, 500)))
    body = EXPORTS["html"].write(selection)
    assert next(body).startswith(b"<!doctype html>")
    assert selection.read == []
    next(body)
    assert {run_id for run_id, *_ in selection.read} == {"run_000"}
