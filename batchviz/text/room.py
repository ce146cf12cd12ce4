"""What a visitor may have here, and how much of it is taken."""

from __future__ import annotations

from batchviz.text.numbers import byte_size, count, expected_duration, quantity


def room(
    kept_bytes: int,
    max_bytes: int,
    unfinished_runs: int,
    max_runs: int,
    max_seconds: float,
    max_run_bytes: int,
) -> str:
    """Sentences; a limit of 0 is none, and not told."""
    sentences = []
    if max_bytes:
        left = byte_size(max(0, max_bytes - kept_bytes))
        sentences.append(f"Your runs and data may take {byte_size(max_bytes)} here; {left} are left.")
    if max_runs:
        left = quantity(max(0, max_runs - unfinished_runs))
        sentences.append(
            f"{count(max_runs, 'run')} may wait or train at once, beside sweeps; {left} more now."
        )
    sentences.append(
        f"One run may train for {expected_duration(max_seconds)} and take {byte_size(max_run_bytes)} of memory."
    )
    return " ".join(sentences)
