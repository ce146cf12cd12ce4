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


def test_a_box_in_one_panel_zooms_all_of_them_together(live: Any) -> None:
    live.open(drawn=False)
    live.page.set_viewport_size({"width": 1280, "height": 900})
    curve = '{ name: "B = 64", showlegend: true, x: [0, 5, 10], y: [3, 2, 1], xaxis: "x2", yaxis: "y2" }'
    two_panels = MOUNT.replace("y: [3, 2, 1] }]", f"y: [3, 2, 1] }}, {curve}]").replace(
        "xaxis: { range: [0, 10] }, yaxis: { range: [0, 4] }",
        'xaxis: {}, yaxis: {}, xaxis2: {}, yaxis2: {}, meta: { panels: [{ heading: "B = 32" }, {}] }',
    )
    live.page.evaluate(two_panels)
    chart = live.page.get_by_test_id("chart")
    expect(chart).to_have_attribute("data-x-range", "0,10")
    expect(chart.locator(".infolayer")).to_contain_text("B = 32")
    box = chart.locator(".nsewdrag").last.bounding_box()
    live.page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 20)
    live.page.mouse.down()
    live.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] - 20, steps=4)
    live.page.mouse.up()
    expect(chart).not_to_have_attribute("data-x-range", "0,10")
    low, high = (float(end) for end in chart.get_attribute("data-x-range").split(","))
    assert (low, high) == (pytest.approx(2.5, abs=0.2), pytest.approx(7.5, abs=0.2))
    ranges = live.page.evaluate(
        "['xaxis', 'xaxis2'].map((axis) => document.querySelector('.bv-plot')._fullLayout[axis].range)"
    )
    assert ranges[0] == ranges[1] == [low, high]
