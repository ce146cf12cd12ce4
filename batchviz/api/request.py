"""What a client may ask, checked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from batchviz.errors import BatchVizError
from batchviz.link import MOST_RUNS, RUN_ID
from batchviz.store import Have

_CURSOR = re.compile(rf"({RUN_ID.pattern}):(\d{{1,9}}):(\d{{1,9}}):(\d{{1,9}})")


class RequestError(BatchVizError):
    """A request that cannot be answered; the text names the parameter and what was expected."""


def cursors(given: Sequence[str]) -> dict[str, Have]:
    """The `run` parameters: by id, how much the client has. Raises RequestError."""
    if not given:
        raise RequestError(
            "Expected at least one run=ID:ATTEMPT:EPOCHS:UPDATES; for a first request ID:0:0:0."
        )
    if len(given) > MOST_RUNS:
        raise RequestError(
            f"Got {len(given)} runs; expected at most {MOST_RUNS}. Ask for the rest separately."
        )
    found = {}
    for text in given:
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise RequestError(
                f"run: got {text[:60]!r}; expected ID:ATTEMPT:EPOCHS:UPDATES, for example AbCd_123:0:0:0."
            )
        found[match[1]] = Have(*map(int, match.groups()[1:]))
    return found


def run_id(given: str) -> str:
    """An id as it stands in an address. Raises RequestError."""
    if RUN_ID.fullmatch(given) is None:
        raise RequestError(f"Got {given[:60]!r}; expected the id of a run.")
    return given


def kind(given: str | None) -> str:
    """Which table of a run: `epochs` unless told. Raises RequestError."""
    if given not in (None, "epochs", "updates"):
        raise RequestError(f"kind: got {given[:60]!r}; expected 'epochs' or 'updates'.")
    return given or "epochs"
