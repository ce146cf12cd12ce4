"""How much goes into one file."""

from __future__ import annotations

MAX_DEMO_BYTES = 3_000_000
"""Of the file that demonstrates: what messengers and mail still carry, and a slow line brings in half a minute."""
MAX_DEMO_RUNS = 600
"""In it: beside the chart itself there is room for some three kilobytes a run."""
MAX_DEMO_EPOCH_ROWS = 512
"""Measurements of one of its runs: more than a chart of its width has pixels for."""
MAX_TRAINABLE_NUMBERS = 200_000
"""Inputs and targets of all rows of data that it trains on itself: 800 kB before they are packed."""
MAX_TRAINABLE_WORK = 200_000_000
"""Parameters times examples of one run that it trains itself: about a second of a core."""
