"""A sweep in a real browser, trained by a real engine: started, followed, found again, opened in Compare."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.links import sweep as sweep_link
from tests.browser.conftest import IDLE, Person, Playground, Server
from tests.browser.watched_page import WatchedPage

pytestmark = pytest.mark.browser

SPEC = SweepSpec.parse(
    {
        "base": RunSpec(dataset="teacher", rows=200, budget=3, seed=3000),
        "batch_sizes": (8, 32, "full"),
        "learning_rates": (0.01, 0.1),
        "seeds": 1,
        "report_seeds": 2,
    }
)


class SweepPage(WatchedPage):
    """The page as a person meets it."""

    def __init__(self, page: Page, server: Server) -> None:
        super().__init__(page)
        self.server = server

    def open(self, query: str) -> None:
        self.page.goto(f"{self.server.url}/sweep?{query}")
        self.page.wait_for_selector(IDLE)

    def chart(self, name: str):
        return self.page.locator(f".st-key-sweep_chart_{name} [data-testid=chart][data-drawn]")

    @property
    def progress(self):
        return self.page.get_by_test_id("progress")

    @property
    def heat_map(self):
        return self.page.get_by_test_id("heat-map")


@pytest.fixture
def sweep_page(first_page: Page, server: Server) -> Iterator[SweepPage]:
    opened = SweepPage(first_page, server)
    yield opened
    opened.leave()


@pytest.fixture(scope="module")
def swept(two_people: tuple[Person, Person], server: Server) -> str:
    """One sweep, started by the page's own button and followed to its end: its link."""
    page = SweepPage(two_people[0].page, server)
    page.open(urlencode(sweep_link.encode(SPEC)))
    page.page.get_by_role("button", name="Start the sweep").click()
    page.page.wait_for_url(re.compile(r"sweep\?id="))
    expect(page.progress).to_contain_text("Done: 12 runs.", timeout=60_000)
    link = page.page.url.partition("?")[2]
    page.leave()
    two_people[0].leave()  # whom nobody knows as the one who started it
    return link


def test_every_figure_of_a_finished_sweep_has_its_finding_and_its_numbers(
    sweep_page: SweepPage, swept: str
) -> None:
    sweep_page.open(swept)
    expect(sweep_page.page.get_by_test_id("answer").first).to_contain_text("What fits")
    expect(sweep_page.heat_map.locator("td[data-state=value]")).to_have_count(6)
    expect(sweep_page.heat_map.locator("td[data-best]")).to_have_count(3)
    for name in ("curves", "target", "equal", "memory", "gap", "stable"):
        expect(sweep_page.chart(name).get_by_role("heading")).to_contain_text(re.compile(r"\d|grid"))
    with sweep_page.page.expect_download() as saving:
        sweep_page.chart("equal").get_by_role("button", name="CSV").click()
    lines = saving.value.path().read_text().splitlines()
    assert lines[0] == "curve,measured,batch size,value,lowest seed,highest seed"
    assert [line.split(",")[2] for line in lines[1:4]] == ["8", "32", "160"]
    with sweep_page.page.expect_download() as saving:
        sweep_page.page.locator(".st-key-sweep_cells_csv button").first.click()
    assert len(saving.value.path().read_text().splitlines()) == 7


def test_a_press_on_a_point_opens_its_runs_in_compare(sweep_page: SweepPage, swept: str) -> None:
    sweep_page.open(swept)
    chart = sweep_page.chart("gap")
    chart.scroll_into_view_if_needed()
    summary = chart.get_by_text("Table of the same numbers")
    summary.click()
    expect(chart.locator("tbody th a").first).to_have_attribute("href", re.compile(r"/compare\?.*runs="))
    plane = chart.locator(".nsewdrag").first.bounding_box()
    mark = chart.locator(".scatterlayer .trace .points path").first.bounding_box()
    assert plane
    assert mark
    sweep_page.page.mouse.click(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    sweep_page.page.wait_for_url(re.compile(r"/compare\?"))
    expect(sweep_page.page.get_by_test_id("chart")).to_have_attribute("data-curves", "1")


def test_a_cell_opens_its_runs_and_the_link_finds_the_sweep_again_in_another_browser(
    page_of_another: Page, server: Server, swept: str
) -> None:
    another = SweepPage(page_of_another, server)
    another.open(swept)
    expect(another.progress).to_contain_text("Done: 12 runs.")
    expect(another.page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    another.heat_map.locator("td a").first.click()
    another.page.wait_for_url(re.compile(r"/compare\?"))
    another.leave()


def test_a_sweep_is_paused_goes_on_and_is_stopped_and_a_reload_finds_it(sweep_page: SweepPage) -> None:
    page = sweep_page.page
    slow = SPEC.replace(seed=3100, epochs=100, batch_sizes=(1, 2, 4), seeds=5)
    sweep_page.open(urlencode(sweep_link.encode(slow)))
    page.get_by_role("button", name="Start the sweep").click()
    page.get_by_role("button", name="Pause").click()
    expect(sweep_page.progress).to_contain_text("Paused at")
    page.reload()
    page.wait_for_selector(IDLE)
    page.get_by_role("button", name="Go on").click()
    expect(sweep_page.progress).to_contain_text(re.compile(r"\d+ of 36 runs"))
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(sweep_page.progress).to_contain_text("Stopped after")


def test_the_playgrounds_set_up_is_swept(playground: Playground) -> None:
    playground.open("?v=1&dataset=teacher&rows=200&seed=3200")
    playground.press("Race")
    playground.press("Sweep this set-up")
    playground.page.wait_for_url(re.compile(r"/sweep\?.*batch_sizes="))
    expect(playground.page.get_by_test_id("set-up")).to_contain_text("Noisy teacher, 200 rows")
    expect(playground.page.get_by_test_id("set-up")).to_contain_text("seeds from 3200")


@pytest.mark.parametrize(
    ("size", "scheme"), [((1440, 900), "light"), ((390, 844), "dark")], ids=["laptop", "phone"]
)
def test_the_page_is_accessible_and_fits(
    sweep_page: SweepPage, swept: str, size: tuple[int, int], scheme: str
) -> None:
    page = sweep_page.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    sweep_page.open(swept)
    expect(sweep_page.chart("stable")).to_have_attribute("data-theme", scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], "no sideways scrolling"
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    page.get_by_role("button", name="New sweep").click()
    expect(page.get_by_test_id("sweep-plan")).to_be_visible()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
