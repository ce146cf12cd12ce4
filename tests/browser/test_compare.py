"""Comparing in a real browser: real runs, real verdicts, a chart that keeps still."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import IDLE, Playground, Server
from tests.browser.watched_page import WatchedPage

pytestmark = pytest.mark.browser


class Compare(WatchedPage):
    """The page as a person meets it."""

    def __init__(self, page: Page, server: Server) -> None:
        super().__init__(page)
        self.server = server

    def open(self, query: str) -> None:
        self.page.goto(f"{self.server.url}/compare?{query}")
        self.drawn()

    def drawn(self) -> None:
        self.page.wait_for_selector("[data-testid=chart][data-drawn]")
        self.idle()

    def idle(self) -> None:
        self.page.wait_for_selector(IDLE)

    @property
    def chart(self):
        return self.page.get_by_test_id("chart")

    @property
    def statement(self):
        return self.page.get_by_test_id("statement")

    @property
    def verdict(self):
        return self.page.get_by_test_id("verdict")

    def segment(self, field: str, name: str) -> None:
        self.page.locator(f".st-key-view_{field}").get_by_text(name, exact=True).click()

    def zoom(self) -> str:
        """Draw a box in the chart; the x-range it shows then."""
        self.chart.scroll_into_view_if_needed()
        before = self.chart.get_attribute("data-x-range")
        box = self.chart.locator(".nsewdrag").first.bounding_box()
        assert box
        self.page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 20)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.8, steps=5)
        self.page.mouse.up()
        expect(self.chart).not_to_have_attribute("data-x-range", before or "")
        return self.chart.get_attribute("data-x-range") or ""


@pytest.fixture
def compare(first_page: Page, server: Server) -> Iterator[Compare]:
    opened = Compare(first_page, server)
    yield opened
    opened.leave()


def test_back_undoes_the_last_change_of_the_axis(compare: Compare, raced: str) -> None:
    compare.open(raced)
    compare.segment("x", "Updates")
    compare.page.wait_for_url(re.compile("x=updates"))
    compare.segment("equal", "Updates")
    compare.page.wait_for_url(re.compile("equal=updates"))
    compare.page.go_back()
    expect(compare.statement).to_contain_text("After 10 epochs")
    compare.page.go_back()
    chosen = compare.page.locator(".st-key-view_x").get_by_role("radio", name="Epochs", exact=True)
    expect(chosen).to_be_checked()
    assert "x=" not in compare.page.url


def test_a_deep_link_draws_its_runs_and_equal_updates_turn_the_ranking(compare: Compare, raced: str) -> None:
    compare.open(raced)
    expect(compare.chart).to_have_attribute("data-curves", "5")
    expect(compare.statement).to_contain_text(re.compile("^After 10 epochs, B = .* has the lowest"))
    expect(compare.statement).to_contain_text("at equal updates (10 updates each) B = full is")
    compare.segment("equal", "Updates")
    expect(compare.statement).to_contain_text("After 10 updates")
    compare.page.wait_for_function("() => location.search.includes('equal=updates')")
    compare.segment("layout", "Side by side")
    expect(compare.chart.locator(".xaxislayer-above .xtitle, .infolayer .annotation").first).to_be_visible()
    compare.page.reload()
    compare.drawn()
    expect(compare.statement).to_contain_text("After 10 updates")


def test_further_seeds_are_trained_and_judged_while_the_zoom_stays(compare: Compare, raced: str) -> None:
    compare.open(raced)
    zoomed = compare.zoom()
    expect(compare.verdict).to_contain_text("(one seed): too few seeds to settle anything")
    compare.page.get_by_role("button", name="Train 9 more seeds of each: 18 runs").click()
    expect(compare.verdict).to_contain_text("of 10 seeds)", timeout=60_000)
    expect(compare.page.locator(".batchviz-waiting")).to_have_count(0)
    compare.idle()
    assert compare.chart.get_attribute("data-x-range") == zoomed
    compare.page.get_by_role("button", name="Reset zoom").click()
    expect(compare.chart).to_have_attribute("data-x-range", "0,10")


def test_the_pointer_lists_every_curve_at_one_x_and_the_table_says_the_same(
    compare: Compare, raced: str
) -> None:
    compare.open(raced)
    box = compare.chart.locator(".nsewdrag").first.bounding_box()
    assert box
    compare.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 40)
    tip = compare.chart.locator(".bv-tip")
    expect(tip).to_contain_text("epoch 5")
    assert tip.locator("tr").count() == 6
    listed = tip.locator("tr", has_text="B = full").locator("td").first.inner_text()
    summary = compare.chart.get_by_text("Table of the same numbers")
    summary.focus()
    compare.page.keyboard.press("Enter")
    compare.chart.get_by_role("combobox").select_option("B = full")
    row = compare.chart.locator("tbody tr", has=compare.page.get_by_role("rowheader", name="5", exact=True))
    assert row.locator("td").first.inner_text() == listed


def test_the_chart_is_saved_as_a_picture_that_says_what_it_shows(compare: Compare, raced: str) -> None:
    compare.open(raced)
    saved = {}
    for kind in ("PNG", "SVG"):
        with compare.page.expect_download() as saving:
            compare.chart.get_by_role("button", name=kind).click()
        saved[kind] = saving.value.path().read_bytes()
    assert saved["PNG"].startswith(b"\x89PNG")
    drawing = saved["SVG"].decode()
    assert drawing.startswith("<svg")
    assert "B = full" in drawing
    assert "has the lowest validation MSE" in drawing


def test_runs_are_found_in_the_dialog_and_their_names_are_text(compare: Compare) -> None:
    page = Playground(compare.page, compare.server)
    page.open("?v=1&seed=701&batch_size=64&budget=3")
    page.press("Train")
    page.until_status("done")
    page.press("Compare")
    compare.drawn()
    expect(compare.chart).to_have_attribute("data-curves", "1")
    compare.page.goto(f"{compare.server.url}/compare?title=%3Cimg%20src%3Dx%3E%20**bold**")
    compare.idle()
    expect(compare.page.get_by_role("heading", name="<img src=x> **bold**")).to_be_visible()
    compare.page.get_by_role("button", name="Choose runs").click()
    dialog = compare.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Compare 0 runs")).to_be_disabled()
    dialog.get_by_test_id("stDataFrame").click(position={"x": 18, "y": 50})
    dialog.get_by_role("button", name="Compare 1 run").click()
    compare.drawn()
    compare.page.wait_for_function("() => location.search.includes('runs=')")
    expect(dialog).to_have_count(0)


def test_the_playground_is_as_it_was_left_after_a_look_at_another_page(playground: Playground) -> None:
    playground.open("?v=1&batch_size=100&seed=702")
    page = playground.page
    page.get_by_test_id("stTopNavLink").filter(has_text="Compare").click()
    page.wait_for_url(re.compile("/compare"))
    playground.idle()
    page.get_by_test_id("stTopNavLink").filter(has_text="Playground").click()
    page.wait_for_function("() => location.search.includes('batch_size=100')")
    playground.idle()
    assert playground.fact("Updates an epoch") == "8"


@pytest.mark.parametrize(
    ("size", "scheme"), [((1440, 900), "light"), ((390, 844), "dark")], ids=["laptop", "phone"]
)
def test_the_page_is_accessible_and_fits(
    compare: Compare, raced: str, size: tuple[int, int], scheme: str
) -> None:
    page = compare.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    compare.open(f"{raced}&equal=updates")
    expect(compare.chart).to_have_attribute("data-theme", scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], "no sideways scrolling"
    chart = compare.chart.bounding_box()
    assert chart
    assert chart["y"] < size[1] / 2, "the chart is on the first screen"
    expect(page.get_by_test_id("findings")).to_contain_text("One learning rate for all")
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_link_brings_is_text_in_an_alert_that_can_be_read(compare: Compare, scheme: str) -> None:
    page = compare.page
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{compare.server.url}/compare?runs=NobodysRun12&x=[Log%20in%20again](https://evil.example)")
    expect(page.get_by_role("alert")).to_contain_text("X-axis: got '[Log in again](https://evil.example)'")
    expect(page.get_by_role("link", name="Log in again")).to_have_count(0)
    expect(page.get_by_test_id("warning")).to_contain_text("NobodysRun12")
    compare.idle()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
