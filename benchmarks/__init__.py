"""Measurements against Keras' `fit` and others, side by side in one run: `python -m benchmarks` prints the table.

One module a subject, each with `rows(repeats)`; whatever must start from a clean process runs in one
(`process`). Ratios are of medians. Both sides of a ratio are measured in turn, so that a busy machine is
busy for both.
"""
