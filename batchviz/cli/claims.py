"""`batchviz claims`: what is said of batch size, put to the test here and now."""

from __future__ import annotations

import contextlib
import os
import sys
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from batchviz.claims.claim import Claim
from batchviz.claims.limits import CLAIM_SEEDS, MAX_CLAIM_SEEDS, MIN_CLAIM_SEEDS
from batchviz.claims.registry import claim, claims
from batchviz.claims.report import Result
from batchviz.claims.statement import Statement, statement, to_json
from batchviz.claims.words import result_lines
from batchviz.cli.files import check_folder, write_whole
from batchviz.cli.flags import whole, workers
from batchviz.errors import SpecError
from batchviz.experiment.datasets import DATASETS

EPILOG = (
    "Exit codes: 0 done, whatever the verdicts; 1 failed, 2 not understood, 130 stopped by Ctrl-C (the claims that had "
    "been tested are printed)."
)
FILES = {"html": "the report as a page that prints", "markdown": "a table of the verdicts in Markdown"}
MAX_FIRST_SEED = 2**31 - 1 - MAX_CLAIM_SEEDS


def add(commands: Any) -> None:
    """Add the command to the parser of the command line."""
    command: ArgumentParser = commands.add_parser(
        "claims",
        help="test what is said of batch size and print the verdicts",
        description="Test claims about batch size: train, measure, and say which hold here.",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    command.add_argument("--json", action="store_true", help="print one JSON list instead of a summary")
    command.add_argument("--only", metavar="KEY,KEY", help="test only these claims; --list shows the keys")
    command.add_argument("--list", action="store_true", help="print keys and claims, and test nothing")
    seeds = f"seeds of each; at least {MIN_CLAIM_SEEDS}, default {CLAIM_SEEDS}"
    command.add_argument("--seeds", metavar="N", help=seeds)
    command.add_argument("--first-seed", metavar="N", help="the first of these seeds; default 0")
    command.add_argument(
        "--data",
        metavar="NAME",
        help=f"test on this data set where a claim allows another: one of {', '.join(DATASETS)}",
    )
    command.add_argument("--workers", metavar="N", help="processes that train; default one a core")
    for flag, what in FILES.items():
        command.add_argument(f"--{flag}", metavar="FILE", help=f"write {what} to this file as well")
    command.add_argument(
        "--progress-file",
        metavar="FILE",
        help="keep in this file how far it is: a share, and the claim under way",
    )


def run(arguments: Namespace) -> int:
    """Carry the command out. Raises BatchVizError."""
    chosen = _chosen(arguments.only)
    if arguments.list:
        print("\n".join(f"{each.key:20} {each.sentence}" for each in chosen))
        return 0
    count = whole("--seeds", arguments.seeds, CLAIM_SEEDS, MIN_CLAIM_SEEDS, MAX_CLAIM_SEEDS, SpecError)
    first = whole("--first-seed", arguments.first_seed, 0, 0, MAX_FIRST_SEED, SpecError)
    processes = workers(arguments.workers, _default_workers(chosen), SpecError)
    if arguments.data is not None and arguments.data not in DATASETS:
        raise SpecError(f"--data: got {arguments.data!r}; expected one of {', '.join(DATASETS)}.")
    for flag in (*FILES, "progress_file"):
        if (path := getattr(arguments, flag)) is not None:
            check_folder(f"--{flag.replace('_', '-')}", path, SpecError)
    with contextlib.redirect_stdout(sys.stderr):  # whatever libraries print is no part of the result
        seeds = range(first, first + count)
        results, interrupted = _check(chosen, seeds, processes, arguments.data, arguments.progress_file)
    statements = [statement(result) for result in results]
    print(to_json(statements) if arguments.json else "\n".join(_summary(results)))
    _write(statements, arguments)
    return 130 if interrupted else 0


def _check(
    chosen: tuple[Claim, ...], seeds: range, processes: int, data: str | None, progress_file: str | None
) -> tuple[list[Result], bool]:
    from batchviz.notebook.claim_checks import Progress, check_claims
    from batchviz.notebook.claim_progress import ClaimProgress, ProgressFile
    from batchviz.notebook.interrupt import interrupt_as_request
    from batchviz.notebook.sweep_training import Trainer

    with ExitStack() as stack:
        should_stop = stack.enter_context(interrupt_as_request())
        on_terminal = sys.stderr.isatty()
        progress: Progress | None = None
        if progress_file is not None:
            progress = ProgressFile(Path(progress_file), chosen)
        elif on_terminal:
            progress = stack.enter_context(ClaimProgress(sys.stderr, chosen))
        trainer = stack.enter_context(Trainer(processes, should_stop))
        results = check_claims(chosen, seeds, trainer, data=data, progress=progress, should_stop=should_stop)
        return results, should_stop()


def _default_workers(chosen: tuple[Claim, ...]) -> int:
    """One claim trains in this process: another takes as long to load TensorFlow."""
    return 1 if len(chosen) == 1 else os.cpu_count() or 1


def _chosen(only: str | None) -> tuple[Claim, ...]:
    return claims() if only is None else tuple(claim(key.strip()) for key in only.split(","))


def _write(statements: list[Statement], arguments: Namespace) -> None:
    from batchviz.exporters.claims import markdown, page

    for flag, write in (("html", page), ("markdown", markdown)):
        path = getattr(arguments, flag)
        if path is not None:
            write_whole(Path(path), [write(statements)])


def _summary(results: list[Result]) -> list[str]:
    """What a person wants to know of each claim."""
    if not results:
        return ["No claim was tested to its end."]
    return [line for result in results for line in (*result_lines(result), "")][:-1]
