"""The statement above a comparison: computed from what was recorded, in short sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from batchviz.analysis.groups import Group
from batchviz.analysis.measure import MEASURES
from batchviz.analysis.ranking import Ranking
from batchviz.analysis.unit import UNITS
from batchviz.analysis.words import number


def statement(groups: Sequence[Group], ranking: Ranking, rankings: Mapping[str, Ranking]) -> str:
    """What the comparison shows and what it cannot show, in plain text."""
    if not groups:
        return "No runs are chosen yet."
    name = MEASURES[ranking.measure].name([group.spec.plan for group in groups])
    where = "At the end" if ranking.unit is None else f"After {UNITS[ranking.unit].amount(ranking.budget)}"
    if ranking.leader is None:
        return f"{where}, no ranking in {name}."
    return f"{where}, {ranking.leader.group.label} leads in {name}: {number(ranking.leader.mean)}."
