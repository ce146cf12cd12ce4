"""How long the engine waits before it tries again."""

from __future__ import annotations

MAX_PAUSE_SECONDS = 30.0
"""Between starts of a dispatcher that keeps ending; the pause doubles up to this."""
