"""The Runs page in a real browser: what is written in the grid, search, delete and undo."""

import secrets
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from batchviz.experiment.records import Progress, Source, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from tests.browser.conftest import IDLE, Server
from tests.browser.watched_page import WatchedPage

HOSTILE = "<script>alert(1)</script> **bold** [x](//y)"
ROW, HEADER = 35, 35
SELECT, NAME, GROUP_NAME = 42, 420, 700
"""Points, from the left edge of the grid, inside its columns; its cells are painted, not elements."""


class Runs(WatchedPage):
    """The page as a person meets it, with two recorded runs of this visitor's."""

    def __init__(self, page: Page, server: Server, store: Store, visitor: str) -> None:
        super().__init__(page)
        self.server, self.store, self.visitor = server, store, visitor
        page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self.errors.append(dialog.message)
        dialog.dismiss()

    def leave(self) -> None:
        self.page.remove_listener("dialog", self._dismiss)
        super().leave()

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.server.url}/runs{query}")
        self.page.wait_for_selector(IDLE)
        self.page.wait_for_selector(".st-key-runs_table canvas td", state="attached")

    def at(self, row: int, x: int) -> dict[str, float]:
        return {"x": x, "y": HEADER + ROW * row + ROW / 2}

    def settled(self) -> None:
        """Wait for a second without a script run: a ticked grid sends once more, and a click just then may be lost."""
        self.page.wait_for_function(
            """(idle) => {
                if (!document.querySelector(idle)) window.idleSince = undefined;
                else window.idleSince ??= performance.now();
                return performance.now() - window.idleSince > 1000;
            }""",
            arg=IDLE,
        )

    @property
    def grid(self):
        return self.page.locator(".st-key-runs_table .dvn-scroller").first

    def names(self) -> list[str]:
        """As the grid tells a screen reader."""
        return self.page.locator(".st-key-runs_table canvas td[aria-colindex='4']").all_inner_texts()

    def until(self, name: str, times: int = 1) -> None:
        """Wait until the store has the name so many times: of several runs each is written by itself."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            names = [entry.name for entry in self.store.library.page(self.visitor).entries]
            if names.count(name) >= times:
                return
            time.sleep(0.05)
        raise AssertionError(f"{name!r} did not arrive.")


@pytest.fixture
def runs(context: BrowserContext, first_page: Page, server: Server) -> Iterator[Runs]:
    visitor = secrets.token_urlsafe(18)
    context.add_cookies([{"name": "batchviz_visitor", "value": visitor, "url": server.url}])
    store = Store(f"sqlite:///{server.data_dir / 'batchviz.db'}")
    for seed in (1, 2):
        store.runs.add_imported(
            visitor, RunSpec(seed=seed), source=Source.ARCHIVE, title=f"From {HOSTILE}", status=Status.DONE,
            reason="", final={"val_loss": 0.1}, progress=Progress(250, 8000, 10, 1.0), name=f"run {seed}",
            epochs=SERIES["epochs"].empty(), updates=SERIES["updates"].empty(),
        )  # fmt: skip
    newest = store.library.page(visitor).entries[0]
    store.library.annotate(visitor, newest.run.id, tags=[HOSTILE[:40]])
    opened = Runs(first_page, server, store, visitor)
    yield opened
    store.close()
    opened.leave()


def test_names_are_text_and_a_search_finds_them_and_a_deleted_run_comes_back(runs: Runs) -> None:
    page = runs.page
    runs.open()
    assert runs.names() == ["run 2", "run 1"]
    runs.grid.dblclick(position=runs.at(1, NAME))
    editor = page.locator("textarea.gdg-input")
    expect(editor).to_be_focused()
    editor.fill(HOSTILE)
    editor.press("Enter")
    runs.until(HOSTILE)

    page.get_by_role("searchbox", name="Search").fill("script bold")
    page.wait_for_function("() => location.search.includes('search=script')")
    runs.open(page.url.partition("/runs")[2])
    page.get_by_role("searchbox", name="Search").fill("")
    expect(page.locator(".st-key-runs_pages")).to_contain_text("2 runs")
    assert runs.names() == ["run 2", HOSTILE]
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Tags").click()
    expect(page.get_by_role("option", name=HOSTILE[:40], exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    runs.grid.click(position=runs.at(1, SELECT))
    expect(page.locator(".st-key-runs_actions")).to_contain_text("1 selected")
    runs.settled()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Undo", exact=True).wait_for()
    expect(page.locator(".st-key-runs_table canvas td[aria-colindex='4']")).to_have_text(["run 2"])
    page.get_by_role("button", name="Recently deleted").click()
    expect(page.locator(".st-key-runs_recent")).to_contain_text(f"1 run ({HOSTILE})")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".st-key-runs_table canvas td[aria-colindex='4']")).to_have_text(["run 2", HOSTILE])
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_seeds_are_one_row_that_is_found_by_its_words_sorted_and_compared(runs: Runs) -> None:
    page = runs.page
    for seed, loss in ((1, 0.3), (2, 0.5)):
        runs.store.runs.add_imported(
            runs.visitor, RunSpec(seed=seed, batch_size=8, batch_schedule=((3, 64),)), source=Source.ARCHIVE, title="",
            status=Status.DONE, reason="", final={"val_loss": loss}, progress=Progress(250, 8000, 10, 1.0),
            epochs=SERIES["epochs"].empty(), updates=SERIES["updates"].empty(),
        )  # fmt: skip
    runs.open()
    page.get_by_text("Group seeds", exact=True).click()
    expect(page.locator(".st-key-runs_pages")).to_contain_text("2 experiments, 4 runs")
    page.get_by_role("searchbox", name="Search").fill("GROWING")
    expect(page.locator(".st-key-runs_pages")).to_contain_text("1 experiment, 2 of 4 runs")
    cells = page.locator(".st-key-runs_table canvas td")
    for text in ("growing 8 to 64", "0.3 to 0.5", "2 of 2"):
        expect(cells.filter(has_text=text)).to_have_count(1)
    page.wait_for_function("() => location.search.includes('group=true')")
    runs.open(page.url.partition("/runs")[2])
    expect(page.locator(".st-key-runs_pages")).to_contain_text("1 experiment, 2 of 4 runs")
    runs.grid.dblclick(position=runs.at(0, GROUP_NAME))
    editor = page.locator("textarea.gdg-input")
    expect(editor).to_be_focused()
    editor.fill("both seeds")
    editor.press("Enter")
    runs.until("both seeds", times=2)
    written = [entry.run.spec.batch_size for entry in runs.store.library.page(runs.visitor).entries
               if entry.name == "both seeds"]  # fmt: skip
    assert written == [8, 8]
    runs.settled()
    runs.grid.click(position=runs.at(0, SELECT))
    expect(page.locator(".st-key-runs_actions")).to_contain_text("2 selected")
    runs.settled()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_function("() => location.search.includes('runs=')")
    ids = page.evaluate("new URLSearchParams(location.search).get('runs')").split(",")
    assert {run.spec.batch_size for run in runs.store.runs.by_id(ids).values()} == {8}
    assert len(ids) == 2
