"""`batchviz serve`: the dashboard that came with this package, from whatever folder it is called."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from batchviz.cli import classroom
from batchviz.errors import BatchVizError
from batchviz.settings import Settings

PACKAGE = Path(__file__).parents[1]
INSTALLED = PACKAGE / "_dashboard" / "app.py"
SCRIPT = INSTALLED if INSTALLED.is_file() else PACKAGE.parent / "app.py"
"""Streamlit reads .streamlit/config.toml beside the script it is started with, after that of the working folder."""
DEFAULTS = {"host": "127.0.0.1", "port": 8501, "classroom": False}
ONE_HEAP = {"MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}
"""glibc gives each thread a heap of its own, so that none waits for another. Under Python's lock they wait anyway, and
what one thread frees no other can use: over every page 14 of 270 MB. Read once, before the program's first line."""


def add(commands: Any) -> None:
    """Add the command to the parser of the command line."""
    command: ArgumentParser = commands.add_parser(
        "serve",
        help="open the dashboard (what `batchviz` alone does too)",
        description="Serve the dashboard until Ctrl-C, and open it in a browser where there is a screen.",
        allow_abbrev=False,
    )
    command.add_argument("--host", metavar="ADDRESS", help=f"where to listen; default {DEFAULTS['host']}")
    command.add_argument("--port", metavar="N", help=f"where to listen; default {DEFAULTS['port']}")
    command.add_argument(
        "--class", dest="classroom", action="store_true",
        help="for a class in the same network: listen everywhere, a worker a core, print the address and its code",
    )  # fmt: skip
    command.set_defaults(**DEFAULTS)


def run(arguments: Namespace) -> int:
    """Become Streamlit: one process, which signals and supervisors reach directly. Raises BatchVizError."""
    if not SCRIPT.is_file():
        raise BatchVizError(f"The dashboard is not there: expected {SCRIPT}. Install batchviz again.")
    port = str(arguments.port)
    if not port.isascii() or not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise BatchVizError(f"--port: got {port!r}; expected a whole number from 1 to 65535, such as 8501.")
    host, environment = arguments.host, ONE_HEAP | os.environ | _proxies()
    if arguments.classroom:
        print(classroom.invitation(f"http://{classroom.local_address()}:{port}"))
        host, environment = classroom.EVERYWHERE, classroom.environment() | environment
    address = ["--server.address", host, "--server.port", port]
    command = [sys.executable, "-m", "streamlit", "run", str(SCRIPT), *address]
    if os.name != "nt":  # where exec would start a second process and let the shell go on
        sys.stdout.flush()
        os.execve(sys.executable, command, environment)
    return subprocess.call(command, env=environment)


def _proxies() -> dict[str, str]:
    """Whose word on a visitor's address Uvicorn takes. Of settings that cannot be used the pages say what is wrong."""
    with contextlib.suppress(BatchVizError):
        return {"FORWARDED_ALLOW_IPS": ",".join(Settings.from_environment().trusted_proxies)}
    return {}
