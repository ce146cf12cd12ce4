"""The exported page in a real browser, opened from the disk with the network off."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS
from tests.exporters.selection import MemorySelection, run, trained

pytestmark = pytest.mark.browser

HOSTILE = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 2'>"


@contextmanager
def opened_page(browser: Browser, tmp_path: Path, selection: MemorySelection) -> Iterator[Page]:
    """The runs in a file; whatever the page asks for is refused and remembered."""
    (tmp_path / "runs.html").write_bytes(b"".join(EXPORTS["html"].write(selection)))
    context = browser.new_context(
        offline=True, reduced_motion="reduce", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(15_000)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on(
        "request", lambda request: faults.append(request.url) if request.url.startswith("http") else None
    )
    opened.goto((tmp_path / "runs.html").as_uri())
    opened.wait_for_selector("[data-first-point]")
    yield opened
    context.close()
    assert faults == []


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Two runs, one with a hostile name."""
    selection = MemorySelection.from_entries(
        LibraryEntry(run("first1"), name=HOSTILE), LibraryEntry(run("second", RunSpec(batch_size="full")))
    )
    with opened_page(browser, tmp_path, selection) as opened:
        yield opened


def test_of_a_very_long_run_it_says_which_epochs_are_there(browser: Browser, tmp_path: Path) -> None:
    long = run("first1", RunSpec(rows=2, batch_size="full", budget_unit="updates", budget=20_000))
    selection = MemorySelection([LibraryEntry(long)], {"first1": trained(epochs=20_001)}, piece=5000)
    selection.rows["first1"]["epochs"]["examples"][:] = np.arange(20_001)  # type: ignore[index]
    selection.rows["first1"]["measured"] = SERIES["measured"].empty()  # type: ignore[index]
    with opened_page(browser, tmp_path, selection) as page:
        expect(page.get_by_test_id("live-position")).to_contain_text("20,000")
        table = page.get_by_test_id("live-table")
        table.locator("summary").click()
        expect(table.locator("tbody tr")).to_have_count(500)
        expect(table).to_contain_text("The first 500 of 20,001 rows; the CSV has all.")
        expect(table).to_contain_text(
            "of every 128 later ones the last, and the lowest and highest of each curve"
        )


def test_the_file_draws_its_curves_and_plays_them(page: Page) -> None:
    chart = page.get_by_test_id("live-chart-loss")
    assert chart.locator(".scatterlayer .trace").count() >= 4
    position = page.get_by_test_id("live-position")
    expect(position).to_contain_text("updates 50")
    page.get_by_label("Position in the recording").focus()
    page.keyboard.press("Home")
    expect(position).to_contain_text("epoch 0")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_test_id("live-player")).to_have_attribute(
        "data-position", re.compile(r"^(0\.[2-9]|[12])")
    )
    page.get_by_role("radio", name="Updates").check()
    expect(chart).to_contain_text("updates")


def test_names_are_text_and_buttons_that_need_a_server_are_not_there(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(HOSTILE)
    card = page.locator("[data-run=first1][data-testid=live-card]")
    expect(card).to_contain_text(HOSTILE)
    assert page.evaluate("window.broken") is None
    assert card.get_by_role("button").all_inner_texts() == ["Hide", "Only"]
    expect(card.get_by_role("link")).to_have_count(0)


def test_a_picture_can_be_saved(page: Page, tmp_path: Path) -> None:
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG").click()
    download.value.save_as(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes()[:4] == b"\x89PNG"


def test_the_page_follows_the_readers_light_and_dark(page: Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(247, 247, 245)"
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector(".batchviz-live[data-theme=dark]")
    assert page.evaluate(ground) == "rgb(20, 22, 27)"
