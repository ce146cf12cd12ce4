"""Claims that are tested for the page: in a process of their own, one after another, and their results kept as files.

A test is `batchviz claims`, so that a page and the command line say the same. What it found belongs to nobody: every
visitor of this server sees the last one of each claim.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from batchviz.claims.limits import CLAIM_SEEDS
from batchviz.claims.statement import Statement, from_json
from batchviz.engine import child_process
from batchviz.engine.environment import tensorflow_environment
from batchviz.engine.limits import MAX_CLAIM_TESTS
from batchviz.errors import BatchVizError

FOLDER = "claims"
"""In the data folder."""
REPORT = "report"
"""In place of a claim's key: all claims, corrected for each other."""
STOP_SECONDS = 5.0


@dataclass(frozen=True)
class ClaimTest:
    """What is asked for: a claim, or REPORT, with CLAIM_SEEDS seeds from the first on, on each claim's own data."""

    key: str
    first_seed: int = 0

    @property
    def file_name(self) -> str:
        """Of its result."""
        return f"{self.key}-{self.first_seed}.json"


class ClaimTests:
    """The tests of one web process."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir, self._folder = data_dir, data_dir / FOLDER
        self._lock = threading.Lock()
        self._waiting: list[ClaimTest] = []
        self._current: ClaimTest | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._failed: dict[str, str] = {}
        atexit.register(self.stop)

    def start(self, test: ClaimTest) -> None:
        """Test it now, or after those that were asked for before; what is under way already is not begun again.

        Raises BatchVizError for one too many.
        """
        with self._lock:
            self._look()
            if test == self._current or test in self._waiting:
                return
            if len(self._waiting) >= MAX_CLAIM_TESTS:
                raise BatchVizError(
                    f"{MAX_CLAIM_TESTS} claims wait to be tested, the most there can be. Try again when one is done."
                )
            self._failed.pop(test.key, None)
            self._waiting.append(test)
            self._look()

    def under_way(self) -> ClaimTest | None:
        """What is tested now."""
        with self._lock:
            self._look()
            return self._current

    def waits(self, key: str) -> int | None:
        """How many come before this one: 0 for what is tested now, None for what nobody asked for."""
        with self._lock:
            self._look()
            line = [self._current, *self._waiting] if self._current else self._waiting
            return next((place for place, test in enumerate(line) if test and test.key == key), None)

    def progress(self) -> tuple[float, str]:
        """Share of the test under way, and the claim that it has come to; 0 and "" before its first run."""
        with suppress(OSError, ValueError, KeyError):
            progress = json.loads((self._folder / "progress.json").read_text(encoding="utf-8"))
            return min(1.0, float(progress["share"])), str(progress["claim"])
        return 0.0, ""

    def failure(self, key: str) -> str:
        """Why the last test of this claim ended without a result; empty where it did not."""
        return self._failed.get(key, "")

    def result(self, key: str) -> tuple[Statement, ...]:
        """What the last test of this claim, or of REPORT, found; empty where there was none."""
        files = [path for path in self._folder.glob(f"{key}-*.json") if path.stem.rpartition("-")[0] == key]
        for path in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True):
            with suppress(OSError, ValueError):
                return from_json(path.read_bytes())
        return ()

    def stop(self) -> None:
        """End what is under way; what waits is forgotten."""
        with self._lock:
            self._waiting.clear()
            if self._process is None or self._process.poll() is not None:
                return
            child_process.end(self._process, STOP_SECONDS)

    def _look(self) -> None:
        """Keep what has ended, and begin what is next."""
        if self._process is not None and self._process.poll() is not None and self._current is not None:
            self._keep(self._current, self._process.returncode)
            self._process = self._current = None
        if self._process is None and self._waiting:
            self._current = self._waiting.pop(0)
            self._process = self._launch(self._current)

    def _keep(self, test: ClaimTest, code: int) -> None:
        draft = self._folder / "result.part"
        if code == 0:
            draft.replace(self._folder / test.file_name)
            return
        errors = (self._folder / "errors.txt").read_text(encoding="utf-8", errors="replace").strip()
        last = errors.splitlines()[-1] if errors and code == 1 else ""
        self._failed[test.key] = last or f"The test ended early (exit code {code}). Try again."

    def _launch(self, test: ClaimTest) -> subprocess.Popen[bytes]:
        self._folder.mkdir(parents=True, exist_ok=True)
        progress = self._folder / "progress.json"
        progress.unlink(missing_ok=True)
        only = [] if test.key == REPORT else ["--only", test.key]
        seeds = ["--seeds", str(CLAIM_SEEDS), "--first-seed", str(test.first_seed)]
        environment = child_process.environment() | tensorflow_environment(self._data_dir)
        with (
            (self._folder / "result.part").open("wb") as out,
            (self._folder / "errors.txt").open("wb") as wrong,
        ):
            return subprocess.Popen(
                [
                    *(sys.executable, "-m", "batchviz", "claims", "--json", "--workers", "1"),
                    *only,
                    *seeds,
                    *("--progress-file", str(progress)),
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=wrong,
            )
