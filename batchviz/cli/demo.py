"""`batchviz demo`: real runs over a grid, trained now, as one HTML file that needs no server."""

from __future__ import annotations

import contextlib
import shlex
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batchviz.cli.files import ExportError, check_folder, write_whole
from batchviz.cli.flags import add_flags, read_values, workers
from batchviz.experiment.constraints import BUDGET_LIMITS
from batchviz.experiment.limits import MAX_PAGE_TEXT_LENGTH, MAX_PAGE_TITLE_LENGTH
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import BASE_FIELDS

if TYPE_CHECKING:
    from batchviz.notebook.demo import Grid

DEFAULTS = {
    "data_sets": "digits,random",
    "batch_sizes": "1,8,32,128,full",
    "learning_rates": "0.0003,0.001,0.003,0.01",
    "seeds": "10",
}
HELP = {
    "data_sets": "Data sets, by their names in --dataset of `batchviz train`",
    "batch_sizes": "Batch sizes; full is all training rows",
    "learning_rates": "Learning rates, each tried at every batch size",
    "seeds": "Seeds of every setting: bands and verdicts are over them; ten settle most differences",
}
SHARED = tuple(name for name in BASE_FIELDS if name not in ("dataset",))
MAX_LINK_LENGTH = 2000
"""Characters: what a QR code still holds."""


def add(commands: Any) -> None:
    """Add the command to the parser of the command line."""
    command: ArgumentParser = commands.add_parser(
        "demo",
        help="train a grid of runs and write one HTML file that shows them without a server",
        description="Train every batch size at every learning rate with every seed on every data set, and write one "
        "HTML file: the live chart, sliders over what was recorded, the player, and the verdicts. It opens from a "
        "disk, from any static host, offline and on a phone.",
        epilog="The file states the command that made it. Exit codes: 0 done, 1 failed, 2 not understood, 130 stopped "
        "by Ctrl-C; nothing is written unless all runs ended.",
        allow_abbrev=False,
    )
    command.add_argument("--output", required=True, metavar="FILE", help="the file to write")
    for name, text in HELP.items():
        flag = f"--{name.replace('_', '-')}"
        command.add_argument(
            flag, metavar="N" if name == "seeds" else "N,N", help=f"{text}; default {DEFAULTS[name]}"
        )
    command.add_argument("--title", metavar="TEXT", help="over the page")
    command.add_argument("--text", metavar="TEXT", help="under the title: what to look for")
    command.add_argument(
        "--link", metavar="URL", help="where to go from here: shown as text and as a QR code"
    )
    command.add_argument(
        "--no-clock", action="store_true", help="measure no clock: the file then has no axis of seconds"
    )
    command.add_argument(
        "--workers", metavar="N", help="processes that train; default 1, which short grids are best with"
    )
    add_flags(command, without=set(RunSpec.model_fields) - set(SHARED))


def run(arguments: Namespace) -> int:
    """Carry the command out. Raises BatchVizError."""
    from batchviz.exporters.demo import Frame, demo

    target = Path(arguments.output)
    check_folder("--output", arguments.output)
    frame = Frame(
        _words(arguments, "title", MAX_PAGE_TITLE_LENGTH),
        _words(arguments, "text", MAX_PAGE_TEXT_LENGTH),
        _link(arguments.link),
        command_line(arguments),
    )
    processes = workers(arguments.workers, 1)
    chosen = grid(arguments)
    print(f"{len(chosen.specs):,} runs, {chosen.updates:,} updates in all.", file=sys.stderr)
    from batchviz.notebook.demo import record

    with contextlib.redirect_stdout(sys.stderr):  # whatever libraries print is no part of the result
        selection = record(chosen, workers=processes, clock=not arguments.no_clock)
        page = b"".join(demo(selection, frame))
    write_whole(target, [page])
    print(f"{len(chosen.specs):,} runs in {target}, {len(page):,} bytes.", file=sys.stderr)
    return 0


def grid(arguments: Namespace) -> Grid:
    """What the flags ask for. Raises SpecError, before TensorFlow is loaded."""
    from batchviz.notebook.demo import Grid

    texts = {name: getattr(arguments, name) or text for name, text in DEFAULTS.items()}
    return Grid.parse(**texts, **read_values(arguments, (*SHARED, *BUDGET_LIMITS)))


def command_line(arguments: Namespace) -> str:
    """The command that gives the same file again on the same versions, defaults spelled out; nobody's folders."""
    values = {name: getattr(arguments, name) or text for name, text in DEFAULTS.items()}
    values |= read_values(arguments, (*SHARED, *BUDGET_LIMITS, "title", "text", "link"))
    flags = [
        f"--{name.replace('_', '-')}" + ("" if value is True else f" {shlex.quote(str(value))}")
        for name, value in values.items()
    ]
    flags += ["--no-clock"] if arguments.no_clock else []
    return " ".join(["batchviz demo", *flags, "--output", shlex.quote(Path(arguments.output).name)])


def _words(arguments: Namespace, name: str, most: int) -> str:
    text = (getattr(arguments, name) or "").strip()
    if len(text) > most:
        raise ExportError(f"--{name}: got {len(text):,} characters; expected at most {most:,}.")
    return text


def _link(text: str | None) -> str:
    link = (text or "").strip()
    if link and not link.startswith(("https://", "http://")):
        raise ExportError(
            f"--link: got {link[:80]!r}; expected an address that begins with https:// or http://."
        )
    if len(link) > MAX_LINK_LENGTH:
        raise ExportError(f"--link: got {len(link):,} characters; expected at most {MAX_LINK_LENGTH:,}.")
    return link
