"""How much the database keeps of a visitor's, and of a search."""

from __future__ import annotations

MAX_CRASHES = 2
"""Workers that may die under one run before it is given up: the run itself is then the likeliest cause.

Or over one request to measure a network.
"""
MAX_GIVEN_WAY = 3
"""Times that a measurement makes way for runs; the next one is finished, or a busy class would never have a clock."""
MAX_SEARCH_WORDS = 10
MAX_MISSING_NAMED = 5
MAX_BOARDS = 500
MAX_SWEEPS = 5
"""Of a visitor, that are under way."""
MAX_UPLOAD_BYTES = 200_000_000
"""Compressed, a visitor."""
MAX_CLOCK_REQUESTS = 200
"""Networks that wait to be measured, or could not be."""
