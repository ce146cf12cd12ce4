"""The component of finished figures alone, beside the live one from which it takes its parts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.live.slowness import slow_after_the_next_click

pytestmark = pytest.mark.browser

MOUNT = """async () => {
  const { mount } = await import("/src/figure/index.js");
  const parentElement = document.createElement("div");
  parentElement.innerHTML = '<div class="batchviz-live batchviz-chart" data-testid="chart"></div>';
  document.body.replaceChildren(parentElement);
  const figure = {
    data: [{ type: "scatter", mode: "lines", name: "B = 32", showlegend: true, x: [0, 5, 10], y: [3, 2, 1] }],
    layout: { uirevision: "same", xaxis: { range: [0, 10] }, yaxis: { range: [0, 4] } },
  };
  mount({ data: { figure, title: "Loss", alt: "A line" }, parentElement }, new URL("/", location));
}"""


@pytest.fixture
def zoomed(live: Any) -> Any:
    """A chart whose visitor has drawn a box into it."""
    live.open(drawn=False)
    live.page.evaluate(MOUNT)
    chart = live.page.get_by_test_id("chart")
    expect(chart).to_have_attribute("data-x-range", "0,10")
    box = chart.locator(".bv-picture").bounding_box()
    live.page.mouse.move(box["x"] + 120, box["y"] + 60)
    live.page.mouse.down()
    live.page.mouse.move(box["x"] + 360, box["y"] + 240, steps=4)
    live.page.mouse.up()
    expect(chart).not_to_have_attribute("data-x-range", "0,10")
    return chart


def test_the_button_shows_everything_again(live: Any, zoomed: Any) -> None:
    live.page.get_by_role("button", name="Reset zoom").click()
    expect(zoomed).to_have_attribute("data-x-range", "0,10")


def test_a_double_click_shows_everything_again_on_a_slow_machine_too(live: Any, zoomed: Any) -> None:
    live.page.wait_for_timeout(400)  # a click sooner after the box would count as a second one to Plotly
    slow_after_the_next_click(live.page)
    zoomed.locator(".bv-picture").dblclick(position={"x": 200, "y": 150}, force=True)
    expect(zoomed).to_have_attribute("data-x-range", "0,10")
