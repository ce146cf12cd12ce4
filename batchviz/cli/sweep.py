"""`batchviz sweep`: every batch size at every learning rate with several seeds, and which batch size it is."""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batchviz.cli.export import write_file
from batchviz.cli.files import ExportError, check_folder, write_whole
from batchviz.cli.flags import add_flags, read_values, workers
from batchviz.experiment.constraints import BUDGET_LIMITS, expected
from batchviz.experiment.limits import MAX_RUNS_EXPORTED
from batchviz.experiment.parsing import as_text
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import BASE_FIELDS, SweepSpec

if TYPE_CHECKING:
    from batchviz.notebook.sweep import SweepResult
    from batchviz.notebook.swept_run import SweptRun

SWEEP_FIELDS = ("batch_sizes", "learning_rates", "seeds", "report_seeds", "targets")
EXPORTED = {"csv": "csv-epochs", "parquet": "parquet-epochs", "archive": "archive", "script": "script"}
"""Flag -> its row in `exporters.EXPORTS`."""
SCRIPT = "sweep-script"
FOLDER = "sweep-runs"
"""In the data folder of the installation."""
SHORT_SECONDS = 20.0
"""A sweep that is expected to be shorter trains in this process: another takes as long to load TensorFlow."""
_SECONDS_A_RUN, _SECONDS_AN_UPDATE = 0.05, 2e-5
EPILOG = (
    "Runs that exist are used: after Ctrl-C the same command goes on. "
    "Exit codes: 0 done, 1 failed, 2 not understood, 3 everything diverged, 130 stopped by Ctrl-C (what there is is "
    "printed)."
)


