"""Lessons played in a real browser, trained by a real engine: by keys alone, across reloads, in two tabs."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from batchviz import lessons
from batchviz.lessons import Lesson, Question, words
from tests.browser.conftest import IDLE, Server

pytestmark = pytest.mark.browser
TRAINED = 120_000
"""Milliseconds within which the runs of a lesson are over on a busy machine; some seconds on a quiet one."""


class LessonPage:
    """A lesson as a learner meets it."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, slug: str = "") -> None:
        self.page.goto(f"{self.server.url}/lessons" + (f"?lesson={slug}" if slug else ""))
        self.idle()

    def idle(self) -> None:
        self.page.wait_for_selector(IDLE)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.idle()

    def answer(self, lesson: Lesson, question: Question) -> None:
        """The first thing there is to say, with the keyboard."""
        place = self.page.locator(f".st-key-question_{lesson.slug}_{question.key}")
        if question.kind == "place":
            number = place.get_by_role("spinbutton", name=question.text)
            number.fill(f"{(question.low + question.high) / 2:g}")
            number.press("Enter")
        elif question.kind == "pick":
            radio = place.get_by_role("radiogroup", name=question.text).get_by_role("radio").first
            radio.focus()
            radio.press(" ")
        else:
            for number, option in enumerate(question.options):
                box = place.get_by_role("combobox", name=re.compile(re.escape(option.text)))
                box.focus()
                box.press("ArrowDown")
                for _ in range(number):
                    box.press("ArrowDown")
                box.press("Enter")
                self.idle()
        self.idle()
        if question.key == "predict":
            sure = place.get_by_role("radiogroup", name=words.HOW_SURE).get_by_role("radio").first
            sure.focus()
            sure.press(" ")
            self.idle()
        button = place.get_by_role("button", name=re.compile("prediction|Answer"))
        expect(button).to_be_enabled()
        button.focus()
        button.press("Enter")
        expect(self.page.locator(".batchviz-answer dt", has_text=question.text[:40]).first).to_be_visible()
        self.idle()


@pytest.fixture
def learner(context: BrowserContext, server: Server) -> Iterator[LessonPage]:
    opened = LessonPage(context.new_page(), server)
    yield opened
    assert not opened.errors, "The page threw an error that nobody caught."


@pytest.mark.parametrize("lesson", lessons.all(), ids=lambda lesson: lesson.slug)
def test_a_lesson_is_played_from_its_facts_to_its_task(learner: LessonPage, lesson: Lesson) -> None:
    page = learner.page
    learner.open(lesson.slug)
    expect(page.get_by_role("heading", name=lesson.title)).to_be_visible()
    learner.answer(lesson, lesson.predict)
    page.get_by_role("button", name=re.compile("^Run it")).press("Enter")
    expect(page.get_by_test_id("score")).to_be_visible(timeout=TRAINED)
    expect(page.get_by_test_id("outcome")).to_be_visible()
    learner.answer(lesson, lesson.see)
    learner.answer(lesson, lesson.why)
    learner.answer(lesson, lesson.task.check)
    expect(page.get_by_test_id("lesson-done")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert "nan" not in page.locator("[data-testid=stMain]").inner_text().lower()
