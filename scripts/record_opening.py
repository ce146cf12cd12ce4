"""`python -m scripts.record_opening`: train the race of the first screen, and write it to batchviz/recorded.

Keras trains it as a worker does, with the settings of `experiment.presets`. Dates and versions are written into the
archive, and shown with it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version

import numpy as np

from batchviz.experiment.clock import Clock, ClockPath
from batchviz.experiment.datasets import Arrays
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.plan import plan_for
from batchviz.experiment.presets import OPENING, PRESETS
from batchviz.experiment.records import Report, Run
from batchviz.experiment.series import SERIES, Series
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.archive import archive
from batchviz.recorded import OPENING as FILE


class Trained:
    """The exporters.Selection of runs that were trained just now, in this process."""

    def __init__(self, specs: Sequence[RunSpec]) -> None:
        self._note = _note()
        self._entries: list[LibraryEntry] = []
        self._series: dict[str, dict[str, Series]] = {}
        ends = {plan_for(spec).updates or 0 for spec in specs}
        for spec in specs:
            self._train(spec, ends - {plan_for(spec).updates or 0})

    def _train(self, spec: RunSpec, measure_at: set[int]) -> None:
        from batchviz.training import run_spec

        reports: list[Report] = []
        begun = datetime.datetime.now(datetime.UTC).timestamp()
        outcome = run_spec(spec, reports.append, measure_at=measure_at)
        ended = datetime.datetime.now(datetime.UTC).timestamp()
        run = Run(
            f"opening{len(self._entries)}", 1, spec, outcome.status, outcome.reason, "", begun, begun, ended,
            outcome.progress, outcome.final, measure_at=tuple(sorted(measure_at)),
        )  # fmt: skip
        self._entries.append(LibraryEntry(run, note=self._note))
        self._series[run.id] = {
            kind: _joined([getattr(report, kind) for report in reports], SERIES[kind].names)
            for kind in SERIES
        }

    @property
    def entries(self) -> Sequence[LibraryEntry]:
        return self._entries

    def pieces(self, run_id: str, kind: str) -> Iterator[tuple[int, Series]]:
        yield 0, self.whole(run_id, kind)

    def whole(self, run_id: str, kind: str) -> Series:
        return self._series[run_id][kind]

    def clocks(self, path: ClockPath) -> Mapping[str, Clock]:
        return {}

    def own_data(self, dataset: str) -> Arrays | None:
        return None


def _joined(parts: Sequence[Series], names: Sequence[str]) -> Series:
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def _note() -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    tensorflow = next(name for name in ("tensorflow", "tensorflow-cpu") if _installed(name))
    return (
        f"Recorded on {today.day} {today:%B %Y} with Keras {version('keras')}, TensorFlow {version(tensorflow)} "
        f"and NumPy {version('numpy')}."
    )


def _installed(name: str) -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def main() -> None:
    """Train, write, and say what came of it."""
    trained = Trained(PRESETS[OPENING].specs)
    FILE.write_bytes(b"".join(archive(trained)))
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")
    for entry in trained.entries:
        print(entry.run.spec.batch_size, entry.run.status.value, dict(entry.run.final))


if __name__ == "__main__":
    main()
