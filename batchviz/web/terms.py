"""The cards of terms as one answer, made once and kept by the browser for as long as the app is the same."""

from __future__ import annotations

import functools
import gzip
import hashlib
import json

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from batchviz.frontend.terms import payload
from batchviz.links import experiment
from batchviz.text.terms import TERMS


async def terms(request: Request) -> Response:
    """GET api/terms."""
    body, tag = await anyio.to_thread.run_sync(_answer)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
    return Response(body, media_type="application/json", headers=headers)


@functools.cache
def _answer() -> tuple[bytes, str]:
    links = {
        key: experiment.encode(term.example[0]) | {experiment.OPEN_TERM: key} for key, term in TERMS.items()
    }
    body = json.dumps(payload(links), ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"terms-{hashlib.sha256(body).hexdigest()[:12]}"'
