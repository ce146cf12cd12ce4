"""`check_claims`: train what claims ask for, and read their verdicts off the recordings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from batchviz.claims.claim import Claim
from batchviz.claims.records import Curve, Records
from batchviz.claims.report import Result, judged, together
from batchviz.experiment.moments import of_a_race
from batchviz.experiment.probes import Numbers, Task
from batchviz.experiment.series import merged
from batchviz.notebook.sweep_training import Trainer
from batchviz.notebook.swept_run import SweptRun

Measured = TypeVar("Measured")


class Progress(Protocol):
    """Who is told how far a report has come."""

    def begin(self, claim: Claim, tasks: Sequence[Task]) -> None:
        """This claim is tested next, by these."""

    def ended(self, task: Task) -> None:
        """One of them ended."""


def check_claims(
    claims: Sequence[Claim],
    seeds: Sequence[int],
    trainer: Trainer,
    *,
    data: str | None = None,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Result]:
    """The results of all claims as one report; after `should_stop` those that had ended.

    `data` takes the place of each claim's own data set, where that is possible. Raises BatchVizError for what cannot
    be trained or measured.
    """
    results = []
    for claim in claims:
        begun = time.monotonic()
        records = recorded(claim, seeds, claim.on(data), trainer, progress)
        if should_stop():
            break
        results.append(judged(claim, claim.on(data), records, seeds, time.monotonic() - begun))
    return together(results)


def recorded(
    claim: Claim, seeds: Sequence[int], data: str, trainer: Trainer, progress: Progress | None = None
) -> Records:
    """What a claim's tasks record, with these seeds on that data."""
    runs = {seed: claim.runs(seed, data) for seed in seeds}
    probes = {seed: claim.probes(seed, data) for seed in seeds}
    # As in a race: each is measured where the others end, so that they can be compared at equal budgets.
    moments = of_a_race(list(runs[seeds[0]].values()))
    measure_at = dict(zip(runs[seeds[0]], moments, strict=True))
    tasks_by_name = {
        spec: tuple(sorted({*measure_at[name], *claim.moments}))
        for named in runs.values()
        for name, spec in named.items()
    }
    all_probes = list(dict.fromkeys(probe for named in probes.values() for probe in named.values()))
    if progress is not None:
        progress.begin(claim, [*tasks_by_name, *all_probes])
    trained: dict[Task, Curve] = {}
    for swept in trainer.train(list(tasks_by_name.items())):
        if swept.kept:
            trained[swept.run.spec] = _curve(swept)
        if progress is not None:
            progress.ended(swept.run.spec)
    measured: dict[Task, Numbers] = {}
    for probe, numbers in trainer.measure(all_probes):
        measured[probe] = numbers
        if progress is not None:
            progress.ended(probe)
    return Records(_by_name(runs, trained), _by_name(probes, measured))


def _by_name(
    tasks: Mapping[int, Mapping[str, Task]], results: Mapping[Task, Measured]
) -> dict[str, dict[int, Measured]]:
    by_name: dict[str, dict[int, Measured]] = {}
    for seed, name, task in _each(tasks):
        if task in results:
            by_name.setdefault(name, {})[seed] = results[task]
    return by_name


def _each(tasks: Mapping[int, Mapping[str, Task]]) -> Iterator[tuple[int, str, Task]]:
    for seed, named in tasks.items():
        for name, task in named.items():
            yield seed, name, task


def _curve(swept: SweptRun) -> Curve:
    rows = merged(swept.series["epochs"], swept.series["measured"])
    return Curve(swept.run, rows, swept.series["updates"])
