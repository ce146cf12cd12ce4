"""A line that is slow and cut again and again: the curve goes on by itself, and no point is missing."""

from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, expect

from benchmarks import line
from scripts.server import Server
from tests.browser.conftest import Playground, wait_until
from tests.browser.test_playground import points

pytestmark = pytest.mark.browser

SOME_SECONDS = "?v=1&rows=4000&hidden=256-256&batch_size=16&budget=15&seed=41"


def test_over_a_slow_line_that_is_cut_the_run_is_watched_to_its_end(
    context: BrowserContext, server: Server, playground: Playground
) -> None:
    with line.running(server.port, delay=0.05) as slow:
        watched = Playground(context.new_page(), replace(server, port=slow.port))
        watched.open(SOME_SECONDS)
        watched.press("Train")
        watched.until_status("running")
        slow.delay, slow.cut = 0.2, 0.7
        watched.until_status("done")
        assert slow.cuts >= 2
        (run_id,) = watched.run_ids()
        playground.open(f"?v=1&runs={run_id}")
        playground.until_status("done")
        playground.drawn()
        wait_until(lambda: points(watched) == points(playground))


def test_what_is_chosen_while_the_answer_to_an_earlier_choice_travels_stays_chosen(
    context: BrowserContext, server: Server
) -> None:
    with line.running(server.port, delay=0.05) as slow:
        hurried = Playground(context.new_page(), replace(server, port=slow.port))
        hurried.open()
        hurried.press("Race")
        menu = hurried.page.locator("[data-testid=stPopoverBody]")
        seeds = menu.locator(".st-key-race_seeds").get_by_role("radio", name="1", exact=True)
        expect(seeds).not_to_be_checked()
        hurried.idle()
        slow.delay = 0.4
        menu.get_by_role("radio", name="Updates").click()
        hurried.page.wait_for_timeout(500)  # that has been drawn, and is on its way
        seeds.click()
        hurried.page.wait_for_timeout(2000)
        hurried.idle()
        expect(seeds).to_be_checked(timeout=1)
