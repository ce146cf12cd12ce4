"""What a client may ask, checked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from batchviz.errors import BatchVizError
from batchviz.exporters import EXPORTS, Export
from batchviz.links.experiment import MAX_RUNS, RUN_ID
from batchviz.store import Cursor

_CURSOR = re.compile(rf"({RUN_ID.pattern}):(\d{{1,9}}):(\d{{1,9}}):(\d{{1,9}})")


class RequestError(BatchVizError):
    """A request that cannot be answered; the text names the parameter and what was expected."""


def cursors(given: Sequence[str]) -> dict[str, Cursor]:
    """The `run` parameters: by id, how much the client has. Raises RequestError."""
    if not given:
        raise RequestError(
            "Expected at least one run=ID:ATTEMPT:EPOCHS:UPDATES; for a first request ID:0:0:0."
        )
    if len(given) > MAX_RUNS:
        raise RequestError(
            f"Got {len(given)} runs; expected at most {MAX_RUNS}. Ask for the rest separately."
        )
    found = {}
    for text in given:
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise RequestError(
                f"run: got {text[:60]!r}; expected ID:ATTEMPT:EPOCHS:UPDATES, for example AbCd_123:0:0:0."
            )
        found[match[1]] = Cursor(*map(int, match.groups()[1:]))
    return found


def export(given: str) -> Export:
    """An export's name as it stands in an address. Raises RequestError."""
    if given not in EXPORTS:
        raise RequestError(f"There is no export {given[:60]!r}; expected one of {', '.join(EXPORTS)}.")
    return EXPORTS[given]


def selection(run: Sequence[str], runs: Sequence[str], most: int) -> list[str]:
    """The ids in `run=ID&run=ID` and in `runs=ID,ID`, each once. Raises RequestError."""
    given = list(dict.fromkeys([*run, *(part for text in runs for part in text.split(","))]))
    if not given:
        raise RequestError("Expected at least one run: run=ID, or runs=ID,ID.")
    if len(given) > most:
        raise RequestError(
            f"Got {len(given)} runs; this file holds at most {most}. Export the rest separately."
        )
    for text in given:
        if RUN_ID.fullmatch(text) is None:
            raise RequestError(f"run: got {text[:60]!r}; expected the id of a run.")
    return given
