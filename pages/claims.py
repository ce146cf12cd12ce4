"""Claims: what is said of batch size, each put to the test here and now."""

from batchviz.ui.claims import card, report
from batchviz.ui.components import html, notices


def draw() -> None:
    """The report of all of them, then a card each."""
    html.page_name(
        "Claims",
        "What is said of batch size, put to the test. Every verdict is computed from runs made here.",
    )
    if wrong := notices.take_report():
        notices.problem(wrong)
    report.draw_report()
    card.draw_cards()


draw()
