"""The first screen in the page: where it is shown, what it says, and that it asks for nothing from elsewhere."""

import json
import re
from html import unescape
from urllib.parse import parse_qsl

import pytest

from batchviz.experiment.presets import OPENING, PRESETS
from batchviz.frontend.assets import FIRST, PATH, SERVED
from batchviz.links import experiment
from batchviz.recorded import opening
from batchviz.web.opening import StartMode, start_mode, with_opening
from batchviz.web.streamlit_private import static_folder

INDEX = (static_folder() / "index.html").read_bytes()


@pytest.fixture(scope="module")
def page() -> str:
    return with_opening(INDEX, StartMode.AT_ONCE).decode()


@pytest.mark.parametrize(
    ("path", "query", "how"),
    [
        ("/", "", StartMode.AT_ONCE),
        ("/lab/", "", StartMode.AT_ONCE),
        ("/", "v=1&batch_size=8", StartMode.AT_ONCE),
        ("/", "embed=true", StartMode.EMBEDDED),
        ("/", "v=1&runs=AbCd_1234567", StartMode.LATER),
        ("/", "embed=true&runs=AbCd_1234567", StartMode.LATER),
        ("/", "v=1&free=batch_size", StartMode.LATER),
        ("/", "v=1&title=Noise", StartMode.LATER),
        ("/", "v=1&layout=chart", StartMode.LATER),
        ("/compare", "", StartMode.LATER),
        ("/lab/runs", "", StartMode.LATER),
    ],
)
def test_the_race_opens_the_playground_and_never_hides_what_a_link_names(
    path: str, query: str, how: StartMode
) -> None:
    assert start_mode({"type": "http", "path": path, "query_string": query.encode()}) is how


def test_it_is_hidden_and_costs_no_script_where_there_is_something_else_to_see() -> None:
    later = with_opening(INDEX, StartMode.LATER).decode()
    assert '<div id="batchviz-opening" hidden>' in later
    assert '<script type="module"' not in later.partition('id="batchviz-opening"')[2]


def test_a_font_that_no_page_is_set_in_is_not_asked_for(page: str) -> None:
    assert b'as="font"' in INDEX, "Streamlit names its own"
    assert 'as="font"' not in page
    assert 'as="font"' not in with_opening(INDEX, StartMode.LATER).decode()


def test_a_page_of_another_make_passes_unchanged() -> None:
    assert with_opening(b"<html><body></body></html>", StartMode.AT_ONCE) == b"<html><body></body></html>"


def test_its_scripts_are_ours_and_found_beside_the_page(page: str) -> None:
    named = set(re.findall(r'(?:href|src)="(assets/[^"]+)"', page))
    assert {address.removeprefix(PATH) for address in named} <= SERVED.keys()
    assert page.index(f'href="{PATH}{FIRST}"') < page.index("static/js/"), "what plays is asked for first"


def test_what_it_plays_is_what_was_recorded(page: str) -> None:
    [text] = re.findall(r'<script type="application/json">(.*?)</script>', page)
    race = json.loads(text)
    assert [line["label"] for line in race["lines"]] == ["B = 1", "B = 8", "B = 32", "B = 128", "B = full"]
    for line, (run, rows, _) in zip(race["lines"], opening().runs, strict=True):
        assert line["y"][-1] == pytest.approx(run.final["val_metric"], abs=1e-6)
        assert len(line["x"]) == len(line["y"]) == len(rows["val_metric"])
        assert line["x"] == sorted(line["x"])
        assert line["x"][-1] == race["end"] == 10
        assert line["updates"][-1] == run.progress.updates


def test_every_preset_is_a_link_to_its_settings(page: str) -> None:
    links = {
        name: dict(parse_qsl(unescape(query)))
        for query, name in re.findall(r'<a href="\?([^"]*)" data-preset="(\w+)"', page)
    }
    assert links.keys() == PRESETS.keys() - {OPENING}
    assert next(iter(links)) == "article"
    for name, parameters in links.items():
        assert experiment.decode(parameters) == PRESETS[name].spec


def test_the_article_is_named_and_linked_by_its_title(page: str) -> None:
    source = PRESETS["article"].source
    assert source is not None
    [(address, title)] = re.findall(r'<cite><a href="([^"]*)"[^>]*>([^<]*)</a></cite>', page)
    assert (unescape(address), unescape(title)) == (source.address, source.title)
    assert title == "Batch Size in Deep Learning and Neural Network"
