"""A link to curves names exactly what its page fetches, so that nothing is left to be found out late."""

import re

import pytest

from tests.browser.conftest import Playground

pytestmark = pytest.mark.browser

FETCHED = "performance.getEntriesByType('resource').map(({ name }) => name)"


@pytest.mark.parametrize(
    ("address", "drawn"), [("compare?", "[data-testid=chart][data-drawn]"), ("?", "[data-first-point]")]
)
def test_all_that_a_chart_needs_is_named_and_nothing_else(
    playground: Playground, raced: str, address: str, drawn: str
) -> None:
    page, url = playground.page, playground.server.url
    answer = page.goto(f"{url}/{address}{raced}")
    assert answer
    named = re.findall(r"<([^>]+)>", answer.headers["link"])
    page.wait_for_selector(drawn)
    fetched = {name.removeprefix(f"{url}/") for name in page.evaluate(FETCHED)}
    ours = {name for name in fetched if re.match(r"assets/|api/plotly\.js$", name)}
    streamlits = {name for name in named if name.startswith("static/js/")}
    assert ours == set(named) - streamlits
    assert streamlits <= fetched
    assert any("/BidiComponent." in name for name in streamlits)
