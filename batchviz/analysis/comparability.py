"""Why runs cannot be ranked."""

from __future__ import annotations

from collections.abc import Sequence

from batchviz.analysis.differences import DATA, differing, same_data
from batchviz.analysis.metrics import MEASURES
from batchviz.analysis.ranking import Ranking
from batchviz.analysis.replicates import Group
from batchviz.analysis.units import UNITS
from batchviz.analysis.words import NAMED, listing
from batchviz.experiment.records import Status


def obstacle(groups: Sequence[Group], ranking: Ranking, name: str) -> str:
    """Why these groups cannot be ranked, empty when they can."""
    first = [group.runs[0] for group in groups]
    if len({group.plan.metric_name for group in groups}) > 1:
        return (
            "These runs mix regression and classification: an error in numbers and a share of wrong classes "
            "cannot be ranked against each other."
        )
    if not same_data(first):
        fields = [one.in_sentence for one in differing(first) if one.field in DATA]
        return f"These runs learn from different data ({listing(fields)}), so their values cannot be ranked."
    if any(place.at for place in ranking.places):
        return _ends_differ(groups) if ranking.unit is None and len(groups) > 1 else ""
    if any(place.broken for place in ranking.places):
        return f"No run ended with a finite {name}, so nothing leads."
    if all(run.status in (Status.QUEUED, Status.RUNNING) for group in groups for run in group.runs):
        return "These runs are still training. They are compared when they have ended."
    if ranking.unit is not None and not ranking.budget > 0:
        return f"None of these runs tells its {ranking.unit}, so they cannot be compared at equal {ranking.unit}."
    if MEASURES[ranking.measure].part == "validation" and not any(g.plan.validation_rows for g in groups):
        return f"No rows were held out, so there is no {name}. Choose a measure of training."
    return f"None of these runs has a value of {name}. Choose another measure."


def _ends_differ(groups: Sequence[Group]) -> str:
    """At their ends only runs of one budget can be ranked."""
    budgets = list(dict.fromkeys(budget(group) for group in groups))
    if len(budgets) > 1:
        return (
            f"These runs had different budgets ({listing(budgets, NAMED)}), so their ends cannot be ranked. "
            "Choose an equal budget to compare them."
        )
    short = [group.label for group in groups if group.where(Status.STOPPED)]
    if short:
        was = "was" if len(short) == 1 else "were"
        return (
            f"{listing(short, NAMED)} {was} stopped early, so the ends cannot be ranked. "
            "Choose an equal budget to compare them."
        )
    return ""


def budget(group: Group) -> str:
    """`10 epochs`."""
    return UNITS[group.spec.budget_unit].amount(group.spec.budget)
