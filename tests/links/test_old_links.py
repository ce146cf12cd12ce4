"""Links as version 0.1.0 read and wrote them, a line of JSON each: they mean the same for ever. Change no line.

`value` is what the link was read as, `encoded` what was written for that value, `error` what a person was told, and
`unread` the names whose values could not be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

import pytest
from pydantic import BaseModel

from batchviz.errors import SpecError
from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.links.comparison import View
from batchviz.links.lesson import LessonLink
from batchviz.links.run_filter import RunFilter

LINES = Path(__file__).with_name("old_links.txt").read_text(encoding="utf-8").splitlines()
OLD_LINKS = [json.loads(line) for line in LINES]


def read_experiment(query: str) -> dict[str, Any]:
    spec = experiment.decode(dict(parse_qsl(query, keep_blank_values=True)))
    return {"value": spec.model_dump(), "encoded": urlencode(experiment.encode(spec))}


def read_comparison(query: str) -> dict[str, Any]:
    view = View.decode(dict(parse_qsl(query, keep_blank_values=True)))
    return {"value": view.model_dump(), "encoded": urlencode(view.encode())}


def read_lesson(query: str) -> dict[str, Any]:
    link = LessonLink.decode(dict(parse_qsl(query, keep_blank_values=True)))
    return {"value": link.model_dump(), "encoded": urlencode(link.encode())}


def read_run_filter(query: str) -> dict[str, Any]:
    runs, unread = RunFilter.decode_lists(parse_qs(query, keep_blank_values=True))
    encoded = urlencode(runs.encode_lists(), doseq=True)
    return {"value": runs.model_dump(), "unread": unread, "encoded": encoded}


NEWER_WORDS = re.compile(r"loop, fit, |, mislabelled|, line|, moons")
"""Of a layout, and a data set: an error tells them, too."""

READ: dict[str, Callable[[str], dict[str, Any]]] = {
    "experiment": read_experiment,
    "comparison": read_comparison,
    "lesson": read_lesson,
    "run_filter": read_run_filter,
}

VALUES: dict[str, type[BaseModel]] = {
    "experiment": RunSpec,
    "comparison": View,
    "lesson": LessonLink,
    "run_filter": RunFilter,
}


def forget_newer(now: dict[str, Any], old: dict[str, Any], defaults: dict[str, Any]) -> None:
    """A field that is newer than the link has its default, and no link says so."""
    for name in list(now):
        if name not in old:
            assert now.pop(name) == defaults[name]
        elif isinstance(now[name], dict):
            forget_newer(now[name], old[name], defaults[name])


@pytest.mark.parametrize("old", OLD_LINKS, ids=lambda old: f"{old['kind']} {old['link'][:60]}")
def test_an_old_link_is_read_and_written_as_it_was(old: dict[str, Any]) -> None:
    try:
        now = READ[old["kind"]](old["link"])
    except SpecError as error:
        now = {"error": str(error)}
    now = json.loads(json.dumps(now, default=str))
    if "error" in now:
        now["error"] = NEWER_WORDS.sub("", now["error"])
    if "value" in now:
        forget_newer(now["value"], old["value"], json.loads(VALUES[old["kind"]]().model_dump_json()))
    assert now == {name: value for name, value in old.items() if name not in ("kind", "link")}


def test_every_kind_of_link_is_among_them() -> None:
    read = [old["kind"] for old in OLD_LINKS if "encoded" in old]
    assert min(read.count(kind) for kind in READ) >= 10
