"""Runs as a file, streamed: a selection of millions of rows never is in memory whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import StreamingResponse

from batchviz.links.experiment import select_runs
from batchviz.store import Store
from batchviz.store.selection import StoredSelection
from batchviz.web.query import export_named

NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def download(
    request: Request, store: Callable[[], Store], owner: Callable[[Request], str]
) -> StreamingResponse:
    """The answer to `api/export/NAME`. Before the first byte: RequestError, SelectionError, MissingError, StoreError.

    An error after it breaks the answer off, which every browser shows as a failed download.
    """
    name = request.path_params["name"]
    export = export_named(name)
    query = request.query_params
    run_ids = select_runs(query.getlist("run"), query.getlist("runs"), export.most)

    def start() -> tuple[str, str, Iterator[bytes]]:
        selection = StoredSelection(store(), run_ids, owner(request))
        body = export.write(selection)
        return *export.form(selection), chain([next(body, b"")], body)

    extension, media_type, body = await anyio.to_thread.run_sync(start)
    disposition = f'attachment; filename="{_file_name(name, extension, run_ids)}"'
    headers = {**NO_STORE, "Content-Disposition": disposition}
    return StreamingResponse(body, media_type=media_type, headers=headers)


def _file_name(name: str, extension: str, run_ids: list[str]) -> str:
    """Of ids and our own words alone, so that nothing a user wrote reaches a header or a file system."""
    what = run_ids[0] if len(run_ids) == 1 else f"{len(run_ids)}-runs"
    return f"batchviz-{what}-{name}.{extension}"
