"""Requests that one process at a time works on: who does holds the request by name.

The request of a holder that is not there any more is another's to take, so that nothing is ever locked for good.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, Table, select, update

from batchviz.store.database import Database
from batchviz.store.limits import MAX_CRASHES


class RequestState(StrEnum):
    """Where a request stands. One that was answered is gone, or has its answer."""

    WAITING = "waiting"
    MEASURING = "measuring"
    FAILED = "failed"


Request = TypeVar("Request")


class HeldRequests(ABC, Generic[Request]):
    """The rows of a table with the columns state, holder, crashes and reason."""

    _table: ClassVar[Table]
    _alone_with: ClassVar[str]
    """What claims exclude each other by."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, holder: str) -> Request | None:
        """The next one, now held; None when nothing waits."""
        with self._database.writing(alone_with=self._alone_with) as connection:
            waiting = self._query().where(self._can_be_claimed(holder)).order_by(*self._order()).limit(1)
            first = connection.execute(waiting).first()
            if first is None:
                return None
            this = self._is(self._to_request(first))
            values = {"state": RequestState.MEASURING, "holder": holder}
            connection.execute(update(self._table).where(this).values(values))
            return self._to_request(connection.execute(self._query().where(this)).one())

    def anything_waiting(self, holder: str) -> bool:
        """Whether a claim would find something. Cheap."""
        with self._database.reading() as connection:
            query = select(self._table.c.state).where(self._can_be_claimed(holder)).limit(1)
            return connection.execute(query).first() is not None

    def release(self, request: Request, holder: str) -> None:
        """It waits again, through no fault of its own, if this holder has it."""
        self._change(request, self._table.c.holder == holder, state=RequestState.WAITING, holder="")

    def failed(self, request: Request, reason: str) -> None:
        """It cannot be answered, for this reason; kept, so that nobody waits for it."""
        self._change(request, state=RequestState.FAILED, holder="", reason=reason)

    def worker_crashed(self, request: Request, holder: str, cause: str) -> None:
        """It waits again; the second time it failed."""
        held = self._is(request) & (self._table.c.holder == holder)
        with self._database.writing(alone_with=self._alone_with) as connection:
            row = connection.execute(select(self._table.c.crashes).where(held)).first()
            if row is not None:
                state = RequestState.FAILED if row.crashes + 1 >= MAX_CRASHES else RequestState.WAITING
                values = {"state": state, "crashes": row.crashes + 1, "holder": "", "reason": cause}
                connection.execute(update(self._table).where(held).values(values))

    def _change(self, request: Request, *conditions: ColumnElement[bool], **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(self._table).where(self._is(request), *conditions).values(**values))

    def _can_be_claimed(self, holder: str) -> ColumnElement[bool]:
        state = self._table.c.state
        held_by_another = (state == RequestState.MEASURING) & (self._table.c.holder != holder)
        return (state == RequestState.WAITING) | held_by_another

    def _order(self) -> Sequence[ColumnElement[Any]]:
        """Which comes first."""
        return (self._table.c.asked,)

    @abstractmethod
    def _query(self) -> Select[Any]:
        """The rows as `_to_request` takes them."""

    @abstractmethod
    def _is(self, request: Request) -> ColumnElement[bool]:
        """The row of a request."""

    @abstractmethod
    def _to_request(self, row: Row[Any]) -> Request:
        """A row of `_query`."""
