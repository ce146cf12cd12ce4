"""`batchviz export`: the runs of this installation as a file, or to an MLflow server."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batchviz.cli.files import ExportError, write_whole

if TYPE_CHECKING:
    from batchviz.exporters import Selection


def add(commands: Any) -> None:
    """Add the command to the parser of the command line."""
    command: ArgumentParser = commands.add_parser(
        "export",
        help="write recorded runs into a file, or log them to MLflow",
        description="Export runs of this installation (BATCHVIZ_DATA_DIR or BATCHVIZ_DATABASE_URL name it).",
        allow_abbrev=False,
    )
    command.add_argument("--runs", required=True, metavar="ID,ID", help="the runs, as in a link")
    command.add_argument("--format", metavar="NAME", help="what to write: as in the app's Export menu")
    command.add_argument("--to", metavar="FILE", help="the file to write; - is standard output")
    command.add_argument("--mlflow", metavar="URI", help="log to this MLflow tracking server instead")
    command.add_argument("--experiment", metavar="NAME", help="the experiment in MLflow; default BatchViz")


def run(arguments: Namespace) -> int:
    """Carry the command out. Raises BatchVizError."""
    if bool(arguments.mlflow) == bool(arguments.format):
        raise ExportError("Expected either --format NAME --to FILE, or --mlflow URI.")
    selection = _selection(arguments.runs)
    if arguments.mlflow:
        _log(selection, arguments.mlflow, arguments.experiment)
    else:
        _write(selection, arguments.format, arguments.to)
    return 0


def _selection(runs: str) -> Selection:
    from batchviz.experiment.limits import MAX_RUNS_EXPORTED
    from batchviz.links.experiment import select_runs
    from batchviz.settings import Settings
    from batchviz.store import Store
    from batchviz.store.selection import StoredSelection

    settings = Settings.from_environment()
    return StoredSelection(Store(settings.database_url), select_runs([], [runs], MAX_RUNS_EXPORTED))


def _write(selection: Selection, name: str, to: str | None) -> None:
    from batchviz.exporters import EXPORTS

    if name not in EXPORTS:
        raise ExportError(f"--format: got {name!r}; expected one of {', '.join(EXPORTS)}.")
    export = EXPORTS[name]
    if len(selection.entries) > export.most:
        raise ExportError(
            f"--runs: got {len(selection.entries)}; {export.title} holds at most {export.most}."
        )
    if to is None:
        raise ExportError("Expected --to FILE, or --to - for standard output.")
    if to == "-":
        for part in export.write(selection):
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        return
    write_file(selection, name, to)


def write_file(selection: Selection, name: str, to: str) -> None:
    """One format of EXPORTS as a file, which appears whole or not at all. Raises ExportError."""
    from batchviz.exporters import EXPORTS

    path = Path(to)
    write_whole(path, EXPORTS[name].write(selection))
    print(f"{len(selection.entries)} runs in {path}, {path.stat().st_size:,} bytes.", file=sys.stderr)


def _log(selection: Selection, uri: str, experiment: str | None) -> None:
    from batchviz.exporters.mlflow import EXPERIMENT, log_runs

    for logged in log_runs(selection, uri, experiment or EXPERIMENT):
        print(f"{logged.run_id}: {'was there as' if logged.before else 'logged as'} {logged.mlflow_id}")
