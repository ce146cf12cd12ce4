"""What the test of each claim takes with CLAIM_SEEDS seeds, told before it; what it took is told after it.

Processor seconds, measured on 2026-11-29 on an Intel Xeon with 2 shared cores, which others kept busy meanwhile, and
rounded up: what waits for nobody else takes no longer.
"""

from __future__ import annotations

from collections.abc import Mapping

START_SECONDS = 7.0
"""Until a process of its own has loaded TensorFlow."""
SECONDS: Mapping[str, int] = {
    "noisy-updates": 3,
    "noise-law": 2,
    "small-is-slow": 7,
    "large-starts-fast": 1,
    "budget-decides": 3,
    "escapes-minima": 4,
    "sharp-minima": 18,
    "generalise-worse": 7,
    "wrong-labels": 4,
    "medium-is-best": 16,
    "time-proportional": 20,
    "memory-inputs": 5,
    "fewer-epochs": 4,
    "large-to-small": 5,
    "accumulation-exact": 6,
    "rate-over-batch": 4,
    "linear-rule": 4,
}


def expected_seconds(key: str) -> float:
    """Of a test of this claim alone, where nothing else trains."""
    return START_SECONDS + SECONDS[key]
