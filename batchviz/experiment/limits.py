"""Limits on what people write, select and train, the same for forms, links, files and the database."""

from __future__ import annotations

MAX_BATCH_SIZE = 100_000
MAX_UPDATES = 5_000_000
"""Of one run that is trained here."""
MAX_MOMENTS = 128
"""Inside the epochs of one run, at which it is asked to be measured: twice what MAX_RUNS_SHOWN others end at."""
MAX_OWN_ROWS = 100_000
MAX_OWN_INPUTS = 2_000
"""After encoding."""
MAX_OWN_CLASSES = 100
"""Of a visitor's own data, as rows and inputs are."""

SAMPLE_WORK = 1_000_000_000
"""Weights times rows above which the true training loss is taken from a sample."""
SAMPLE_ROWS = 2048
"""In that sample."""

MAX_RUN_NAME_LENGTH = 80  # characters, here and below
MAX_NOTE_LENGTH = 2000
MAX_TAG_LENGTH = 40
MAX_TAGS = 20
"""Of one run."""
MAX_RUN_TITLE_LENGTH = 200
"""Of the title that an imported run brings."""
MAX_PAGE_TITLE_LENGTH = 120
"""Of a board's name, and of the title over a page that was opened by a link."""
MAX_PAGE_TEXT_LENGTH = 600
"""Of the text under such a title."""
MAX_RUNS_SHOWN = 128
"""In one chart, and so in a link to curves, on a board, in a page that plays: ten seeds of eleven batch sizes."""
MAX_RUNS_EXPORTED = 500
"""In one file."""
MAX_SWEEP_VALUES = 16
"""Batch sizes of one sweep, and learning rates."""
MAX_SWEEP_SEEDS = 20
"""That choose the rates of a sweep, and that are reported."""
MAX_SWEEP_TARGETS = 3
MAX_SWEEP_RUNS = 1000
MAX_SWEEP_UPDATES = 100_000_000
"""Of all runs of a sweep: hours on two cores."""
MAX_CLASS_SIZES = 6
"""Batch sizes that a class trains: more, and thirty members are too few seeds of each."""
MAX_SCATTER = 0.25
"""Of the repeats at one batch size of a clock, as a share of its seconds; beyond, it is measured longer."""
