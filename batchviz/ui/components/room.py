"""Under a page: what the visitor may have here, and what is left of it."""

from __future__ import annotations

from batchviz.text.room import room
from batchviz.ui import resources, session
from batchviz.ui.components import html


def draw_room() -> None:
    """Draw it. Raises StoreError."""
    quotas = resources.store().quotas
    usage, quota = quotas.usage(session.visitor()), quotas.quota
    html.note(
        room(
            usage.bytes,
            quota.visitor_bytes,
            usage.runs,
            quota.runs,
            resources.settings().max_run_seconds,
            resources.max_run_bytes(),
        )
    )
