"""How much the database keeps of a visitor's, and of a search."""

from __future__ import annotations

MAX_CRASHES = 2
"""Workers that may die under one run before it is given up: the run itself is then the likeliest cause.

Or over one request to measure a network.
"""
MAX_TOGETHER = 64
"""Runs of a sweep that one worker is given at once: each has points and a sign of life to be written."""
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
MAX_INSPECTION_REQUESTS = 100
"""Runs that wait to be looked into."""
MAX_INSPECTIONS = 500
"""That are kept, some ten to a hundred kilobytes each."""
MAX_INSPECTION_SECONDS = 30.0
"""That a run may have trained for which somebody looks into: it is trained once more."""
MAX_CLASSES = 10
"""Of a teacher, that are open."""
MAX_ROUNDS = 50
"""Of a class: a term of lessons."""
MIN_SPLIT_ANSWERS = 5
"""Fewer are never shown: with four, who knows three of them knows the fourth."""
MAX_LESSON_LENGTH = 40_000
MAX_ANSWER_LENGTH = 2000
MAX_CLASS_POINTS = 128
"""That the members of a class train: what one chart holds."""
MAX_SENT_TRAININGS = 200
"""Of a class, by other programs."""
MAX_SENT_EPOCHS = 1000
MAX_SENT_VALUES = 12
"""An epoch: losses and metrics of training and validation."""
MAX_LESSON_ANSWERS = 2000
"""Of a visitor."""
MAX_LESSON_ANSWER_LENGTH = 8000  # characters