def add(commands: Any) -> None:
    """Add the command to the parser of the command line."""
    command: ArgumentParser = commands.add_parser(
        "sweep",
        help="train batch sizes x learning rates x seeds and say which batch size",
        description="Train every batch size at every learning rate with several seeds; choose each size's rate on "
        "these, and report further seeds at the chosen rates.",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    command.add_argument("--json", action="store_true", help="print one JSON object instead of a summary")
    for name in SWEEP_FIELDS:
        field = SweepSpec.model_fields[name]
        text = f"{field.title}. {field.description} Expected {expected(name, field)}."
        command.add_argument(
            f"--{name.replace('_', '-')}", metavar="N" if "seeds" in name else "N,N", help=text
        )
    command.add_argument(
        "--workers", metavar="N", help="processes that train; default one a core, one for short sweeps"
    )
    command.add_argument(
        "--folder",
        metavar="FOLDER",
        help=f"where runs are kept and found; default {FOLDER} in the data folder",
    )
    command.add_argument("--fresh", action="store_true", help="train everything anew, and keep nothing")
    for flag in EXPORTED:
        command.add_argument(
            f"--{flag}", metavar="FILE", help=f"write all runs to this file as well ({flag})"
        )
    command.add_argument(
        f"--{SCRIPT}", metavar="FILE", help="write one script that repeats the whole sweep in plain Keras"
    )
    add_flags(command, without=set(RunSpec.model_fields) - set(BASE_FIELDS))


def run(arguments: Namespace) -> int:
    """Carry the command out. Raises BatchVizError."""
    spec = SweepSpec.parse(read_values(arguments, (*SWEEP_FIELDS, *BASE_FIELDS, *BUDGET_LIMITS)))
    processes = workers(arguments.workers, _default_workers(spec))
    _check_files(arguments, spec)
    folder = None if arguments.fresh else arguments.folder or _default_folder()
    print(f"{spec.count_runs():,} runs: {spec.extent}; {spec.updates:,} updates in all.", file=sys.stderr)
    from batchviz.notebook.sweep import sweep

    with contextlib.redirect_stdout(sys.stderr):  # whatever libraries print is no part of the result
        try:
            result = sweep(spec, folder=folder, workers=processes)
        except KeyboardInterrupt:
            kept = (
                "nothing was kept" if arguments.fresh else "what had ended is kept: the same command goes on"
            )
            print(f"Stopped; {kept}.", file=sys.stderr)
            return 130
    print(_as_json(result) if arguments.json else _summary(result))
    _export(arguments, result)
    return _exit_code(result)


def _default_workers(spec: SweepSpec) -> int:
    expected_seconds = _SECONDS_A_RUN * spec.count_runs() + _SECONDS_AN_UPDATE * spec.updates
    return 1 if expected_seconds < SHORT_SECONDS else os.cpu_count() or 1


def _default_folder() -> Path:
    from batchviz.settings import Settings

    return Settings.from_environment().data_dir / FOLDER


def _check_files(arguments: Namespace, spec: SweepSpec) -> None:
    """What could not be written afterwards is said before hours of training."""
    for flag in EXPORTED:
        path = getattr(arguments, flag)
        if path is None:
            continue
        if spec.count_runs() > MAX_RUNS_EXPORTED:
            raise ExportError(
                f"--{flag}: the sweep has {spec.count_runs():,} runs; a file holds at most {MAX_RUNS_EXPORTED}."
            )
        check_folder(f"--{flag}", path)
    if arguments.sweep_script is not None:
        check_folder(f"--{SCRIPT}", arguments.sweep_script)


def _export(arguments: Namespace, result: SweepResult) -> None:
    from batchviz.notebook.swept_run import selection

    ended = [swept for swept in result.runs if swept.series["epochs"]["updates"].size]
    for flag, name in EXPORTED.items():
        if (path := getattr(arguments, flag)) is not None:
            write_file(selection(ended), name, path)
    if arguments.sweep_script is not None:
        write_whole(Path(arguments.sweep_script), [_script(result).encode()])


def _script(result: SweepResult) -> str:
    """With the losses that came out here, and the rates whose choice rests on targets."""
    from batchviz.exporters.codegen.sweep import sweep_script

    done = [swept.run for swept in result.runs if "val_loss" in swept.run.final]
    chosen = {size: result.best[as_text(size)]["learning_rate"] for size in result.spec.batch_sizes}
    return sweep_script(
        result.spec,
        {run.spec: run.final["val_loss"] for run in done},
        {size: rate for size, rate in chosen.items() if rate is not None} if result.spec.targets else {},
    )


def _exit_code(result: SweepResult) -> int:
    statuses = {swept.run.status.value for swept in result.runs}
    if result.interrupted:
        return 130
    return {frozenset({"diverged"}): 3, frozenset({"failed"}): 1}.get(frozenset(statuses), 0)


def _as_json(result: SweepResult) -> str:
    """One object, strictly JSON: a number that is not finite is null."""
    answer = {
        "runs": [_run_as_json(swept) for swept in result.runs],
        "best": result.best,
        "answer": result.sentences,
        "seconds": result.seconds,
    }
    return json.dumps(answer, allow_nan=False)


def _run_as_json(swept: SweptRun) -> dict[str, Any]:
    spec = swept.run.spec
    return {
        "batch_size": spec.batch_size,
        "learning_rate": spec.learning_rate,
        "seed": spec.seed,
        "status": swept.run.status.value,
        "history": {
            name: [value if math.isfinite(value) else None for value in values]
            for name, values in swept.history.items()
        },
    }


def _summary(result: SweepResult) -> str:
    """What a person wants to know of the sweep."""
    lines = [*result.sentences, "", f"{'Batch size':>10}  {'best rate':>10}"]
    for size, best in result.best.items():
        rate = "none" if best["learning_rate"] is None else as_text(best["learning_rate"])
        edge = "" if best["bracketed"] or best["learning_rate"] is None else "  not bracketed"
        lines.append(f"{size:>10}  {rate:>10}{edge}")
    ended = sum(swept.run.status.final for swept in result.runs)
    lines += ["", f"{ended:,} of {result.spec.count_runs():,} runs in {result.seconds:.3g} s."]
    if result.interrupted:
        lines.append("Stopped. Unless it was --fresh, what had ended is kept: the same command goes on.")
    return "\n".join(lines)
