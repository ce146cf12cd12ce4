"""Lessons played in a real browser, trained by a real engine, by keys alone, from their facts to their task.

All of them in one page: their races are asked for first, so that one trains while another is answered.
"""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from batchviz import lessons
from batchviz.lessons import Lesson, Question, words
from tests.browser.conftest import IDLE, Person, Server, without_complaints
from tests.browser.watched_page import WatchedPage

pytestmark = pytest.mark.browser
TRAINED = 240_000
"""Milliseconds within which the runs of a lesson are over on a busy machine, those of the others before it."""
LAST_RUNS = 6
"""Of a lesson, for three seconds of two workers."""


class LessonPage(WatchedPage):
    """A lesson as a learner meets it."""

    def __init__(self, page: Page, server: Server) -> None:
        super().__init__(page)
        self.server = server

    def open(self, slug: str = "") -> None:
        self.page.goto(f"{self.server.url}/lessons" + (f"?lesson={slug}" if slug else ""))
        self.idle()

    def idle(self) -> None:
        self.page.wait_for_selector(IDLE)

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
                box = place.get_by_role("combobox", name=re.compile(rf"{re.escape(option.text)}(?!\d)"))
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


def test_the_recorded_race_plays_until_the_live_one_has_its_first_point(
    first_page: Page, server: Server
) -> None:
    """Before any other: what was trained once is there at once. And of the lesson with the most updates: a race that
    is over takes the recorded one off the page, however little of it was drawn.
    """
    lesson = lessons.get("schedules")
    learner = LessonPage(first_page, server)
    page = learner.page
    recorded = page.get_by_test_id("recorded")
    page.route("**/api/points*", lambda route: route.abort())
    learner.open(lesson.slug)
    learner.answer(lesson, lesson.predict)
    expect(recorded).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Run it")).press("Enter")
    expect(recorded).to_be_visible()
    expect(recorded).to_contain_text("of a race recorded before, one seed")
    expect(recorded).to_contain_text(words.RECORDED)
    assert Axe().run(page).response["violations"] == []
    page.unroute_all()
    expect(recorded).to_be_hidden()
    learner.leave()


@pytest.fixture(scope="module")
def learner(two_people: tuple[Person, Person], server: Server) -> Iterator[LessonPage]:
    """One learner, who has predicted and started the race of every lesson."""
    person = two_people[1]
    opened = LessonPage(person.page, server)
    opened.page.set_viewport_size({"width": 1440, "height": 900})
    for lesson in lessons.all():
        opened.open(lesson.slug)
        opened.answer(lesson, lesson.predict)
        opened.page.get_by_role("button", name=re.compile("^Run it")).press("Enter")
        expect(opened.page.get_by_role("button", name=re.compile("^Run it"))).to_have_count(0)
        opened.idle()
    with without_complaints(server):
        yield opened
    try:
        opened.leave()
    finally:
        person.leave()


def until_nearly_trained(server: Server, lesson: Lesson) -> None:
    """Wait until few of a lesson's runs are left: the last ones end before the learner's eyes."""
    waited = [spec.hash for spec in (*lesson.members, *lesson.further)]
    question = (
        f"select count(*) from run where spec_hash in ({','.join('?' * len(waited))}) "
        "and status in ('queued', 'running')"
    )
    deadline = time.monotonic() + TRAINED / 1000
    with closing(sqlite3.connect(server.data_dir / "batchviz.db")) as database:
        while database.execute(question, waited).fetchone()[0] > LAST_RUNS:
            assert time.monotonic() < deadline, f"The runs of {lesson.slug} are not trained."
            time.sleep(0.1)


@pytest.mark.parametrize("lesson", lessons.all(), ids=lambda lesson: lesson.slug)
def test_a_lesson_is_played_from_its_facts_to_its_task(learner: LessonPage, lesson: Lesson) -> None:
    page = learner.page
    # A page that is watched draws its curves anew all the time, on the cores that train.
    page.goto(f"{learner.server.url}/_stcore/health")
    until_nearly_trained(learner.server, lesson)
    learner.open(lesson.slug)
    expect(page.get_by_role("heading", name=lesson.title)).to_be_visible()
    expect(page.get_by_test_id("score").first).to_be_visible(timeout=TRAINED)
    expect(page.get_by_test_id("outcome").first).to_be_visible()
    for question in lesson.questions[1:]:
        learner.answer(lesson, question)
    expect(page.get_by_test_id("lesson-done")).to_be_visible()
    expect(page.get_by_test_id("outcome")).to_have_count(1 + len(lesson.also), timeout=TRAINED)
    assert Axe().run(page).response["violations"] == []
    assert "nan" not in page.locator("[data-testid=stMain]").inner_text().lower()
