"""Verdicts on claims as a page that opens from a disk and prints, and as a table in Markdown."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from batchviz.claims.statement import Statement
from batchviz.exporters import playback
from batchviz.frontend.assets import text
from batchviz.text.numbers import count

STYLES = ("css/tokens.css", "css/player.css", "css/claims.css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"


def page(statements: Sequence[Statement]) -> bytes:
    """One HTML file, without a script."""
    return playback.file(
        "claims_report.html",
        styles="".join(map(text, STYLES)),
        policy=POLICY,
        title="Claims about batch size",
        date=datetime.date.today().isoformat(),
        statements=statements,
        count=count(len(statements), "claim"),
    ).encode()


def markdown(statements: Sequence[Statement]) -> bytes:
    """A row a claim: what is claimed, the verdict, the effects it rests on."""
    lines = ["| claim | whose | verdict | evidence | data |", "|---|---|---|---|---|"]
    for each in statements:
        graded = [
            f"{row.name}: {row.effect} ({row.agreement}, {row.grade})" for row in each.rows if row.grade
        ]
        cells = (each.claim, each.source.value, each.sentence, "; ".join(graded), each.data)
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return ("\n".join(lines) + "\n").encode()
