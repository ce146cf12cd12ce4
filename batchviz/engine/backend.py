"""What the dispatcher needs of whatever trains runs: the processes of this machine, or a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from batchviz.experiment.records import Outcome, Run
from batchviz.store import ClockRequest, InspectionRequest

MeasuringRequest = ClockRequest | InspectionRequest
"""What is asked of a worker beside runs: the clock of a network, or to look into a run that is over."""


@dataclass(frozen=True)
class TrainingResult:
    """An attempt that a backend is through with. `cause` tells how its worker was lost, if it was.

    Of runs that were trained together each has its own.
    """

    run: Run
    cause: str = ""
    unrecorded: Outcome | None = None
    """How it ended, where the worker could not write that into the store."""
    trace: str = ""
    interrupted: bool = False
    """The worker was lost through no fault of the run: it was closed, or the way to it was."""


@dataclass(frozen=True)
class MeasuringResult:
    """A measurement that a backend is through with. `cause` tells how its worker was lost, if it was."""

    request: MeasuringRequest
    cause: str = ""
    trace: str = ""
    interrupted: bool = False
    """As of a TrainingResult."""


class Backend(Protocol):
    """Trains runs on several workers, and measures clocks or looks into runs, one at a time.

    Rules that any backend keeps (tests/engine/test_backend_contract.py):

    - `start` returns at once. It is called for runs that were claimed at once, one or a group that one worker trains
      together (`worker.train` takes either), and only while `free` is above 0.
    - The worker writes rows and end of each attempt into the store itself; the backend only says that it is through.
    - From `start` on a run is in `runs`, until `finished` has told of it. It tells of each once, whatever happened, and
      of those of a group together.
    - A result has a `cause` when, and only when, the worker was lost: killed, out of memory, or stopped from here.
      Nothing else that trains is disturbed, and a new worker takes the place of the lost one.
    - `stop` ends a run's worker, with no time to record anything and with the rest of its group; a run that is not
      there is no error.
    - When a result waits, or a worker becomes free, the event handed in at construction is set.
    - A measurement is `measuring` from `measure` on, until `measured` has told of it, once. Its worker keeps what was
      measured and what became of the request in the store itself, and gives way to runs where the request says so.
    - After `close` no worker writes any more; what was in `runs` is for the caller to give back.

    Which worker gets a run is the backend's own choice: it knows which of them has compiled its graph before.
    """

    @property
    def size(self) -> int:
        """Workers, once all are ready."""

    @property
    def state(self) -> str:
        """ "ready" when a run would be trained, "warming" until then, "down" when workers keep failing to start.

        Of a cluster also "unreachable" when its scheduler does not answer, "workerless" when it has no workers.
        """

    @property
    def free(self) -> int:
        """How many workers would begin at once."""

    @property
    def busy(self) -> int:
        """How many workers train."""

    @property
    def runs(self) -> Sequence[Run]:
        """What is being trained."""

    @property
    def machine(self) -> str:
        """Whose clocks it measures: a name that is the same whenever times can be compared; "" while not known."""

    @property
    def measuring(self) -> MeasuringRequest | None:
        """What is being measured."""

    def start(self, runs: Sequence[Run]) -> None:
        """Train a claimed run, or a claimed group, on one worker."""

    def measure(self, request: MeasuringRequest, holder: str) -> None:
        """Measure what `holder` claimed to. Only while `free` is above 0; a clock only while nothing trains."""

    def stop_measuring(self) -> None:
        """End the worker that measures; where none does, this is no error."""

    def measured(self) -> Sequence[MeasuringResult]:
        """The measurements that ended since the last call."""

    def stop(self, run_id: str) -> None:
        """End the worker that trains a run, and what it trains with it."""

    def finished(self) -> Sequence[TrainingResult]:
        """The attempts that ended since the last call. Called many times a second; does the housekeeping too."""

    def close(self) -> None:
        """End every worker, and wait for that."""
