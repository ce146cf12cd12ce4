"""Own data in a real browser: a messy file becomes curves; others see those curves and nothing else."""

from __future__ import annotations

import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import IDLE, Playground, Server

pytestmark = pytest.mark.browser

# Streamlit's own: the drop zone around the upload button is presentational and yet named.
RULES = {"rules": {"presentation-role-conflict": {"enabled": False}}}


def messy() -> bytes:
    """What Excel saves in Europe: semicolons, decimal commas, Windows-1252, gaps, dates, an odd word."""
    chance = random.Random(1)
    lines = ["Nr;Größe;Preis €;Kauf;Garten;Stadt;Leer;Notiz;Ziel"]
    for row in range(1, 81):
        size = chance.uniform(30, 200)
        words = "k. A." if row == 7 else "" if row % 9 == 0 else f"{size:.1f}".replace(".", ",")
        price = f"{size * 3.2:.3f},50"
        date = f"{chance.randint(1, 28):02d}.{chance.randint(1, 12):02d}.{chance.randint(1990, 2023)}"
        rest = [
            chance.choice(["yes", "no", ""]),
            chance.choice(["Köln", "Bonn", "NA"]),
            "",
            f'"Notiz; {row}"',
        ]
        lines.append(";".join([str(row), words, price, date, *rest, f"{size * 2.5:.2f}".replace(".", ",")]))
    return "\r\n".join(lines).encode("cp1252")


def uploaded(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/data")
    page.wait_for_selector(IDLE)
    page.set_input_files(
        "input[type=file]", {"name": "häuser.csv", "mimeType": "text/csv", "buffer": messy()}
    )
    expect(page.get_by_text("80 rows, 9 inputs, regression")).to_be_visible()


def test_a_messy_file_becomes_curves_that_others_see_but_cannot_train(
    playground: Playground, page_of_another: Page, server: Server
) -> None:
    page = playground.page
    uploaded(page, server)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Use in the Playground").click()
    expect(page.get_by_test_id("facts")).to_contain_text("64")
    playground.idle()
    assert playground.fact("Training rows") == "64"
    playground.press("Train")
    playground.until_status("done")
    page.wait_for_url(re.compile("dataset=own.*runs="))

    other = Playground(page_of_another, server)
    other.page.goto(page.url)
    other.until_status("done")
    assert other.run_ids() == playground.run_ids()
    expect(other.page.get_by_text("belongs to someone else").last).to_be_visible()
    expect(other.page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    other.page.goto(f"{server.url}/data")
    expect(other.page.get_by_text("Nothing yet.")).to_be_visible()
    expect(other.page.get_by_text("häuser")).to_have_count(0)
    assert not other.errors


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits_a_phone(playground: Playground, server: Server, scheme: str) -> None:
    page = playground.page
    page.emulate_media(color_scheme=scheme)
    uploaded(page, server)
    page.wait_for_timeout(500)
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "no sideways scrolling"
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Use in the Playground")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()
