"""A folder that keeps runs, so that the same sweep goes on where it ended and another one finds what it shares.

Of each run an archive, which the dashboard imports, and beside it as JSON what an archive does not hold: Keras'
history in double precision, and where the run was asked to be measured. The JSON is written last: a run whose JSON is
there is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable
from pathlib import Path

from batchviz.errors import BatchVizError, DataError
from batchviz.experiment.clock import Clock, clock_key
from batchviz.experiment.environment import fingerprint, of_group
from batchviz.experiment.records import Outcome, Status
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.archive import archive
from batchviz.importers.archive import read
from batchviz.notebook.swept_run import SweptRun, recorded_run, selection


class RunFolder:
    """Runs by their spec and the numerics that trained them. Whatever cannot be read is trained again.

    A run trained together with others is kept under numerics of its own, `..., loop 5, together`: it equals the run
    alone within 1e-5, not bit by bit, and the two never stand in one file. A sweep takes either, the run alone first;
    `batchviz train` takes nothing from here.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Makes the folder. Raises BatchVizError where that is not possible."""
        self.path = Path(path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BatchVizError(
                f"{self.path} cannot be used to keep runs: {error.strerror}. Choose a folder that can be written."
            ) from None

    def find(self, spec: RunSpec, measure_at: Collection[int]) -> SweptRun | None:
        """A run that was kept, if it was measured at all of these updates; None where there is none."""
        return self._find(spec, measure_at, together=False) or self._find(spec, measure_at, together=True)

    def _find(self, spec: RunSpec, measure_at: Collection[int], *, together: bool) -> SweptRun | None:
        try:
            about = json.loads(self._file(spec, "json", together=together).read_text(encoding="utf-8"))
            with self._file(spec, "batchviz.zip", together=together).open("rb") as file:
                imported = next(read(file))
            history = {
                str(name): [float(value) for value in values] for name, values in about["history"].items()
            }
            measured = tuple(map(int, about["measure_at"]))
            began, finished = map(float, about["times"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, DataError):
            return None
        if imported.spec != spec or not set(measured).issuperset(measure_at):
            return None
        outcome = Outcome(Status(imported.status), imported.reason, imported.final, imported.progress)
        run = recorded_run(spec, measured, outcome, began, finished)
        return SweptRun(
            run,
            {"epochs": imported.epochs, "updates": imported.updates, "measured": imported.measured},
            history,
        )

    def find_clock(self, spec: RunSpec, machine: str) -> Clock | None:
        """The clock of this network that was kept."""
        try:
            return Clock.from_json(self._clock_file(spec, machine).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep_clock(self, spec: RunSpec, clock: Clock) -> None:
        """Keep a clock for the next sweep of this network. Raises BatchVizError when the disk refuses."""
        self._write(self._clock_file(spec, clock.machine), [clock.to_json().encode()])

    def keep(self, swept: SweptRun) -> None:
        """Keep a run that is done or diverged; no other. Raises BatchVizError when the disk refuses."""
        if not swept.kept:
            return
        run = swept.run
        about = {
            "history": swept.history,
            "measure_at": run.measure_at,
            "times": [run.created, run.finished],
        }
        together = swept.together
        self._write(self._file(run.spec, "batchviz.zip", together=together), archive(selection([swept])))
        self._write(self._file(run.spec, "json", together=together), [json.dumps(about).encode()])

    def _file(self, spec: RunSpec, extension: str, *, together: bool) -> Path:
        trained = of_group(fingerprint()) if together else fingerprint()
        numerics = hashlib.sha256(trained.encode()).hexdigest()[:8]
        return self.path / f"{spec.hash[:32]}-{numerics}.{extension}"

    def _clock_file(self, spec: RunSpec, machine: str) -> Path:
        return self.path / f"{hashlib.sha256(f'{clock_key(spec)} {machine}'.encode()).hexdigest()[:32]}.clock"

    def _write(self, target: Path, pieces: Iterable[bytes]) -> None:
        """Whole or not at all."""
        partial = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            with partial.open("wb") as file:
                file.writelines(pieces)
            partial.replace(target)
        except OSError as error:
            raise BatchVizError(
                f"{target.parent} cannot be written: {error.strerror}. Free some space or choose another folder, and "
                "give the same command again: what was kept is used."
            ) from None
        finally:
            partial.unlink(missing_ok=True)
