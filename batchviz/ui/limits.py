"""How much a page shows at once."""

from __future__ import annotations

MAX_PICKER_ROWS = 200
MAX_LATEST_RUNS = 15
MAX_PREVIEW_COLUMNS = 12  # columns without a scroll bar of their own
MAX_INPUTS_NAMED = 40  # names of inputs
MAX_IMPORT_FILES = 100
MAX_ROWS_DEALT = 4096  # a square each
MAX_BOARDS_NAMED = 5
MAX_RUNS_NAMED = 3
MAX_FILTER_VALUES = 50
"""Values of a column that are offered one by one; of more, a range is asked for."""
MAX_UNCLEAR_COLUMNS = 8
"""Columns of an upload that are asked about because two readings fit."""
