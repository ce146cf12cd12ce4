"""A PostgreSQL for tests and benchmarks: installed programs on a folder and a port of their own, to be restarted."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from scripts.server import START_SECONDS, free_port


def find_postgres() -> Path | None:
    """The folder of its programs: the one named in BATCHVIZ_POSTGRES, that on the path, or Debian's newest."""
    if named := os.environ.get("BATCHVIZ_POSTGRES"):
        return Path(named)
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in versions), key=lambda path: float(path.parent.name), default=None)


class Postgres:
    """One server. It refuses to be root, so that root starts it as somebody else."""

    def __init__(self, programs: Path) -> None:
        self._programs, self._port = programs, free_port()
        # Not among the temporary files of whoever starts it: those may be root's alone.
        self._folder = Path(tempfile.mkdtemp(prefix="bvpg", dir="/tmp"))
        self._user = _other_user() if os.getuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self.process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://batchviz@127.0.0.1:{self._port}/postgres"
        self._run(
            "initdb", "--auth", "trust", "--username", "batchviz", "--no-sync", "--encoding", "UTF8"
        ).wait(60)

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it without waiting. It ends at once while children of one that was killed are still there."""
        options = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "shared_buffers": "32MB",
        }  # fmt: skip
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.process = self._run("postgres", "-p", str(self._port), *settings)
        return self.process

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.launch()
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError((self._folder / "out").read_text(errors="replace")) from None
                time.sleep(0.05)

    def crash(self) -> None:
        """As when the machine is switched off: every connection breaks at once."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)

    def remove(self) -> None:
        """End it, and delete what it kept."""
        self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / "out").open("ab") as out:
            return subprocess.Popen(
                [str(self._programs / program), "-D", str(self._folder / "data"), *arguments],
                user=self._user,
                cwd=self._folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                stdout=out,
                stderr=subprocess.STDOUT,
            )


def _other_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
