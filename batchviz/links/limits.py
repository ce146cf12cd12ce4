"""How much of a link is read."""

from __future__ import annotations

from batchviz.experiment.limits import MAX_RUNS_SHOWN

MAX_SEEDS = 10
MAX_PARAMETERS = 64
MAX_VALUES = 50
"""Of one parameter that may stand in an address several times."""
MAX_VALUE_LENGTH = 400  # characters
MAX_RUNS_NAMED_SINGLY = 20
"""In a link; of more, seeds of one setting are named by the first."""
MAX_RUNS_LENGTH = MAX_RUNS_SHOWN * 17  # an id and its comma
MAX_LAYOUT_LENGTH = 80  # characters
MAX_SMOOTHING_PER_CENT = 95  # per cent, the end of the chart's slider
MAX_SMOOTHING = 0.99
MAX_SEARCH_LENGTH = 200
MAX_DIGITS = 10
MAX_NUMBER = 1e15
"""That a list of runs is asked for; no count in it comes near."""
