"""The page to choose from in a real browser, opened from the disk with the network off: on a desk and on a phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from batchviz.exporters.demo import Frame
from tests.exporters.test_demo import document, grid, written

pytestmark = pytest.mark.browser

FRAME = Frame("Batch size", "Drag the rate.", "https://example.org/?v=1", "batchviz demo --output demo.html")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.html"
    path.write_text(written(grid(), FRAME), encoding="utf-8")
    return path


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desk", "phone"])
def page(browser: Browser, file: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Whatever it asks for and whatever it says in the console is remembered: there must be none."""
    width, height = request.param
    context = browser.new_context(
        offline=True, reduced_motion="reduce", viewport={"width": width, "height": height}
    )
    context.set_default_timeout(20_000)
    opened = context.new_page()
    said: list[str] = []
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("request", lambda asked: said.append(asked.url) if asked.url != file.as_uri() else None)
    opened.goto(file.as_uri())
    opened.wait_for_selector("[data-first-point]")
    yield opened
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert said == []


def test_the_sliders_stop_at_what_was_recorded_and_the_verdict_follows(page: Page, file: Path) -> None:
    told = document(file.read_text(encoding="utf-8"))

    def verdict(**chosen: object) -> str:
        [choice] = [c for c in told["choices"] if all(c[name] == value for name, value in chosen.items())]
        return str(choice["findings"][0]["headline"])

    headline, cards = page.get_by_test_id("headline"), page.get_by_test_id("live-card")
    rate, size = (
        page.get_by_role("slider", name="Learning rate"),
        page.get_by_role("slider", name="Batch size", exact=True),
    )
    expect(headline).to_have_text(verdict(setup=0, over="batch_size", learning_rate="0.001"))
    expect(cards).to_have_count(3)
    expect(size).to_be_hidden()
    assert rate.get_attribute("max") == "1"
    rate.focus()
    page.keyboard.press("End")
    expect(rate).to_have_attribute("aria-valuetext", "0.01")
    expect(headline).to_have_text(verdict(setup=0, over="batch_size", learning_rate="0.01"))
    expect(cards).to_have_count(2)
    page.get_by_role("radio", name="Learning rates").check()
    assert size.get_attribute("max") == "1", "full was trained at one rate"
    page.get_by_role("radio", name="One setting").check()
    expect(cards).to_have_count(1)
    assert size.get_attribute("max") == "1", "full was not trained at this rate"
    page.get_by_role("radio", name="Noisy teacher").check()
    expect(headline).to_have_text(verdict(setup=1, over="nothing", batch_size="8", learning_rate="0.01"))


def test_a_budget_puts_the_player_there_and_tells_its_verdict(page: Page) -> None:
    page.get_by_role("radio", name="2 updates each").check()
    expect(page.get_by_test_id("headline")).to_contain_text("After 2 updates")
    player = page.get_by_test_id("live-player")
    expect(player).to_have_attribute("data-position", "2")
    expect(page.get_by_role("radio", name="Updates", exact=True)).to_be_checked()
    page.get_by_role("radio", name="Their ends").check()
    expect(player).to_have_attribute("data-mode", "live")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(player).to_have_attribute("data-position", re.compile(r"^(0\.\d*[1-9]|1)"))


def test_a_batch_size_that_was_not_recorded_is_trained_in_the_page(page: Page) -> None:
    size = page.get_by_role("slider", name="Or train another one: batch size")
    button, cards = (
        page.get_by_test_id("browser-training").get_by_role("button"),
        page.get_by_test_id("live-card"),
    )
    headline = page.get_by_test_id("headline").inner_text()
    size.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(size).to_have_attribute("aria-valuetext", "768")
    button.click()
    own = cards.filter(has_text="B = 768, yours")
    expect(own).to_have_attribute("data-status", "done")
    expect(own).to_have_attribute("data-seeds", "3")
    expect(own).to_contain_text("Trained in your browser.")
    expect(own).to_contain_text("4 in 2 epochs")
    expect(button).to_have_text("Trained")
    expect(button).to_be_disabled()
    expect(page.get_by_test_id("headline")).to_have_text(headline)
    page.get_by_role("radio", name="One setting").check()
    expect(page.get_by_test_id("browser-training")).to_be_hidden()
    expect(cards).to_have_count(1)
    page.get_by_role("radio", name="Batch sizes").check()
    expect(own).to_be_visible()
    page.get_by_role("slider", name="Learning rate").press("End")
    expect(own).to_have_count(0)
    expect(button).to_have_text("Train in your browser")


def test_training_in_the_page_is_stopped_where_it_stands(page: Page) -> None:
    size = page.get_by_role("slider", name="Or train another one: batch size")
    button = page.get_by_test_id("browser-training").get_by_role("button")
    size.press("Home")
    page.evaluate("performance.now = () => Infinity")  # a slice is one update: 1,600 slices of 4 ms
    button.click()
    button.click()
    own = page.get_by_test_id("live-card").filter(has_text="B = 1, yours")
    expect(own).to_have_attribute("data-status", "stopped")
    expect(button).to_have_text("Train in your browser")


def test_it_can_be_read_by_everybody_and_shows_its_link(page: Page) -> None:
    link = page.get_by_role("link", name=FRAME.link)
    expect(link).to_be_visible()
    expect(page.get_by_test_id("command")).to_have_text(FRAME.command)
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector(".batchviz-choices[data-theme=dark]")
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
