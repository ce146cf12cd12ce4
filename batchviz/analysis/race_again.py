"""The same race with what was not equal made equal: as specs to train beside the runs that are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from batchviz.analysis.races import but_size
from batchviz.analysis.replicates import Group
from batchviz.analysis.top_up import further_specs
from batchviz.errors import SpecError
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec


class Change(StrEnum):
    """What is another in the race that is offered."""

    UPDATES = "updates"
    LINEAR = "linear"
    SEEDS = "seeds"


CHANGED_FIELDS = {
    Change.UPDATES: ("budget_unit", "budget"),
    Change.LINEAR: ("learning_rate_rule", "base_batch_size"),
    Change.SEEDS: ("seed",),
}
"""What a lesson's locks must leave free for it."""


@dataclass(frozen=True)
class RaceAgain:
    """One race: its specs, every member's first seed before the second ones."""

    change: Change
    specs: tuple[RunSpec, ...]
    amount: int
    """Updates of each member, the base batch size of the linear rule, or how many seeds each then has."""


def races_again(groups: Sequence[Group], *, runs_on_page: int = 0) -> Iterator[RaceAgain]:
    """The races worth a press, beside `shown` runs on the page; fewer seeds where it has no room for all.

    Of one race alone where several stand beside each other: see `_members`. None that is on the page already.
    """
    members = _members([group for group in groups if group.trainable and not group.spec.batch_schedule])
    if len(members) < 2:
        return
    specs = [group.spec for group in members]
    plans = [plan_for(spec) for spec in specs]
    updates = [plan.updates for plan in plans]
    middle = len(specs) // 2
    groups_on_page = {group.spec.group for group in groups}
    if (amount := updates[middle]) is not None and len(set(updates)) > 1:
        changed = [
            _changed(spec, batch_size=spec.batch_size, budget_unit="updates", budget=amount) for spec in specs
        ]
        yield from _race(Change.UPDATES, members, changed, amount, runs_on_page, groups_on_page)
    if specs[0].learning_rate_rule == "fixed" and specs[0].learning_rate > 0:
        base = plans[middle].first.examples_per_update
        changed = [_changed(spec, learning_rate_rule="linear", base_batch_size=base) for spec in specs]
        yield from _race(Change.LINEAR, members, changed, base, runs_on_page, groups_on_page)
    if further := further_specs(
        members, [set(group.by_seed) for group in members], runs_on_page=runs_on_page
    ):
        yield RaceAgain(Change.SEEDS, *further)


def _members(groups: Sequence[Group]) -> list[Group]:
    """The groups that differ from the newest in the batch size alone, from the smallest to the largest.

    The newest of those of which nothing was made equal yet, if there are such: what is raced again is changed in one
    thing, not in one more each time.
    """
    plain = [
        group
        for group in groups
        if group.spec.learning_rate_rule == "fixed" and group.spec.budget_unit != "updates"
    ]
    if not groups:
        return []
    newest = max(plain or groups, key=lambda group: max(run.created for run in group.runs))
    alike = [group for group in groups if but_size(group.spec) == but_size(newest.spec)]
    return sorted(alike, key=lambda group: group.batch_size)


def _changed(spec: RunSpec, **changes: object) -> RunSpec | None:
    """None where it cannot be trained: too many updates."""
    try:
        return spec.replace(**changes)
    except SpecError:
        return None


def _race(
    change: Change,
    members: Sequence[Group],
    changed: Sequence[RunSpec | None],
    amount: int,
    runs_on_page: int,
    groups_on_page: set[str],
) -> Iterator[RaceAgain]:
    specs = [spec for spec in changed if spec is not None]
    if groups_on_page.issuperset(spec.group for spec in specs):
        return
    room = (MAX_RUNS_SHOWN - runs_on_page) // len(members)
    shared = sorted(set.intersection(*(set(group.by_seed) for group in members)))[:room]
    if len(specs) == len(members) and shared:
        yield RaceAgain(change, tuple(spec.replace(seed=seed) for seed in shared for spec in specs), amount)
