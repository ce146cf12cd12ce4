"""How much the database keeps of a visitor's, and of a search."""

from __future__ import annotations

MAX_CRASHES = 2
"""Workers that may die under one run before it is given up: the run itself is then the likeliest cause."""
MAX_SEARCH_WORDS = 10
MAX_MISSING_NAMED = 5
MAX_BOARDS = 500
MAX_UPLOAD_BYTES = 200_000_000
"""Compressed, a visitor."""
