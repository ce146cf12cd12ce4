"""One Chromium for all browser tests, and the real application behind a real engine."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from batchviz import lessons
from batchviz.experiment.presets import OPENING, PRESETS
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from scripts.server import Server, warm_server
from tests.browser.watched_page import WatchedPage
from tests.known_clocks import know_clocks

PATIENCE = 30_000
"""Milliseconds. A wait that ends as soon as it may costs nothing on a quick machine, and a busy one needs it."""
TRAINED = (
    RunSpec(hidden=(128, 64)),
    RunSpec(dataset="digits", hidden=(32,), optimizer="sgd"),
    RunSpec(dataset="teacher"),
    RunSpec(optimizer="sgd"),
    RunSpec(hidden=(256, 256)),
    PRESETS[OPENING].spec,
    *(member for lesson in lessons.all() if lesson.slug != "time" for member in lesson.members),
)
"""Networks that tests train and whose clocks they do not look at: all but those of test_clock and of the lesson that
asks for its own.
"""
V8_FLAGS = "--no-opt --no-maglev --no-flush-bytecode --min-semi-space-size=64 --max-semi-space-size=128"
"""How Chromium runs scripts. A page of a test is left before optimised code has paid for itself: to compile it, and to
collect garbage often, took a fifth of the browser's work.
"""
COMPLAINTS = (
    "Traceback (most recent call last)",
    # What a callback draws in a fragment takes the place of the page's first element: its style sheet.
    "with a callback that displays one or more elements",
)
"""Of the server, in its output."""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
IDLE = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """`make test` names the browser in BATCHVIZ_CHROMIUM; otherwise one on the PATH is taken."""
    expect.set_options(timeout=PATIENCE)
    on_path = (shutil.which(name) for name in ("chromium-headless-shell", "chromium", "google-chrome"))
    found = os.environ.get("BATCHVIZ_CHROMIUM") or next(filter(None, on_path), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
                # One process for all pages of a person, which keeps the app compiled.
                "--process-per-site",
                f"--js-flags={V8_FLAGS}",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application that the tests share."""
    with warm_server(tmp_path_factory.mktemp("data"), BATCHVIZ_WORKERS="2") as running:
        store = Store(running.database)
        know_clocks(store, *TRAINED)
        store.close()
        yield running


def wait_until(holds: Callable[[], bool]) -> None:
    """Until it does: a chart is drawn after its cards have told that a run is done."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < deadline, "It did not come true."
        time.sleep(0.05)


class Playground(WatchedPage):
    """The page as a person meets it."""

    def __init__(self, page: Page, server: Server) -> None:
        super().__init__(page)
        self.server = server

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.server.url}/{query}")
        self.idle()

    def idle(self) -> None:
        self.page.wait_for_selector(IDLE)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def race(self, seeds: int) -> None:
        """Race the usual batch sizes."""
        self.press("Race")
        # By its own name: a batch size in the same menu is called 1 as well.
        chosen = self.page.locator(".st-key-race_seeds").get_by_role("radio", name=str(seeds), exact=True)
        chosen.click()
        expect(chosen).to_be_checked()
        self.idle()
        self.press("Start the race")

    def fact(self, name: str) -> str:
        row = self.page.locator("[data-testid=facts] div", has=self.page.get_by_text(name, exact=True))
        return row.locator("dd").inner_text()

    @property
    def cards(self):
        return self.page.get_by_test_id("live-card")

    def card(self, run_id: str):
        return self.page.locator(f"[data-testid=live-card][data-run='{run_id}']")

    def run_ids(self) -> list[str]:
        return [card.get_attribute("data-run") or "" for card in self.cards.all()]

    def drawn(self) -> None:
        """Wait for the first curve."""
        self.page.wait_for_selector("[data-first-point]")

    def until_status(self, *statuses: str, count: int = 1) -> None:
        """Wait until so many cards are in one of these states."""
        selector = ", ".join(f"[data-testid=live-card][data-status={status}]" for status in statuses)
        self.page.wait_for_function(
            "([selector, count]) => document.querySelectorAll(selector).length >= count",
            arg=[selector, count],
        )
        self.idle()  # the chart shows a run before the script has written its address


@contextmanager
def without_complaints(server: Server) -> Iterator[None]:
    """What goes wrong in a page's script stands in the server's output, whether or not a test looks at that place."""
    output = server.data_dir / "web.out"
    begin = output.stat().st_size
    yield
    with output.open("rb") as written:
        written.seek(begin)
        text = COLOUR.sub("", written.read().decode(errors="replace"))
    assert not any(complaint in text for complaint in COMPLAINTS), f"The server complains:\n{text}"


def refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError(
        "What is put into every document of a page stays in it: take a page of the test's own."
    )


class Person:
    """A person's browser. The next test's person is somebody else, but finds the app's files fetched and compiled:
    a cold cache would take longer than most tests.

    A page that showed the app before shows it again in half of a new page's time. A test that puts into its page what
    cannot be taken out again (`add_init_script`), or that closes it, opens a page of its own.
    """

    def __init__(
        self, browser: Browser, server: Server, width: int, height: int = 900, *, touch: bool = False
    ) -> None:
        self.size: ViewportSize = {"width": width, "height": height}
        self.somewhere = f"{server.url}/_stcore/health"
        """Of the app's origin, and yet nothing of the app: no page, no session."""
        self.context = browser.new_context(viewport=self.size, has_touch=touch, reduced_motion="reduce")
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        for method in ("add_init_script", "expose_binding", "expose_function"):
            setattr(self.page, method, refuse)
        self.protocol = self.context.new_cdp_session(self.page)
        self.page.goto(self.somewhere)

    def leave(self) -> None:
        """Take everything that could be told from the person before."""
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self.page.unroute_all()
        self.page.goto(self.somewhere)
        self.page.evaluate("localStorage.clear(); sessionStorage.clear(); window.name = ''")
        self.protocol.send("Page.resetNavigationHistory")
        self.page.set_viewport_size(self.size)
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.page.mouse.move(-1, -1)
        self.context.clear_cookies()
        self.context.clear_permissions()


