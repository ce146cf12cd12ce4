"""How long the engine waits: before it tries again, and before it gives up."""

from __future__ import annotations

MAX_PAUSE_SECONDS = 30.0
"""Between starts of a dispatcher that keeps ending; the pause doubles up to this."""
MAX_OUTAGE_SECONDS = 900.0
"""For which a worker keeps what it recorded while the database cannot be written; after that the run fails."""
MAX_SILENT_SECONDS = 30.0
"""For which a worker may show no sign of life, though the database takes them, before it is taken for hung."""
MAX_CLAIM_TESTS = 8
"""That wait for the one under way."""
