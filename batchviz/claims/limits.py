"""Limits on the seeds that a claim is tested with, and what a test takes before it trains."""

from __future__ import annotations

MIN_CLAIM_SEEDS = 3
"""Fewer settle nothing."""
MAX_CLAIM_SEEDS = 40
CLAIM_SEEDS = 10
"""Unless somebody asks for others: a difference that goes the same way with all of them is clear."""
FALSE_VERDICTS = 0.05
"""At most so often does a full report hold any verdict that is false."""
START_SECONDS = 7.0
"""Until a process of its own has loaded TensorFlow."""
