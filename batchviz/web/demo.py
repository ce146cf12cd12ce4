"""The recorded race as a page that needs no websocket: what a browser is offered that gets no live connection."""

from __future__ import annotations

import functools
import gzip

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from batchviz.experiment.library import LibraryEntry
from batchviz.exporters.demo import POLICY, demo
from batchviz.exporters.selection import RecordedRuns
from batchviz.recorded import opening

ADDRESS = "api/demo.html"
"""Relative to the app's; src/unconnected.js leads there."""


async def recorded_demo(request: Request) -> Response:
    """The page, made when it is first asked for. It has a policy of its own, stricter than that of the app's pages."""
    body = await anyio.to_thread.run_sync(_compressed)
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Vary": "Accept-Encoding",
        "Content-Security-Policy": POLICY,
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


@functools.cache
def _compressed() -> bytes:
    race = opening()
    entries = [LibraryEntry(each.run, note=race.note) for each in race.runs]
    runs = RecordedRuns(entries, {each.run.id: each.series for each in race.runs}, fingerprints=())
    return gzip.compress(b"".join(demo(runs)), mtime=0)
