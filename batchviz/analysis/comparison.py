"""Everything that a page says of a set of runs: the statement, who leads in which budget, the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batchviz.analysis.budgets import Truncation, exact_specs
from batchviz.analysis.ranking import Ranking, rank
from batchviz.analysis.replicates import Group, group_runs
from batchviz.analysis.statement import statement
from batchviz.analysis.summary_table import Table, table
from batchviz.analysis.units import UNITS
from batchviz.experiment.records import Run, Series
from batchviz.experiment.spec import RunSpec


@dataclass(frozen=True)
class Comparison:
    """A comparison of groups in one measure, at the budget of `ranking`."""

    groups: tuple[Group, ...]
    measure: str
    ranking: Ranking
    rankings: Mapping[str, Ranking]
    """One a unit, each at the most that all runs had of it."""
    sentences: tuple[str, ...]
    """Of the statement. Plain text with users' names in it: escape it where text is markup."""
    table: Table

    @property
    def headline(self) -> str:
        """The finding in one sentence."""
        return self.sentences[0]

    @property
    def statement(self) -> str:
        """All that can be said, the headline first."""
        return " ".join(self.sentences)

    @property
    def cut(self) -> Truncation | None:
        """Where the chart cuts every run; None when each is drawn to its end."""
        unit = self.ranking.unit
        return None if unit is None or not self.ranking.budget > 0 else Truncation(unit, self.ranking.budget)

    @property
    def exact(self) -> tuple[RunSpec, ...]:
        """What to train so that every group is measured at this very budget; empty when all are."""
        if self.cut is None or all(place.measured for place in self.ranking.places):
            return ()
        return tuple(exact_specs(self.groups, self.cut.unit, self.cut.budget))


def compare(
    runs: Sequence[Run],
    series: Mapping[str, Series],
    *,
    measure: str = "val_loss",
    unit: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Comparison:
    """Compare runs in `measure` at equal `unit` (None: each at its end). `series`: their epoch rows by run id."""
    groups = group_runs(runs, names)
    rankings = {key: rank(groups, series, key, measure) for key in UNITS}
    ranking = rankings[unit] if unit is not None else rank(groups, series, None, measure)
    return Comparison(
        groups=tuple(groups),
        measure=measure,
        ranking=ranking,
        rankings=rankings,
        sentences=tuple(statement(groups, ranking, rankings)),
        table=table(groups, series, ranking),
    )
