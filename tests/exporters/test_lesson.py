"""A lesson taken away: the sheet, the page and the package as files, nothing in them that acts or asks."""

import io
import json
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest

from batchviz import lessons
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.series import merged
from batchviz.exporters import lesson as files
from batchviz.exporters.lesson.markdown import as_html
from batchviz.lessons import Answer, Lesson
from batchviz.lessons.outcome import Recorded
from tests.exporters.selection import MemorySelection, run, trained

HOSTILE = "<script>window.broken = 1</script><img src=x onerror='window.broken = 2'>"


def played() -> tuple[Lesson, MemorySelection, Recorded]:
    """The lesson of three budgets, one seed of each size."""
    lesson = lessons.get("budgets")
    runs = [run(f"lesson{number}", spec) for number, spec in enumerate(lesson.members)]
    selection = MemorySelection([LibraryEntry(each) for each in runs], {each.id: trained() for each in runs})
    epochs = {
        each.id: merged(selection.rows[each.id]["epochs"], selection.rows[each.id]["measured"])
        for each in runs
    }
    return lesson, selection, Recorded(runs, epochs)


ANSWERS = {
    "predict": Answer(value=(("8", "64"), ("512",))),
    "see": Answer(value="8"),
    "why": Answer(value="updates"),
}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>"),
        (HOSTILE, "&lt;script&gt;"),
        ("[press](javascript:alert(1))", "[press](javascript:alert(1))"),
        ("![x](http://example.org/x.png)", "![x](http://example.org/x.png)"),
        ("<http://example.org>", "&lt;http://example.org&gt;"),
    ],
)
def test_markdown_becomes_html_that_does_nothing(written: str, shown: str) -> None:
    html = as_html(written)
    assert shown in html
    assert re.search(r"<(script|img|a)\b", html) is None


def test_the_sheet_has_what_was_answered_and_what_came_of_it() -> None:
    lesson, _, recorded = played()
    text = files.sheet([files.Played(lesson, ANSWERS, recorded)]).decode()
    for words in (
        lesson.title,
        lesson.predict.text,
        "B = 8 and B = 64 alike, then B = 512",
        "Right.",
        "1,800",
    ):
        assert words in text
    assert lesson.task.check.text not in text
    assert "<script" not in text
    assert 'src="' not in text


def test_a_sheet_of_nothing_says_so() -> None:
    assert "Nothing was answered yet." in files.sheet([files.Played(lessons.get("budgets"), {})]).decode()


def embedded(page: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}"[^>]*>(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def test_the_page_holds_every_question_with_its_truth_and_every_recording() -> None:
    lesson, selection, recorded = played()
    page = files.page(lesson, selection, recorded).decode()
    document = embedded(page, "batchviz-lesson")
    assert [question["key"] for question in document["questions"]] == [
        "predict", "see", "also1", "why", "check"
    ]  # fmt: skip
    assert document["questions"][0]["pairs"] == [
        ["8", "64", "open"],
        ["8", "512", "open"],
        ["64", "512", "open"],
    ]
    assert document["questions"][3]["right"] == "updates"
    assert {embedded(page, f"batchviz-run-lesson{number}")["batch_size"] for number in range(3)} == {
        8,
        64,
        512,
    }
    assert re.search(r'(src|href)="?http|url\(http', page.split('id="batchviz-plotly"')[0]) is None


def test_the_package_is_one_that_a_learning_management_system_takes() -> None:
    lesson = lessons.get("budgets")
    package = zipfile.ZipFile(io.BytesIO(files.scorm(lesson, b"the page")))
    assert package.namelist() == ["imsmanifest.xml", "index.html"]
    assert package.read("index.html") == b"the page"
    manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
    names = {"ims": "http://www.imsproject.org/xsd/imscp_rootv1p1p2"}
    [resource] = manifest.findall(".//ims:resource", names)
    assert resource.attrib["href"] == "index.html"
    assert resource.attrib["{http://www.adlnet.org/xsd/adlcp_rootv1p2}scormtype"] == "sco"
    [item] = manifest.findall(".//ims:item", names)
    assert item.attrib["identifierref"] == resource.attrib["identifier"]
    assert item.findtext("ims:title", namespaces=names) == lesson.title
    assert files.scorm(lesson, b"the page") == files.scorm(lesson, b"the page")
