"""The command line: `batchviz` opens the dashboard, `train` trains one run, `sweep` many to say which
batch size, `claims` tests what is said of batch size, `clock` measures what updates take, `export` writes recorded runs
to files, `demo` trains a grid into one page that needs no server.

A summary of a training, or with `--json` one JSON object, goes to standard output; progress and errors to
standard error.
"""

from __future__ import annotations

import contextlib
import json
import math
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from batchviz.cli import claims, clock, demo, export, serve, sweep
from batchviz.cli.flags import add_flags, read_flags
from batchviz.errors import BatchVizError, SpecError
from batchviz.experiment.environment import __version__
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Status
from batchviz.links import experiment
from batchviz.text import plan as plan_text
from batchviz.text.floor import floor_sentences

if TYPE_CHECKING:
    from batchviz.notebook import TrainedRun

EXIT_CODES = {Status.DONE: 0, Status.FAILED: 1, Status.DIVERGED: 3, Status.STOPPED: 130}
EPILOG = (
    "Exit codes: 0 done, 1 failed, 2 not understood, 3 diverged, 130 stopped by Ctrl-C (results are printed)."
)
SHOWN_EPOCHS = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    command = _parser().parse_args(arguments)
    try:
        return COMMANDS[command.command](command)
    except SpecError as error:
        print(error, file=sys.stderr)
        return 2
    except BatchVizError as error:
        print(error, file=sys.stderr)
        return EXIT_CODES[Status.FAILED]
    except KeyboardInterrupt:
        print("Stopped; nothing was kept.", file=sys.stderr)
        return EXIT_CODES[Status.STOPPED]


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        "batchviz",
        description="See what batch size does. Without a command: opens the dashboard.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"BatchViz {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")
    train = commands.add_parser(
        "train",
        help="train one run and print its history",
        description="Train one run with real Keras. Without flags: the source article's experiment.",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    train.add_argument("--json", action="store_true", help="print one JSON object instead of a summary")
    add_flags(train)
    sweep.add(commands)
    claims.add(commands)
    clock.add(commands)
    export.add(commands)
    demo.add(commands)
    serve.add(commands)
    parser.set_defaults(command="serve", **serve.DEFAULTS)
    return parser


def _train(arguments: Namespace) -> int:
    spec = read_flags(arguments)
    from batchviz.notebook import train

    with contextlib.redirect_stdout(sys.stderr):  # whatever libraries print is no part of the result
        run = train(spec)
    print(_as_json(run) if arguments.json else _summary(run))
    return EXIT_CODES[run.status]


def _as_json(run: TrainedRun) -> str:
    """One object, strictly JSON: a number that is not finite is null."""
    result = {
        "spec": run.spec.model_dump(mode="json"),
        "status": run.status.value,
        "reason": run.reason,
        "history": {name: [_finite(v) for v in values] for name, values in run.recording.history.items()},
        "updates": run.recording.progress.updates,
        "seconds": run.seconds,
    }
    return json.dumps(result, allow_nan=False)


def _finite(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None


def _summary(run: TrainedRun) -> str:
    """What a person wants to know of the run."""
    spec, plan, progress = run.spec, plan_for(run.spec), run.recording.progress
    changed = [f"{name}={value}" for name, value in experiment.encode(spec).items() if name != "v"]
    lines = [
        f"Set-up: {' '.join(changed) or 'the source article (random data, batch size 32, 10 epochs)'}",
        f"{plan.training_rows:,} training and {plan.validation_rows:,} validation rows, "
        f"{plan.first.updates:,} updates an epoch, {plan.size.parameters:,} parameters",
        "",
        _table(run),
        "",
        f"{run.status.capitalize()} after {progress.epochs:g} epochs and {progress.updates:,} updates; "
        f"{progress.seconds:.3g} s of training, {run.recording.setup_seconds:.3g} s to compile.",
    ]
    if run.recording.training_rows_evaluated < plan.training_rows:
        sample = f"a fixed random sample of {run.recording.training_rows_evaluated:,} training rows"
        lines.append(f"Training loss at the end of an epoch: on {sample}.")
    remarks = (run.reason, *plan_text.notes(plan), " ".join(floor_sentences(plan)))
    lines += [text for text in remarks if text]
    return "\n".join(lines)


def _table(run: TrainedRun) -> str:
    """Keras' history, the epochs thinned to a screenful; the first and the last are always there."""
    history = run.history.reset_index()
    if history.empty:
        return "No epoch ended."
    last = len(history) - 1
    rows = sorted({round(i * last / (SHOWN_EPOCHS - 1)) for i in range(SHOWN_EPOCHS)})
    return history.iloc[rows].to_string(index=False, float_format="{:.4g}".format)


COMMANDS = {
    "serve": serve.run,
    "train": _train,
    "sweep": sweep.run,
    "claims": claims.run,
    "clock": clock.run,
    "export": export.run,
    "demo": demo.run,
}


if __name__ == "__main__":
    sys.exit(main())
