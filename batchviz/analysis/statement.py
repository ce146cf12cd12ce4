"""The statement above a comparison: computed from what was recorded, in short sentences, the finding first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from batchviz.analysis.caveats import caveats, imports, states
from batchviz.analysis.comparability import obstacle
from batchviz.analysis.leading import alone, other_budgets, ranked
from batchviz.analysis.metrics import MEASURES
from batchviz.analysis.ranking import Ranking
from batchviz.analysis.replicates import Group


def statement(groups: Sequence[Group], ranking: Ranking, rankings: Mapping[str, Ranking]) -> Iterator[str]:
    """What the comparison shows and what it cannot show, in plain text; at least one sentence."""
    if not groups:
        yield "No runs are chosen yet."
        return
    name = MEASURES[ranking.measure].name([group.plan for group in groups])
    if reason := obstacle(groups, ranking, name):
        yield reason
    elif len(groups) == 1:
        yield from alone(groups[0], ranking, name)
        yield from caveats(groups, ranking)
    else:
        yield from ranked(groups, ranking, name)
        yield from other_budgets(groups, ranking, rankings)
        yield from caveats(groups, ranking)
    yield from states(groups)
    yield from imports(groups, ranking)
