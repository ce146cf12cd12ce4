"""The clock as a person meets it: unknown, asked for, measured by the real engine, and then on the axis by itself."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Playground

pytestmark = pytest.mark.browser

MEASURING = 120_000
"""Milliseconds. The machine may have other work before it."""


def epochs_on(playground: Playground, path: str) -> dict[str, float]:
    """Seconds of one epoch of the runs on the page, by the label of their card."""
    ids = playground.run_ids()
    address = f"{playground.server.url}/api/clocks?" + "&".join(f"run={run_id}" for run_id in ids)
    told = playground.page.request.get(address).json()["runs"]
    names = {run_id: playground.card(run_id).locator(".bv-name").inner_text() for run_id in ids}
    return {names[run_id]: told[run_id][path][0][3] for run_id in ids}


def test_the_clock_of_keras_fit_is_offered_measured_and_then_on_the_axis(
    playground: Playground, raced: str
) -> None:
    playground.open(f"?{raced}&layout=seconds-fit")
    page, note = playground.page, playground.page.get_by_test_id("live-clock")
    expect(note).to_contain_text("No clock yet: what an update of this network takes in Keras fit")
    chart = page.get_by_test_id("live-chart-loss")
    expect(chart).to_have_attribute("data-points", re.compile(r"^\{(\"[^\"]+\":0,?)+\}$"))
    note.get_by_role("button", name="Measure the clock").click()
    expect(note).to_contain_text("The clock is being measured")
    expect(note).to_contain_text("in Keras fit, measured on", timeout=MEASURING)
    expect(note).to_contain_text("Evaluation, compilation and what passes between epochs are left out.")
    epochs = epochs_on(playground, "fit")
    assert list(epochs) == sorted(epochs, key=lambda label: -epochs[label]), "B = 1 is slowest, full quickest"
    assert epochs["B = 1"] > 100 * epochs["B = full"], "800 updates take longer than one"
    loop = epochs_on(playground, "loop")
    assert list(loop) == sorted(loop, key=lambda label: -loop[label]), "measured without being asked for"
    end = float((chart.get_attribute("data-x-range") or "").split(",")[1])
    assert end == pytest.approx(10 * epochs["B = 1"], rel=1e-3)
    expect(page.get_by_role("radio", name="Keras fit")).to_be_checked()
    assert parse_qs(urlsplit(page.url).query)["layout"] == ["seconds-fit"]


def test_the_first_run_of_a_network_brings_its_time_to_the_page_by_itself(playground: Playground) -> None:
    playground.open("?v=1&hidden=6&batch_size=64&budget=2")
    assert playground.fact("Training time") == playground.fact("Examples a second") == "told after a run"
    playground.press("Train")
    facts = playground.page.get_by_test_id("facts")
    expect(facts).not_to_contain_text("told after a run", timeout=MEASURING)
    assert playground.fact("Training time").startswith("about")
