"""`python -m benchmarks [SUBJECT ...] [--repeats 5] [--json]`."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys

from benchmarks.machine import describe
from benchmarks.row import Row

SUBJECTS = (
    "article",
    "ladder",
    "measurements",
    "clocks",
    "digits",
    "large",
    "steady",
    "sweep",
    "opening",
    "first_load",
    "first_point",
    "compare",
    "runs_page",
    "queue",
    "web",
    "load",
    "fair",
)
HEADINGS = ("", "ours", "peer", "ratio", "target", "")


def main() -> int:
    """Measure and print; the exit code is 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--repeats", type=int, default=5, help="samples a side (default 5)")
    parser.add_argument("--json", action="store_true", help="every sample, as JSON on standard output")
    parser.add_argument(
        "--cpu", action="store_true", help="processor seconds, not wall clock, where time is measured"
    )
    arguments = parser.parse_args()
    unknown = set(arguments.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; expected some of {', '.join(SUBJECTS)}")
    if arguments.cpu:
        os.environ["BENCHMARK_CLOCK"] = "cpu"
    machine: dict[str, object] = {**describe(), "clock": "processor" if arguments.cpu else "wall"}
    table: list[Row] = []
    for subject in arguments.subjects or SUBJECTS:
        print(f"measuring {subject} ...", file=sys.stderr, flush=True)
        measured = importlib.import_module(f"benchmarks.{subject}").rows(arguments.repeats)
        print(
            formatted(measured), file=sys.stderr, flush=True
        )  # the whole takes a while, and may be cut short
        table += measured
    if arguments.json:
        print(json.dumps({"machine": machine, "rows": [row.record() for row in table]}, indent=1))
    else:
        print("\n".join(f"{key}: {value}" for key, value in machine.items()) + "\n")
        print(formatted(table))
    return int(not all(row.reached or row.skipped for row in table))


def formatted(table: list[Row]) -> str:
    """The table as aligned text."""
    lines = [HEADINGS, *(row.cells for row in table)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )


if __name__ == "__main__":
    sys.exit(main())
