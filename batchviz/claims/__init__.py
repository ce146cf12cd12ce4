"""Claims about batch size, each put to the test: an experiment, and a verdict computed from what was recorded.

A claim is one file in `cards/`, found by `registry`; `claim` says what it consists of. Whoever trains (the notebook,
the command line, a worker) hands the `records` in; nothing here trains. `pairs` are what verdicts rest on, `report`
is the verdicts of many claims together.
"""
