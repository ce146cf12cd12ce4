"""A busy machine: the page hears of the clicks of a double click late and far apart."""

from playwright.sync_api import Page

MILLISECONDS = 700
"""More than Plotly, and most people, allow for a double click."""


def slow_after_the_next_click(page: Page) -> None:
    """Keep the page busy once, when it has heard of the next click."""
    page.evaluate(
        """(milliseconds) => addEventListener("mouseup", () => {
          const end = performance.now() + milliseconds;
          while (performance.now() < end);
        }, { once: true })""",
        MILLISECONDS,
    )
