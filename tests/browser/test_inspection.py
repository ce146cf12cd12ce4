"""A finished run is looked into: asked for by a press, stepped through by keyboard."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Playground

pytestmark = pytest.mark.browser

RUNS = {
    "line": (
        "?v=1&dataset=line&rows=200&hidden=&optimizer=sgd&learning_rate=0.1&batch_size=16&budget=5&validation_split=0.2",
        ("Path on the loss of two weights", "Gradients of batches"),
        50,
    ),
    "moons": (
        "?v=1&dataset=moons&rows=300&batch_size=16&budget=20&learning_rate=0.01",
        ("Boundary between the classes", "Gradients of batches"),
        300,
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_finished_run_is_looked_into_and_stepped_through(playground: Playground, name: str) -> None:
    page = playground.page
    query, titles, updates = RUNS[name]
    playground.open(query)
    playground.press("Train")
    playground.until_status("done")
    page.get_by_text("Look inside a finished run").click()
    # With the keyboard: what is told of the run above moves the button while it comes.
    page.get_by_role("button", name="Look inside", exact=True).press("Enter")
    picture = page.get_by_test_id("inspection")
    expect(picture).to_contain_text("Before the first update: training")
    for title in titles:
        expect(picture.get_by_role("img", name=title)).to_be_visible()
    slider = picture.get_by_role("slider", name="Moment of the run")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(picture).to_contain_text("After update 1, ")
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", f"Update {updates} of {updates}")
    expect(picture.get_by_role("img", name=titles[0])).to_have_attribute("aria-label", re.compile(r"\d"))
    expect(
        page.get_by_text(re.compile("Trained once more for this, to the same training loss"))
    ).to_be_visible()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
