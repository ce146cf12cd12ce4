"""What a Prometheus reads, with the token alone: load and storage in numbers, nothing of any visitor.

The text format is that of its documentation, "Exposition formats"; a line a number.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from batchviz.store import Store

_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics_answer(
    request: Request, token: str, store: Store, more: Mapping[str, Callable[[], float]]
) -> Response:
    """The numbers; 404 where no token is set, 401 for another. `more`: by name, what the caller knows beside.

    Blocks; raises StoreError.
    """
    if not token:
        return PlainTextResponse("Not found.", status_code=404)
    sent_token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(sent_token.encode(), token.encode()):
        return PlainTextResponse(
            "Expected the header Authorization: Bearer and BATCHVIZ_METRICS_TOKEN.",
            status_code=401,
            headers={"WWW-Authenticate": "Bearer"},
        )
    engine = store.processes.engine_state()
    unfinished = store.queue.unfinished_counts()
    numbers = {
        "batchviz_engine_up": float(engine in ("ready", "warming")),
        'batchviz_runs{status="running"}': unfinished.get("running", 0),
        'batchviz_runs{status="queued"}': unfinished.get("queued", 0),
        "batchviz_database_bytes": store.quotas.total_bytes(),
        "process_resident_memory_bytes": resident_bytes(),
        "process_cpu_seconds_total": sum(os.times()[:2]),
        **{f"batchviz_{name}": number() for name, number in more.items()},
    }
    return PlainTextResponse(
        "".join(f"{name} {value:.10g}\n" for name, value in numbers.items()), media_type=_TYPE
    )


def resident_bytes() -> int:
    """Of this process, on Linux; elsewhere 0."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
