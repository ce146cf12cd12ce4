"""The answer: its headline, its parts that are never mixed, and what must be known beside them."""

from __future__ import annotations

from batchviz.text.sweep.answer import headline, parts
from batchviz.text.sweep.caveats import TOLD_BY_THE_PAGE, caveat_sentences
from batchviz.ui.components import html
from batchviz.ui.sweep.data import Fetched

APART = 3
"""Parts: what fits, what is fast, what learns. The times to the targets stand over the figure of these."""


def draw_answer(fetched: Fetched) -> None:
    """As far as it is known."""
    findings = fetched.findings
    html.draw("statement.html", headline=headline(findings), rest="", waiting="")
    _draw_parts(fetched, slice(APART))
    if caveats := list(caveat_sentences(findings, TOLD_BY_THE_PAGE)):
        html.draw("sweep_caveats.html", caveats=caveats)


def draw_times(fetched: Fetched) -> None:
    """The batch sizes of the least time to each target."""
    _draw_parts(fetched, slice(APART, None))


def _draw_parts(fetched: Fetched, which: slice) -> None:
    part = list(parts(fetched.findings).items())[which]
    if part and fetched.progress.ended:
        html.draw("sweep_parts.html", parts=part)
