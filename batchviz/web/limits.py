"""How much the web process keeps in memory."""

from __future__ import annotations

from batchviz.experiment.constraints import BUDGET_LIMITS

MAX_MISSING_RUNS = 1024
MAX_STARTS = 4096
"""Pages whose last press is remembered."""
MAX_ROWS_BYTES = 64_000_000
"""A run takes at most .35 MB on the live page, and .4 MB on Compare for each kind of rows, usually a tenth of that: a
comparison of 64 of the longest runs fits, and any that is usual; the whole process stays below 250 MB
(benchmarks/web.py)."""
MAX_CACHED_EPOCH_ROWS = BUDGET_LIMITS["epochs"] + 1
"""A run as long as a budget of epochs can make it is compared epoch by epoch; only longer ones are downsampled."""
MAX_CACHED_UPDATE_ROWS = 8192
MAX_RUNS_BYTES = 16_000_000
"""Of encoded runs kept for the next who asks the same: a class that opens one link."""
MAX_SENTENCES_LENGTH = 1_000_000
MAX_LOOKS = 256
"""Sets of runs whose labels and colours beside each other are kept."""
MAX_CLASSES_WATCHED = 256
"""Classes whose state is kept for a moment."""
MAX_SENT_BYTES = 16_384
"""Of one epoch that another program sends."""
MAX_DOWNLOADS = 8
"""Files that are written at once: of 20 that were, every viewer waited 4 s, and they took 1 GB."""
MAX_DOWNLOADS_WAITING = 64
MAX_PIECE_SECONDS = 60.0
"""For which a reader may take nothing of a file, some 400 kB being on the way."""
