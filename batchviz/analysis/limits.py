"""How many points and seeds a finding is made of."""

from __future__ import annotations

MAX_EPOCH_ROWS = 4096
"""Rows of one series: twice the points that a chart draws of a curve, and more epochs than nearly all runs have."""
MAX_BINS = 8192
"""Ten times the pixels of a wide screen: nobody sees the difference, and a run of millions weighs 200 kB."""
MAX_DRAWN_POINTS = 2000
"""Points of a curve: two a pixel on a wide screen."""
MIN_SEEDS = 3
RACE_SEEDS = 10
"""Shared seeds that a race ends with. A difference that goes the same way with every seed is clear from here on."""
SEED_STEPS = (1, 3, 5, 10, 20)
"""Numbers of seeds that are offered: each finds differences about half as large as the one before."""
MAX_BACKGROUND_SECONDS = 30.0
"""That the seeds of a race after the first may take when nobody chose how many: somebody watches, or others wait."""
MAX_BAND_POINTS = 4000
"""Of a common grid in seconds, where no two seeds have a measurement at the same time."""
