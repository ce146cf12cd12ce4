"""Replicates: the runs of one experiment that differ in the seed alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from batchviz.analysis.differences import TELLING
from batchviz.analysis.labels import labels
from batchviz.experiment import datasets
from batchviz.experiment.plan import Plan, plan_for
from batchviz.experiment.records import Run, Source, Status
from batchviz.experiment.spec import RunSpec

_BEST_FIRST = (
    Status.DONE, Status.DIVERGED, Status.STOPPED, Status.RUNNING, Status.QUEUED, Status.FAILED,
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """One experiment and its runs, one a seed, in the order of the seeds. Labels are unique within a comparison."""

    key: str
    label: str
    """Plain text that a user may have written: escape it where text is markup."""
    batch_size: int
    """Examples a batch as trained: "full" is the number of training rows."""
    training_rows: int
    spec: RunSpec
    """Of the first run; its seed means nothing here."""
    runs: tuple[Run, ...]

    @property
    def plan(self) -> Plan:
        """What its spec implies, whatever the seed."""
        return plan_for(self.spec)

    @property
    def by_seed(self) -> dict[int, Run]:
        """The runs by their seed."""
        return {run.spec.seed: run for run in self.runs}

    @property
    def trainable(self) -> bool:
        """Whether more of its seeds can be trained here, to stand beside these."""
        origin = datasets.find(self.spec.dataset).origin
        return self.runs[0].source is Source.HERE and origin != "imported"

    def where(self, *statuses: Status) -> list[Run]:
        """Its runs of these statuses."""
        return [run for run in self.runs if run.status in statuses]


def group_runs(runs: Sequence[Run], names: Mapping[str, str] | None = None) -> list[Group]:
    """Runs as groups of replicates, by batch size, then by what differs. `names`: what users called them, by run id.

    Runs trained here, from an archive and from other programs' histories are kept apart, and so are imports of
    different titles. An import whose seed is there already starts a group of its own, so that nothing imported
    disappears; of two attempts at the same spec here, the one that got further stays.
    """
    names = names or {}
    members: dict[tuple[str, ...], dict[int, Run]] = {}
    for run in {run.id: run for run in runs}.values():
        _add(members, run)
    groups = [_group(key, sorted(by_seed.values(), key=_seed), names) for key, by_seed in members.items()]
    groups.sort(key=_place)
    texts = labels([group.runs[0] for group in groups], [group.label for group in groups])
    return [replace(group, label=label) for group, label in zip(groups, texts, strict=True)]


def replicate_key(run: Run) -> tuple[str, str, str]:
    """What replicates have in common: all of the spec but the seed, the source and, where imported, the title."""
    return run.spec.group, run.source, "" if run.source is Source.HERE else run.title


def _add(members: dict[tuple[str, ...], dict[int, Run]], run: Run) -> None:
    for copy in range(len(members) + 1):
        by_seed = members.setdefault((*replicate_key(run), str(copy)), {})
        other = by_seed.get(run.spec.seed)
        if other is None:
            by_seed[run.spec.seed] = run
            return
        if run.source is Source.HERE:
            by_seed[run.spec.seed] = min(other, run, key=lambda attempt: _BEST_FIRST.index(attempt.status))
            return


def _place(group: Group) -> tuple[object, ...]:
    """By batch size and given name, then by what differs: nothing and numbers before words, each in its own order."""
    values = [getattr(group.spec, field) for field in TELLING]
    numbers_first = (
        (0, value, "") if isinstance(value, int | float) else (int(bool(value)), 0, str(value))
        for value in values
    )
    return (group.batch_size, group.label, *numbers_first, group.key)


def _seed(run: Run) -> int:
    return run.spec.seed


def _group(key: tuple[str, ...], runs: list[Run], names: Mapping[str, str]) -> Group:
    first = runs[0]
    plan = first.plan
    own_names = {names.get(run.id, "") for run in runs}
    own_name = own_names.pop() if len(own_names) == 1 else ""
    return Group(
        key=" ".join(filter(None, (key[0][:16], *key[1:]))),
        label=own_name or first.title,
        batch_size=plan.first.batch_size,
        training_rows=plan.training_rows,
        spec=first.spec,
        runs=tuple(runs),
    )
