"""A class in real browsers: a teacher, two members on phones, a projector; by keys, across a restart of the server."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from batchviz.lessons import words
from batchviz.store import Store
from tests.browser.conftest import IDLE, PATIENCE, Person, Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def members(browser: Browser, server: Server) -> Iterator[list[Person]]:
    """Three people with a phone each."""
    people = [Person(browser, server, PHONE["width"], PHONE["height"]) for _ in range(3)]
    for person in people:
        person.context.set_default_timeout(2 * PATIENCE)
    yield people
    for person in people:
        person.context.close()


@pytest.fixture
def phones(members: list[Person]) -> Iterator[tuple[Page, Page]]:
    """Two people's, who have never been here."""
    yield members[0].page, members[1].page
    for person in members:
        person.leave()


def idle(page: Page) -> None:
    page.wait_for_selector(IDLE)


def press(page: Page, name: str) -> None:
    """With the keyboard: a curve that grows above the button would move it away between a pointer's down and up."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled()
    button.press("Enter")
    idle(page)


def predict(page: Page, value: str) -> None:
    """With the keyboard alone."""
    field = page.get_by_role("spinbutton").first
    field.fill(value)
    field.press("Enter")
    sure = page.get_by_role("radiogroup", name=words.HOW_SURE).get_by_role("radio").first
    sure.focus()
    sure.press(" ")
    send = page.get_by_role("button", name="Send")
    expect(send).to_be_enabled()
    send.press("Enter")
    expect(page.get_by_test_id("class-own")).to_contain_text(value)


def sleeps(page: Page, asleep: bool) -> None:
    """As a phone in a pocket: nobody sees the page, and it reaches nobody."""
    page.context.set_offline(asleep)
    page.evaluate(
        """asleep => {
          Object.defineProperty(document, "hidden", { get: () => asleep, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        asleep,
    )


def accessible(page: Page) -> None:
    idle(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def opened(teacher: Page, server: Server) -> str:
    """A class of the first lesson; its code."""
    teacher.goto(f"{server.url}/class")
    idle(teacher)
    press(teacher, "Open a class")
    return teacher.get_by_test_id("class-code").inner_text()


def test_a_class_from_its_code_to_the_reveal_and_its_sweep(
    context: BrowserContext, phones: tuple[Page, Page], server: Server
) -> None:
    teacher, wall = context.new_page(), context.new_page()
    code = opened(teacher, server)
    ada, bob = phones
    ada.goto(f"{server.url}/c/{code.lower()}")
    bob.goto(f"{server.url}/class")
    idle(bob)
    typed = bob.get_by_role("textbox", name="Class code")
    typed.fill(code)
    typed.press("Enter")
    wall.goto(f"{server.url}/class?code={code}&view=screen&present=1")
    for page in (teacher, wall):
        expect(page.get_by_test_id("class-state")).to_contain_text("2 people are here")
    press(teacher, "Ask for predictions")
    predict(ada, "13")
    for page in (teacher, wall, bob):
        expect(page.get_by_test_id("class-state")).to_contain_text("1 of 2 have answered")
    accessible(ada)
    accessible(teacher)
    press(teacher, "Reveal")
    for page in (ada, bob, wall):
        page.get_by_test_id("live").wait_for()
    expect(ada.get_by_test_id("score")).to_be_visible()
    expect(wall.get_by_text("13 updates")).to_be_visible()
    for page in (teacher, wall, ada):
        assert page.locator(".split").count() == 0  # one answer is no split
    accessible(wall)
    keys(wall)
    idle(teacher)
    teacher.get_by_text("The class is the sweep").click()
    press(teacher, "Let the class train")
    expect(teacher.get_by_test_id("class-verdict")).to_be_visible()
    for page in (ada, bob):
        page.get_by_role("button", name="Train my point").press("Enter")
    for page in (teacher, wall, ada):
        expect(page.get_by_text("2 points of the class")).to_be_visible()
    accessible(ada)
    assert ada.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_restart_of_the_server_in_the_middle_of_a_class_loses_nothing(
    context: BrowserContext, phones: tuple[Page, Page], server: Server
) -> None:
    teacher, [ada, bob] = context.new_page(), phones
    code = opened(teacher, server)
    for page in (ada, bob):
        page.goto(f"{server.url}/c/{code}")
        page.get_by_test_id("class-phase").wait_for()
    press(teacher, "Ask for predictions")
    predict(ada, "13")
    server.kill()  # nobody reloads anything
    server.start()
    predict(bob, "20")
    expect(teacher.get_by_test_id("class-state")).to_contain_text("2 of 2 have answered")
    expect(ada.get_by_test_id("class-own")).to_contain_text("13")
    press(teacher, "Discuss, then vote again")
    for page in (ada, bob):
        expect(page.get_by_text("Talk with a neighbour")).to_be_visible()


def test_four_members_see_one_training_wherever_they_come_from(
    members: list[Person], context: BrowserContext, phones: tuple[Page, Page], server: Server
) -> None:
    """Each in a browser of their own: one reloads, one comes late, one's phone sleeps, and the teacher's page is closed
    and opened again.
    """
    teacher, late = context.new_page(), members[2]
    code = opened(teacher, server)
    ada, bob = phones
    for page in (ada, bob):
        page.goto(f"{server.url}/c/{code}")
        page.get_by_test_id("class-phase").wait_for()
    press(teacher, "Ask for predictions")
    predict(ada, "13")
    predict(bob, "20")
    ada.reload()
    expect(ada.get_by_test_id("class-own")).to_contain_text("13")
    address = teacher.url
    teacher.close()
    students = [ada, bob, late.page, late.context.new_page()]
    late_one = students[2]
    late_one.goto(f"{server.url}/c/{code}")
    predict(late_one, "25")
    students[3].goto(
        f"{server.url}/c/{code}"
    )  # the same person's second page: nobody more, and the same answer
    expect(students[3].get_by_test_id("class-own")).to_contain_text("25")
    teacher = context.new_page()
    teacher.goto(address)
    expect(teacher.get_by_test_id("class-state")).to_contain_text("3 of 3 have answered")
    for page in (teacher, *students):
        assert page.locator(".split").count() == 0
    sleeps(bob, True)
    teacher.get_by_role("button", name="Reveal", exact=True).click()
    begun = time.monotonic()
    for page in (ada, late_one, students[3]):
        page.get_by_test_id("live").wait_for()
    expect(bob.get_by_test_id("live")).to_have_count(0)
    sleeps(bob, False)
    bob.get_by_test_id("live").wait_for()
    print(f"On four pages after {time.monotonic() - begun:.2f} s.")  # the bound is kept over HTTP: tests/web
    store = Store(server.database)
    runs = store.runs.by_id(store.classes.get(code).runs).values()
    assert runs
    assert all(run.attempt == 1 for run in runs)
    assert len({run.spec.hash for run in runs}) == len(runs), "trained once, whoever looks"
    store.close()


def keys(wall: Page) -> None:
    """A presenter's, wherever the focus is."""
    position = wall.get_by_test_id("live-position")
    wall.locator("body").press("Home")
    expect(position).to_contain_text("update 0 of")
    wall.keyboard.press("PageDown")
    expect(position).not_to_contain_text("update 0 of")
    wall.keyboard.press(" ")
    expect(wall.get_by_role("button", name="Pause")).to_be_visible()
    wall.keyboard.press(" ")
    toolbar = wall.get_by_test_id("live-toolbar")
    axis = toolbar.get_attribute("data-axis")
    wall.keyboard.press("x")
    expect(toolbar).not_to_have_attribute("data-axis", axis or "")
    wall.keyboard.press("f")
    wall.wait_for_function("() => document.fullscreenElement !== null")
    wall.keyboard.press("f")
    wall.wait_for_function("() => document.fullscreenElement === null")
