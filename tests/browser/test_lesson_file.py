"""A lesson's file and a sheet in a real browser, opened from the disk with the network off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from batchviz.exporters import lesson as files
from tests.exporters.test_lesson import ANSWERS, played

pytestmark = pytest.mark.browser

LMS = """
window.told = {};
window.API = {
  LMSInitialize: () => "true", LMSFinish: () => "true", LMSCommit: () => "true",
  LMSGetValue: (name) => told[name] ?? "", LMSSetValue: (name, value) => { told[name] = value; return "true"; },
};
"""
"""What a learning management system has in its window; src/lesson/course.test.js looks for it in frames."""


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    lesson, selection, recorded = played()
    (tmp_path / "lesson.html").write_bytes(files.page(lesson, selection, recorded))
    (tmp_path / "sheet.html").write_bytes(files.sheet([files.Played(lesson, ANSWERS, recorded)]))
    context = browser.new_context(
        offline=True, reduced_motion="reduce", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: faults.append(request.url) if request.url.startswith("http") else None)
    page.goto((tmp_path / "lesson.html").as_uri())
    yield page
    context.close()
    assert faults == []


def play(frame: Page) -> None:
    """From the prediction to the end; places are 1, 1 and 3."""
    for number, name in enumerate(("B = 8", "B = 64", "B = 512")):
        frame.get_by_role("combobox", name=name, exact=True).select_option(index=1 + 2 * (number // 2))
    frame.get_by_label("Fairly sure").check()
    frame.get_by_role("button", name="This is my prediction").click()
    expect(frame.get_by_test_id("score")).to_have_text("Nothing here is settled, so nothing is scored.")
    for key in ("see", "also1", "why", "check"):
        form = frame.get_by_test_id(f"question-{key}")
        form.get_by_role("radio").first.check()
        form.get_by_role("button", name="Answer").click()
    expect(frame.get_by_test_id("lesson-done")).to_have_text("This lesson is done.")


def test_a_lesson_plays_from_a_disk_and_keeps_its_answers(opened: Page) -> None:
    expect(opened.get_by_test_id("question-see")).to_be_hidden()
    expect(opened.locator("[data-first-point]")).to_have_count(0)
    play(opened)
    opened.wait_for_selector("[data-first-point]")
    for name, place in (("B = 8", "1 ="), ("B = 64", "1 ="), ("B = 512", "3")):
        row = opened.get_by_test_id("outcome").get_by_role("row").filter(has_text=name)
        expect(row.get_by_role("cell").first).to_have_text(place)
    expect(opened.locator(".batchviz-path path")).to_have_count(1)
    assert Axe().run(opened).response["violations"] == []
    opened.reload()
    expect(opened.get_by_test_id("lesson-done")).to_have_text("This lesson is done.")
    expect(opened.get_by_role("combobox", name="B = 512", exact=True)).to_have_value("2")
    expect(opened.get_by_role("combobox", name="B = 512", exact=True)).to_be_disabled()


def test_a_learning_system_is_told_completion_and_score(opened: Page) -> None:
    opened.add_init_script(LMS)
    opened.reload()
    play(opened)
    told = opened.evaluate("told")
    assert told["cmi.core.lesson_status"] == "completed"
    # Of one seed a size nothing measured is settled: what counts is why, answered rightly.
    assert told["cmi.core.score.raw"] == "100"


def test_the_sheet_opens_from_a_disk(opened: Page, tmp_path: Path) -> None:
    opened.goto((tmp_path / "sheet.html").as_uri())
    expect(opened.get_by_role("heading", name="4. Three budgets")).to_be_visible()
    expect(opened.get_by_text("It made many more updates of the weights.")).to_be_visible()
    assert Axe().run(opened).response["violations"] == []
