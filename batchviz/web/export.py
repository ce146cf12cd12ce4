"""Runs as a file, streamed: a selection of millions of rows never is in memory whole.

Whoever takes files away keeps nobody who watches waiting: of all files one piece is written at a time, in turn. No
more than MAX_DOWNLOADS are under way, since each holds some rows in memory; the others wait for a place.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import chain
from typing import Any

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from batchviz.errors import BatchVizError
from batchviz.links.experiment import select_runs
from batchviz.store import Store
from batchviz.store.selection import StoredSelection
from batchviz.web.limits import MAX_DOWNLOADS, MAX_DOWNLOADS_WAITING, MAX_PIECE_SECONDS
from batchviz.web.query import export_named

NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class BusyError(BatchVizError):
    """Too many files are being taken away; later there will be room."""


class Downloads:
    """The files that all visitors are taking away from this process."""

    def __init__(self) -> None:
        self._places = anyio.CapacityLimiter(MAX_DOWNLOADS)
        self._lane = anyio.CapacityLimiter(1)

    @property
    def under_way(self) -> int:
        """Files that are being written."""
        return self._places.borrowed_tokens

    async def start(
        self, request: Request, store: Callable[[], Store], owner: Callable[[Request], str]
    ) -> Download:
        """The answer to `api/export/NAME`. Before the first byte: BusyError, RequestError, SelectionError,
        MissingError, StoreError.

        An error after it breaks the answer off, which every browser shows as a failed download.
        """
        name = request.path_params["name"]
        export = export_named(name)
        query = request.query_params
        run_ids = select_runs(query.getlist("run"), query.getlist("runs"), export.most)
        place = object()
        await self._take(place)

        def first() -> tuple[str, str, Iterator[bytes]]:
            selection = StoredSelection(store(), run_ids, owner(request))
            body = export.write(selection)
            return *export.form(selection), chain([next(body, b"")], body)

        try:
            extension, media_type, body = await anyio.to_thread.run_sync(first, limiter=self._lane)
        except BaseException:
            self._places.release_on_behalf_of(place)
            raise
        disposition = f'attachment; filename="{_file_name(name, extension, run_ids)}"'
        return Download(
            self._pieces(body),
            media_type=media_type,
            headers={**NO_STORE, "Content-Disposition": disposition},
            leave=lambda: self._places.release_on_behalf_of(place),
        )

    async def _take(self, place: object) -> None:
        if self._places.statistics().tasks_waiting >= MAX_DOWNLOADS_WAITING:
            raise BusyError(
                f"{MAX_DOWNLOADS} files are being written and {MAX_DOWNLOADS_WAITING} wait, as many as this server "
                "takes on. Try again in a minute."
            )
        await self._places.acquire_on_behalf_of(place)

    async def _pieces(self, body: Iterator[bytes]) -> AsyncIterator[bytes]:
        """Each written when it is this file's turn."""
        while (piece := await anyio.to_thread.run_sync(next, body, None, limiter=self._lane)) is not None:
            yield piece


class Download(StreamingResponse):
    """A file on its way. Whoever takes nothing of it for MAX_PIECE_SECONDS loses it: others wait for the place."""

    def __init__(self, body: AsyncIterator[bytes], *, leave: Callable[[], None], **answer: Any) -> None:
        super().__init__(body, **answer)
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and give the place back however that ends."""

        async def send_in_time(message: Message) -> None:
            with anyio.fail_after(MAX_PIECE_SECONDS):
                await send(message)

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            self._leave()


def _file_name(name: str, extension: str, run_ids: list[str]) -> str:
    """Of ids and our own words alone, so that nothing a user wrote reaches a header or a file system."""
    what = run_ids[0] if len(run_ids) == 1 else f"{len(run_ids)}-runs"
    return f"batchviz-{what}-{name}.{extension}"
