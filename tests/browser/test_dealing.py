"""Rows dealt into batches: by play, step and slider, by keyboard too, on a phone as well."""

import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Playground

pytestmark = pytest.mark.browser


def test_the_samplers_batches_are_stepped_through_and_played(playground: Playground) -> None:
    page = playground.page
    playground.open("?v=1&batch_size=300&rows=1000&seed=7")
    page.get_by_text("Look inside").click()
    dealing = page.get_by_test_id("dealing")
    expect(dealing).to_contain_text("800 training rows")
    slider = dealing.get_by_role("slider", name="Batches dealt")

    slider.focus()
    page.keyboard.press("ArrowRight")
    first = np.random.default_rng([7, 0]).permutation(800)[:300] + 1
    expect(dealing).to_contain_text(f"Epoch 1, batch 1 of 3: 300 rows: {', '.join(map(str, first[:12]))}")
    shown = dealing.locator(".bd-table i").evaluate_all(
        "nodes => nodes.flatMap((node, i) => (node.className === 'now' ? [i + 1] : []))"
    )
    assert shown == sorted(first.tolist())

    dealing.get_by_role("button", name="Next batch").click()
    dealing.get_by_role("button", name="Next batch").click()
    expect(dealing).to_contain_text("200 rows, what is left over of batches of 300")
    expect(slider).to_have_attribute("aria-valuetext", "Epoch 1, batch 3 of 3")
    expect(dealing.get_by_role("img")).to_have_attribute("aria-label", "800 of 800 rows seen in this epoch.")

    dealing.get_by_role("button", name="Play").click()
    expect(dealing).to_contain_text(re.compile("Epoch 2, batch 3 of 3"))
    expect(dealing.get_by_role("button", name="Play")).to_be_visible()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
