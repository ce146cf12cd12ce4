"""Boards: named, saved comparisons with a link of their own."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, insert, select, update

from batchviz.errors import StoreError
from batchviz.experiment.library import Board
from batchviz.experiment.limits import MAX_PAGE_TEXT_LENGTH, MAX_PAGE_TITLE_LENGTH, MAX_RUNS_SHOWN
from batchviz.experiment.parsing import printable
from batchviz.store.database import Database
from batchviz.store.inserts import unguessable_id
from batchviz.store.limits import MAX_BOARDS
from batchviz.store.tables import board, board_run


class Boards:
    """Every visitor's boards."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        owner: str,
        *,
        name: str,
        text: str,
        runs: Sequence[str],
        names: Mapping[str, str],
        view: Mapping[str, str],
        board_id: str | None = None,
    ) -> Board:
        """Save a new board, or change one of one's own. Raises StoreError."""
        name, text = " ".join(printable(name).split()), printable(text).strip()
        runs = list(dict.fromkeys(runs))
        if not 1 <= len(name) <= MAX_PAGE_TITLE_LENGTH:
            raise StoreError(
                f"The board's name has {len(name):,} characters; expected 1 to {MAX_PAGE_TITLE_LENGTH}."
            )
        if len(text) > MAX_PAGE_TEXT_LENGTH:
            raise StoreError(
                f"The board's text has {len(text):,} characters; expected at most {MAX_PAGE_TEXT_LENGTH:,}."
            )
        if not 1 <= len(runs) <= MAX_RUNS_SHOWN:
            raise StoreError(f"The board shows {len(runs)} runs; expected 1 to {MAX_RUNS_SHOWN}.")
        now = time.time()
        kept = {
            run_id: printable(names[run_id])[:MAX_PAGE_TITLE_LENGTH] for run_id in runs if names.get(run_id)
        }
        values = {
            "name": name,
            "text": text,
            "names": json.dumps(kept, ensure_ascii=False),
            "view": json.dumps(dict(view), ensure_ascii=False),
            "changed": now,
        }
        with self._database.writing() as connection:
            if board_id is None:
                owned = (board.c.owner == owner) & board.c.deleted.is_(None)
                if len(connection.execute(select(board.c.id).where(owned)).all()) >= MAX_BOARDS:
                    raise StoreError(
                        f"You have {MAX_BOARDS} boards, the most there can be. Delete some first."
                    )
                values |= {"public_id": unguessable_id(), "owner": owner, "created": now}
                inserted = connection.execute(insert(board).values(**values))
                key = cast(tuple[int], inserted.inserted_primary_key)[0]
            else:
                key = _owned_row(connection, owner, board_id).id
                connection.execute(update(board).where(board.c.id == key).values(**values))
                connection.execute(delete(board_run).where(board_run.c.board_id == key))
            connection.execute(
                insert(board_run),
                [{"board_id": key, "place": place, "run": run_id} for place, run_id in enumerate(runs)],
            )
            return _records(connection, board.c.id == key)[0]

    def get(self, board_id: str) -> Board:
        """The board of that id, whoever asks. Raises StoreError."""
        with self._database.reading() as connection:
            boards = _records(connection, (board.c.public_id == board_id) & board.c.deleted.is_(None))
        if not boards:
            raise StoreError(
                f"There is no board {board_id[:40]!r} here: it was deleted, or the link is damaged or comes from "
                "another installation. Ask whoever sent the link."
            )
        return boards[0]

    def owned_by(self, owner: str) -> list[Board]:
        """A visitor's boards, last changed first."""
        with self._database.reading() as connection:
            return _records(connection, (board.c.owner == owner) & board.c.deleted.is_(None))

    def showing(self, run_ids: Sequence[str]) -> dict[str, list[Board]]:
        """By run id, the boards that show it, whosever they are; runs on no board are left out."""
        showing = select(board_run.c.board_id).where(board_run.c.run.in_(list(run_ids)))
        with self._database.reading() as connection:
            boards = _records(connection, board.c.id.in_(showing) & board.c.deleted.is_(None))
        boards_of: dict[str, list[Board]] = {run_id: [] for run_id in run_ids}
        for record in boards:
            for run_id in boards_of.keys() & set(record.runs):
                boards_of[run_id].append(record)
        return {run_id: showing_it for run_id, showing_it in boards_of.items() if showing_it}

    def delete(self, owner: str, board_id: str) -> None:
        """Delete a board of one's own; `restore` undoes it until it is purged. Raises StoreError."""
        with self._database.writing() as connection:
            key = _owned_row(connection, owner, board_id).id
            connection.execute(update(board).where(board.c.id == key).values(deleted=time.time()))

    def restore(self, owner: str, board_id: str) -> None:
        """Undo `delete`. Raises StoreError."""
        with self._database.writing() as connection:
            key = _owned_row(connection, owner, board_id).id
            connection.execute(update(board).where(board.c.id == key).values(deleted=None))


def _owned_row(connection: Connection, owner: str, board_id: str) -> Row[Any]:
    row = connection.execute(select(board).where(board.c.public_id == board_id)).first()
    if row is None or row.owner != owner:
        raise StoreError("This board is not yours, so it cannot be changed. Save a copy of your own instead.")
    return row


def _records(connection: Connection, where: Any) -> list[Board]:
    rows = connection.execute(
        select(board).where(where).order_by(board.c.changed.desc(), board.c.id.desc())
    ).all()
    runs: dict[int, list[str]] = defaultdict(list)
    members = select(board_run).where(board_run.c.board_id.in_([row.id for row in rows]))
    for row in connection.execute(members.order_by(board_run.c.board_id, board_run.c.place)):
        runs[row.board_id].append(row.run)
    return [
        Board(
            id=row.public_id,
            owner=row.owner,
            name=row.name,
            text=row.text,
            runs=tuple(runs[row.id]),
            names=json.loads(row.names),
            view=json.loads(row.view),
            created=row.created,
            changed=row.changed,
        )
        for row in rows
    ]