@pytest.fixture(scope="package")
def two_people(browser: Browser, server: Server) -> Iterator[tuple[Person, Person]]:
    both = Person(browser, server, 1440), Person(browser, server, 1280)
    yield both
    for person in both:
        person.context.close()


@pytest.fixture
def context(two_people: tuple[Person, Person], server: Server) -> Iterator[BrowserContext]:
    with without_complaints(server):
        yield two_people[0].context
        two_people[0].leave()


@pytest.fixture(scope="package")
def raced(two_people: tuple[Person, Person], server: Server) -> str:
    """Five batch sizes from one start, trained once for all tests: the runs as a link has them."""
    page = Playground(two_people[0].page, server)
    page.open("?v=1&seed=700")
    page.race(seeds=1)
    page.until_status("done", count=5)
    page.page.wait_for_function("() => location.search.includes('runs=')")
    ids = ",".join(page.run_ids())
    page.leave()
    two_people[0].leave()  # whom nobody knows as the one who raced
    return f"v=1&runs={ids}"


@pytest.fixture
def first_page(context: BrowserContext, two_people: tuple[Person, Person]) -> Page:
    """Of somebody who was never here."""
    assert context is two_people[0].context
    return two_people[0].page


@pytest.fixture
def playground(first_page: Page, server: Server) -> Iterator[Playground]:
    opened = Playground(first_page, server)
    yield opened
    opened.leave()


@pytest.fixture
def playground_alone(context: BrowserContext, server: Server) -> Iterator[Playground]:
    """In a page that nobody uses after the test."""
    opened = Playground(context.new_page(), server)
    yield opened
    opened.leave()


@pytest.fixture
def page_of_another(two_people: tuple[Person, Person]) -> Iterator[Page]:
    """In another person's browser: no cookie of the first."""
    yield two_people[1].page
    two_people[1].leave()


@pytest.fixture(scope="package")
def phone_owner(browser: Browser, server: Server) -> Iterator[Person]:
    """Somebody who has no pointer but a finger."""
    owner = Person(browser, server, 390, 844, touch=True)
    yield owner
    owner.context.close()


@pytest.fixture(scope="package")
def tablet_owner(browser: Browser, server: Server) -> Iterator[Person]:
    """Somebody else who has no pointer but a finger."""
    owner = Person(browser, server, 1280, touch=True)
    yield owner
    owner.context.close()


@pytest.fixture
def phone(phone_owner: Person) -> Iterator[Page]:
    yield phone_owner.page
    phone_owner.leave()


@pytest.fixture
def tablet(tablet_owner: Person) -> Iterator[Page]:
    yield tablet_owner.page
    tablet_owner.leave()
