"""Shelves: the runs a visitor made or kept, what is written on them, deleting with undo.

A run belongs to whoever has it on a shelf; the same finished run may stand on several, because it answers
everybody who asks for it. It is hidden everywhere once nobody has it any more, and gone for good when purged.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, select, update

from batchviz.errors import StoreError
from batchviz.experiment.records import LibraryEntry, Query, RunPage, StorageUsage
from batchviz.store.database import Database
from batchviz.store.inserts import put_on_shelf, words
from batchviz.store.rows import SHOWN, VISIBLE, to_run
from batchviz.store.search import matches, on_shelf, ordered, rows
from batchviz.store.tables import attempt, entry, run

MAX_NAME_LENGTH, MAX_NOTE_LENGTH, MAX_TAG_LENGTH, MAX_TAGS = 80, 2000, 40, 20


class FilterOptions(NamedTuple):
    """Data sets and batch sizes (as trained) that occur on a shelf."""

    datasets: tuple[str, ...]
    batch_sizes: tuple[int, ...]


class Shelf(Database):
    """The database as the shelves of its visitors. `owner` None stands for the administrator: everybody's."""

    def keep(self, owner: str, run_ids: Sequence[str]) -> None:
        """Put runs that can be read on a shelf; others are passed over."""
        with self.writing() as connection:
            put_on_shelf(connection, owner, [row.id for row in rows(connection, run_ids)])

    def shelf(self, owner: str | None, query: Query = Query()) -> RunPage:  # noqa: B008  (frozen)
        """One page of what a query finds on a shelf."""
        where = [*on_shelf(owner), *matches(query)]
        with self.reading() as connection:
            total = connection.execute(
                select(func.count()).select_from(run.join(entry, entry.c.run_id == run.c.id)).where(*where)
            ).scalar_one()
            # Sorting keys alone and reading the page's rows afterwards is several times as fast: specs are long.
            keys = ordered(
                select(entry.c.id).join(run, entry.c.run_id == run.c.id).where(*where), query.order
            )
            keys = keys.limit(query.page_size).offset(query.page * query.page_size)
            page = _entries().where(entry.c.id.in_(keys.scalar_subquery()))
            found = connection.execute(ordered(page, query.order)).all()
        return RunPage(tuple(map(_to_entry, found)), total)

    def visible(self, run_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are runs which nobody deleted; cheaper than reading them."""
        with self.reading() as connection:
            return {row.public_id for row in rows(connection, run_ids)}

    def entries(self, owner: str, run_ids: Sequence[str]) -> dict[str, LibraryEntry]:
        """By id, what the owner has on the shelf among these runs, in the order asked for."""
        query = _entries().where(*on_shelf(owner), run.c.public_id.in_(list(run_ids)))
        with self.reading() as connection:
            found = {one.run.id: one for one in map(_to_entry, connection.execute(query))}
        return {run_id: found[run_id] for run_id in run_ids if run_id in found}

    def choices(self, owner: str | None) -> FilterOptions:
        """What the runs on a shelf can be filtered by, each in order."""
        query = (
            select(run.c.dataset, run.c.batch_size)
            .join(entry, entry.c.run_id == run.c.id)
            .where(*on_shelf(owner))
            .distinct()
        )
        with self.reading() as connection:
            found = connection.execute(query).all()
        return FilterOptions(
            tuple(sorted({row.dataset for row in found})), tuple(sorted({row.batch_size for row in found}))
        )

    def tags(self, owner: str | None) -> list[str]:
        """Every tag on a shelf, in order."""
        query = (
            select(entry.c.tags)
            .join(run, entry.c.run_id == run.c.id)
            .where(*on_shelf(owner), entry.c.tags != "[]")
            .distinct()
        )
        with self.reading() as connection:
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
            changes["name"] = _short("name", name, MAX_NAME_LENGTH)
        if note is not None:
            changes["note"] = _short("note", note, MAX_NOTE_LENGTH)
        if tags is not None:
            changes["tags"] = json.dumps(_checked_tags(tags), ensure_ascii=False)
        if favourite is not None:
            changes["favourite"] = favourite
        with self.writing() as connection:
            row = connection.execute(_entries().where(*on_shelf(owner), run.c.public_id == run_id)).first()
            if row is None:
                raise StoreError("This run is not among yours, so nothing can be written on it.")
            before = row._mapping
            texts = {field: changes.get(field, before[entry.c[field]]) for field in ("name", "note", "tags")}
            searched = words(
                run_id, before[run.c.title], texts["name"], texts["note"], *json.loads(texts["tags"])
            )
            mine = entry.c.id == before[entry.c.id]
            connection.execute(update(entry).where(mine).values(words=searched, **changes))
            return _to_entry(connection.execute(_entries().where(mine)).one())

    def storage(self, owner: str | None) -> StorageUsage:
        """How many runs a shelf holds, and what their recordings take."""
        query = (
            select(func.count(), func.coalesce(func.sum(attempt.c.bytes), 0))
            .select_from(run.join(entry, entry.c.run_id == run.c.id).join(attempt, SHOWN))
            .where(*on_shelf(owner))
        )
        with self.reading() as connection:
            count, size = connection.execute(query).one()
        return StorageUsage(count, int(size))


def _entries() -> Select[Any]:
    return (
        select(run, attempt, entry)
        .join(attempt, SHOWN)
        .join(entry, entry.c.run_id == run.c.id)
        .where(VISIBLE)
    )


def _to_entry(row: Row[Any]) -> LibraryEntry:
    value = row._mapping
    return LibraryEntry(
        run=to_run(row),
        name=value[entry.c.name],
        note=value[entry.c.note],
        tags=tuple(json.loads(value[entry.c.tags])),
        favourite=value[entry.c.favourite],
        added=value[entry.c.added],
        bytes=value[attempt.c.bytes],
    )


def _short(title: str, text: str, longest: int) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > longest:
        raise StoreError(f"The {title} has {len(text):,} characters; expected at most {longest:,}.")
    return text


def _checked_tags(tags: Sequence[str]) -> list[str]:
    cleaned = list(dict.fromkeys(filter(None, (_short("tag", tag, MAX_TAG_LENGTH) for tag in tags))))
    if len(cleaned) > MAX_TAGS:
        raise StoreError(f"The run has {len(cleaned)} tags; expected at most {MAX_TAGS}.")
    return cleaned
