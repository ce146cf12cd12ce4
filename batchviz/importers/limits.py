"""How much of a file from anywhere is taken, before and after it is unpacked."""

from __future__ import annotations

from batchviz.experiment.limits import MAX_RUNS_EXPORTED

MAX_JSON_DEPTH = 16

# Archives
MAX_ARCHIVE_BYTES = 100_000_000
MAX_ARCHIVE_UNPACKED_BYTES = 500_000_000
MAX_ARCHIVE_FILES = 1 + 4 * MAX_RUNS_EXPORTED
"""The manifest, and four files a run."""
MAX_ARCHIVE_DIRECTORY_BYTES = MAX_ARCHIVE_FILES * 256
MAX_ARCHIVE_JSON_BYTES = 262_144
MAX_ARCHIVE_ROWS = 5_000_001
"""As many updates as a run may have, and the row before the first."""
MAX_ARCHIVE_MEASURED_ROWS = 4096
"""Far more than MAX_MOMENTS and what is measured beside them."""
MAX_FINAL_VALUES = 64
MAX_REASON_LENGTH = 2000  # characters, here and below

# Histories
MAX_HISTORY_BYTES = 20_000_000
"""10,000 epochs of a hundred metrics."""
MAX_HISTORY_EPOCHS = 10_000

# Tables
MAX_TABLE_BYTES = 20 * 2**20
MAX_COLUMNS = 1_000
MAX_FIRST_LINE_BYTES = 1_000_000
"""1,000 headings of 1,000 characters."""
MAX_HEADING_LENGTH = 80
MAX_NUMBER_LENGTH = 40
"""More is an identifier or an attack."""
MAX_CATEGORIES = 50
"""Most different values of a column that becomes one input a value."""
MAX_NUMBERS = 20_000_000
"""Rows times inputs: 80 MB."""
MAX_PARQUET_ROWS = 5_000_000
MAX_PARQUET_UNPACKED_BYTES = 200_000_000
MAX_PARQUET_LIST_LENGTH = 10_000
"""Columns or row groups that are taken out of a footer at all: of a million columns that alone takes gigabytes."""
MAX_REMARKED_COLUMNS = 8
"""Whose remarks are kept with the data."""
