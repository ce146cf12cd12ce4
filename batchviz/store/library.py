"""Libraries: the runs that a visitor asked for or imported, and what is written on them.

A run belongs to whoever has it in a library; the same finished run may be in several, because it answers
everybody who asks for it. It is hidden everywhere once nobody has it any more, and gone for good when purged.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from batchviz.errors import StoreError
from batchviz.experiment.columns import SETTINGS, Value
from batchviz.experiment.library import LibraryEntry, RunPage, StorageUsage
from batchviz.experiment.limits import MAX_NOTE_LENGTH, MAX_RUN_NAME_LENGTH, MAX_TAG_LENGTH, MAX_TAGS
from batchviz.experiment.parsing import printable
from batchviz.experiment.query import Query
from batchviz.store.database import Database
from batchviz.store.inserts import searched_text
from batchviz.store.rows import ATTEMPT_ON_SHOW, select_entries, to_entry
from batchviz.store.search import LISTED, in_library, matches, ordered
from batchviz.store.tables import attempt, entry, listing, run


class FilterOptions(NamedTuple):
    """Data sets and batch sizes (as trained) that occur in a library."""

    datasets: tuple[str, ...]
    batch_sizes: tuple[int, ...]


class Library:
    """The runs of a visitor. `owner` None stands for the administrator: everybody's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, owner: str | None, query: Query = Query()) -> RunPage:  # noqa: B008  (frozen)
        """One page of what a query finds in a library."""
        where = [*in_library(owner), *matches(query)]
        with self._database.reading() as connection:
            total = connection.execute(select(func.count()).select_from(LISTED).where(*where)).scalar_one()
            # Sorting keys alone and reading the page's rows afterwards is several times as fast: specs are long.
            keys = ordered(select(entry.c.id).select_from(LISTED).where(*where), query)
            keys = keys.limit(query.page_size).offset(query.page * query.page_size)
            page = select_entries().where(entry.c.id.in_(keys.scalar_subquery()))
            rows = connection.execute(ordered(page, query)).all()
        return RunPage(tuple(map(to_entry, rows)), total)

    def experiments(self, owner: str | None, query: Query = Query()) -> list[dict[str, Value]]:  # noqa: B008
        """The settings of what a query finds, each experiment once and without its seeds: what runs differ in."""
        first = (
            select(func.min(listing.c.run_id))
            .select_from(LISTED)
            .where(*in_library(owner), *matches(query))
            .group_by(listing.c.experiment)
        )
        columns = [listing.c[name] for name in SETTINGS if name != "seed"]
        settings = select(run.c.source, *columns).join(run, run.c.id == listing.c.run_id)
        with self._database.reading() as connection:
            rows = connection.execute(settings.where(listing.c.run_id.in_(first.scalar_subquery())))
            return [dict(row._mapping) for row in rows]

    def entries(self, owner: str, run_ids: Sequence[str]) -> dict[str, LibraryEntry]:
        """By id, what the owner has in the library among these runs, in the order asked for."""
        query = select_entries().where(*in_library(owner), run.c.public_id.in_(list(run_ids)))
        with self._database.reading() as connection:
            entries = {record.run.id: record for record in map(to_entry, connection.execute(query))}
        return {run_id: entries[run_id] for run_id in run_ids if run_id in entries}

    def filter_options(self, owner: str | None) -> FilterOptions:
        """What the runs of a library can be filtered by, each in order."""
        query = (
            select(run.c.dataset, run.c.batch_size)
            .join(entry, entry.c.run_id == run.c.id)
            .where(*in_library(owner))
            .distinct()
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return FilterOptions(
            tuple(sorted({row.dataset for row in rows})), tuple(sorted({row.batch_size for row in rows}))
        )

    def tags(self, owner: str | None) -> list[str]:
        """Every tag in a library, in order."""
        query = (
            select(entry.c.tags)
            .join(run, entry.c.run_id == run.c.id)
            .where(*in_library(owner), entry.c.tags != "[]")
            .distinct()
        )
        with self._database.reading() as connection:
            return sorted({tag for text in connection.execute(query).scalars() for tag in json.loads(text)})

    def annotate(
        self,
        owner: str,
        run_id: str,
        *,
        name: str | None = None,
        note: str | None = None,
        tags: Sequence[str] | None = None,
        favourite: bool | None = None,
    ) -> LibraryEntry:
        """Write on a run of one's own; None leaves a field as it is. Raises StoreError."""
        changes: dict[str, Any] = {}
        if name is not None:
            changes["name"] = _bounded("name", name, MAX_RUN_NAME_LENGTH)
        if note is not None:
            changes["note"] = _bounded("note", note, MAX_NOTE_LENGTH)
        if tags is not None:
            changes["tags"] = json.dumps(_cleaned_tags(tags), ensure_ascii=False)
        if favourite is not None:
            changes["favourite"] = favourite
        with self._database.writing() as connection:
            row = connection.execute(
                select_entries().where(*in_library(owner), run.c.public_id == run_id)
            ).first()
            if row is None:
                raise StoreError("This run is not among yours, so nothing can be written on it.")
            before = row._mapping
            texts = {field: changes.get(field, before[entry.c[field]]) for field in ("name", "note", "tags")}
            searched = searched_text(
                before[run.c.title], texts["name"], texts["note"], *json.loads(texts["tags"])
            )
            annotated = entry.c.id == before[entry.c.id]
            connection.execute(update(entry).where(annotated).values(words=searched, **changes))
            return to_entry(connection.execute(select_entries().where(annotated)).one())

    def usage(self, owner: str | None) -> StorageUsage:
        """How many runs a library holds, and what their recordings take."""
        query = (
            select(func.count(), func.coalesce(func.sum(attempt.c.bytes), 0))
            .select_from(run.join(entry, entry.c.run_id == run.c.id).join(attempt, ATTEMPT_ON_SHOW))
            .where(*in_library(owner))
        )
        with self._database.reading() as connection:
            count, size = connection.execute(query).one()
        return StorageUsage(count, int(size))


def _bounded(title: str, text: str, max_length: int) -> str:
    text = printable(text).strip()
    if len(text) > max_length:
        raise StoreError(f"The {title} has {len(text):,} characters; expected at most {max_length:,}.")
    return text


def _cleaned_tags(tags: Sequence[str]) -> list[str]:
    cleaned = list(dict.fromkeys(filter(None, (_bounded("tag", tag, MAX_TAG_LENGTH) for tag in tags))))
    if len(cleaned) > MAX_TAGS:
        raise StoreError(f"The run has {len(cleaned)} tags; expected at most {MAX_TAGS}.")
    return cleaned
