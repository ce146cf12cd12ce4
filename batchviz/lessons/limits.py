"""How much a lesson holds: one may come from anybody's file or link."""

from __future__ import annotations

MAX_LESSON_LENGTH = 40_000  # characters
MAX_SECTION_LENGTH = 8_000  # characters
MAX_WORDS_LENGTH = 400
"""Characters of a question and of an option."""
MAX_OPTIONS = 6
MAX_MEMBERS = 8
"""Runs of one race, before their seeds."""
MAX_FURTHER_QUESTIONS = 3
"""Predictions on the same race beside the first."""
MAX_MINUTES = 60
MAX_LESSON_SEEDS = 20
MAX_SPLIT_ROWS = 6
"""Of the answers of a class that are told one by one; the others as one."""
MAX_PACKED_LENGTH = 6000
"""Characters that a lesson takes in a link: what browsers and mail programs still pass on."""
