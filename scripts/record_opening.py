"""`python -m scripts.record_opening`: train the race of the first screen, and write it to batchviz/recorded.

Keras trains it as a worker does, with the settings of `experiment.presets`. Dates and versions are written into the
archive, and shown with it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from importlib.metadata import version

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.plan import plan_for
from batchviz.experiment.presets import OPENING, PRESETS
from batchviz.experiment.records import Report, Run
from batchviz.experiment.series import SERIES, Series, join
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.archive import archive
from batchviz.exporters.selection import RecordedRuns
from batchviz.recorded import OPENING as FILE


def trained(specs: Sequence[RunSpec]) -> RecordedRuns:
    """Train these runs now, in this process. Each is measured where the others end as well."""
    note = origin()
    ends = {plan_for(spec).updates or 0 for spec in specs}
    entries: list[LibraryEntry] = []
    rows: dict[str, dict[str, Series]] = {}
    for number, spec in enumerate(specs):
        run, recorded = _train(f"opening{number}", spec, ends - {plan_for(spec).updates or 0})
        entries.append(LibraryEntry(run, note=note))
        rows[run.id] = recorded
    return RecordedRuns(entries, rows)


def _train(run_id: str, spec: RunSpec, measure_at: set[int]) -> tuple[Run, dict[str, Series]]:
    from batchviz.training import run_spec

    reports: list[Report] = []
    begun = datetime.datetime.now(datetime.UTC).timestamp()
    outcome = run_spec(spec, reports.append, measure_at=measure_at)
    ended = datetime.datetime.now(datetime.UTC).timestamp()
    run = Run(
        run_id, 1, spec, outcome.status, outcome.reason, "", begun, begun, ended,
        outcome.progress, outcome.final, measure_at=tuple(sorted(measure_at)),
    )  # fmt: skip
    return run, {kind: join((report.series[kind] for report in reports), kind) for kind in SERIES}


def origin() -> str:
    """What recorded it, a sentence."""
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
    race = trained(PRESETS[OPENING].specs)
    FILE.write_bytes(b"".join(archive(race)))
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")
    for entry in race.entries:
        print(entry.run.spec.batch_size, entry.run.status.value, dict(entry.run.final))


if __name__ == "__main__":
    main()
