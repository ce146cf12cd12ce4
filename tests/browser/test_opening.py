"""The first screen: a recorded race plays while Streamlit still starts, and one press trains it anew."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from scripts.server import Server
from tests.browser.conftest import IDLE, PATIENCE, Playground

pytestmark = pytest.mark.browser

# In the page before anything else: when the race moved first, when Streamlit was there, and every place of the race.
WATCH = """() => {
  window.seen = { places: [] };
  const look = () => {
    const race = document.querySelector(".batchviz-opening");
    if (race) {
      seen.moved ??= race.dataset.firstMotion && performance.now();
      const { left, top, width } = race.getBoundingClientRect();
      const place = [left, top, width].map(Math.round);
      if (String(seen.places.at(-1)) !== String(place)) seen.places.push(place);
    }
    if (document.querySelector(".batchviz-live")) seen.live ??= performance.now();
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def fresh(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser that was never here, of somebody who likes motion."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="no-preference")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    yield page
    context.close()


def test_the_race_moves_before_streamlit_is_there_and_stays_where_it_is(fresh: Page, server: Server) -> None:
    fresh.goto(server.url)
    fresh.wait_for_selector(".batchviz-live .batchviz-opening")
    fresh.wait_for_selector(IDLE)
    seen = fresh.evaluate("seen")
    assert seen["moved"] < seen["live"]
    first, *later = seen["places"]
    for place in later:
        assert all(abs(now - before) <= 8 for now, before in zip(place, first, strict=True)), seen["places"]
    assert fresh.locator("#batchviz-opening").count() == 0
    expect(fresh.get_by_role("button", name="Race them yourself")).to_be_visible()


def test_one_press_trains_the_race_and_plays_it_from_the_start_line(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="no-preference")
    page = Playground(context.new_page(), server)
    page.page.set_default_timeout(PATIENCE)
    page.page.goto(server.url)
    page.press("Race them yourself")  # as soon as it can be pressed: nobody may hear it yet
    page.until_status("done", count=5)
    player = page.page.get_by_test_id("live-player")
    expect(player).to_have_attribute("data-playing", "true")
    expect(page.page.get_by_test_id("opening")).to_have_count(0)
    # The form has the settings of the race: what is pressed next begins there.
    expect(page.page.get_by_role("combobox", name="Data")).to_have_value("Digits")
    assert not page.errors
    context.close()


def test_who_wants_less_motion_gets_the_end_and_a_button(playground: Playground) -> None:
    playground.open()
    found = Axe().run(playground.page)
    assert not found.response["violations"], found.generate_report()
    race = playground.page.get_by_test_id("opening")
    expect(race.locator("output")).to_have_text("epoch 10 of 10")
    assert race.get_attribute("data-first-motion") is None
    race.get_by_role("button", name="Play the race").click()
    expect(race.get_by_role("button", name="Pause")).to_be_visible()
    expect(race).to_have_attribute("data-first-motion", re.compile(r"^\d"))


def test_it_stands_there_also_for_who_comes_from_another_page(playground: Playground) -> None:
    playground.page.goto(f"{playground.server.url}/compare")
    playground.idle()
    expect(playground.page.get_by_test_id("opening")).to_be_hidden()
    playground.page.get_by_role("link", name="Playground", exact=True).click()
    expect(playground.page.locator(".batchviz-live").get_by_test_id("opening")).to_be_visible()
    playground.page.get_by_role("link", name="Compare", exact=True).click()
    expect(playground.page.get_by_test_id("opening")).to_be_hidden()
    playground.page.get_by_role("link", name="Playground", exact=True).click()
    expect(playground.page.get_by_test_id("opening")).to_be_visible()


def test_a_link_to_runs_shows_them_and_not_the_race(playground: Playground, raced: str) -> None:
    playground.page.goto(f"{playground.server.url}/?{raced}")
    expect(playground.page.get_by_test_id("opening")).to_be_hidden()
    playground.drawn()
    expect(playground.page.get_by_test_id("opening")).to_be_hidden()


def test_a_locked_page_says_what_to_press_instead(playground: Playground) -> None:
    playground.open("?v=1&free=none")
    expect(playground.page.get_by_test_id("live-empty")).to_be_visible()
    expect(playground.page.get_by_test_id("opening")).to_be_hidden()
