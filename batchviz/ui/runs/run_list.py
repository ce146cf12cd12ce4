"""The list of runs or of experiments that are looked for: a page of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from batchviz.experiment.columns import Value, differing
from batchviz.experiment.library import GroupPage, RunPage
from batchviz.experiment.query import Query
from batchviz.links.run_filter import PAGE_SIZE, RunFilter
from batchviz.store import Store
from batchviz.text.run_columns import headings
from batchviz.ui import session
from batchviz.ui.components.run_questions import query_for
from batchviz.ui.runs import actions, filters, header, table
from batchviz.ui.runs.columns import default_columns

Page = TypeVar("Page", RunPage, GroupPage)


class RunList:
    """The runs of one visitor that are looked for; an `owner` None stands for everybody's."""

    def __init__(
        self,
        store: Store,
        owner: str | None,
        run_filter: RunFilter,
        experiments: Sequence[Mapping[str, Value]],
        upload_names: Mapping[str, str],
    ) -> None:
        """`experiments` are the settings that occur in the library; `own` names the visitor's own data."""
        self._store, self._owner, self._upload_names = store, owner, upload_names
        self._run_filter, self._query = run_filter, query_for(run_filter, experiments, upload_names)
        everything = not run_filter.text and not run_filter.filters
        self._experiments = experiments if everything else store.library.experiments(owner, self._query)
        self._searched = {
            name for name in differing(experiments) if name in _columns(self._query)
        }  # searched or filtered by: it may be alike in all that is found, and is what was looked for
        self._headings = headings(
            {str(experiment["dataset"]) for experiment in self._experiments if experiment["dataset"]}
        )

    def draw(self, tags: Sequence[str], runs: int) -> RunFilter:
        """Draw it; the filter with the page that is shown. `runs` there are in all."""
        return self._draw_groups(tags, runs) if self._run_filter.group else self._draw_runs(tags, runs)

    def _draw_runs(self, tags: Sequence[str], runs: int) -> RunFilter:
        page, run_filter = self._fetch(self._store.library.page)
        actions.draw_actions(self._owner, [entry.run.id for entry in page.entries])
        if not page.entries:
            header.draw_nothing_found()
            return run_filter
        columns = run_filter.columns or default_columns(
            self._experiments, self._searched, seeds=page.total > len(self._experiments)
        )
        table.draw_table(
            page.entries,
            columns,
            self._headings,
            tags,
            self._upload_names,
            session.time_zone(),
            everybodys=self._owner is None,
        )
        header.draw_pages(page.total, page.total, runs, grouped=False)
        return run_filter

    def _draw_groups(self, tags: Sequence[str], runs: int) -> RunFilter:
        page, run_filter = self._fetch(self._store.groups.page)
        experiments = [group.experiment for group in page.groups]
        members = self._store.groups.members(self._owner, self._query, experiments)
        ids = [run_id for run_ids in members.values() for run_id in run_ids]
        actions.draw_actions(self._owner, ids)
        if not page.groups:
            header.draw_nothing_found()
            return run_filter
        columns = run_filter.columns or default_columns(self._experiments, self._searched, seeds=False)
        entries = self._store.library.entries(self._owner, ids) if self._owner else {}
        table.draw_groups(
            page.groups,
            members,
            entries,
            columns,
            self._headings,
            tags,
            self._upload_names,
            session.time_zone(),
        )
        header.draw_pages(page.total, page.runs, runs, grouped=True)
        return run_filter

    def _fetch(self, fetch: Callable[[str | None, Query], Page]) -> tuple[Page, RunFilter]:
        """The page that is wanted; the last one where there are fewer."""
        page, run_filter = fetch(self._owner, self._query), self._run_filter
        last = max(1, -(-page.total // PAGE_SIZE))
        if run_filter.page > last:
            run_filter = run_filter.replace(page=last)
            filters.turn_to(last)
            page = fetch(self._owner, replace(self._query, page=last - 1))
        return page, run_filter


def _columns(query: Query) -> set[str]:
    """What a query asks about."""
    conditions = (*query.conditions, *(each for word in query.words for each in word.conditions))
    return {condition.column for condition in conditions}
