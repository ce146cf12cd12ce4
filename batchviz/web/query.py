"""What a client may ask, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from batchviz.analysis.appearance import AUTOMATIC, NOTHING, EncodingChoice
from batchviz.analysis.differences import TELLING
from batchviz.errors import BatchVizError
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.exporters import EXPORTS, Export
from batchviz.links.experiment import RUN_ID
from batchviz.store import Cursor

_CURSOR = re.compile(rf"({RUN_ID.pattern}):(\d{{1,9}}):(\d{{1,9}}):(\d{{1,9}})(?::([0-9a-f]{{8}}))?")


class ClientState(NamedTuple):
    """What a client has of a run: rows, and which words about it (`digest` of their message; empty for none)."""

    cursor: Cursor = Cursor()
    digest: str = ""


class RequestError(BatchVizError):
    """A request that cannot be answered; the text names the parameter and what was expected."""


def cursors(texts: Sequence[str]) -> dict[str, ClientState]:
    """The `run` parameters: by id, how much the client has. Raises RequestError."""
    if not texts:
        raise RequestError(
            "Expected at least one run=ID:ATTEMPT:EPOCHS:UPDATES; for a first request ID:0:0:0."
        )
    if len(texts) > MAX_RUNS_SHOWN:
        raise RequestError(
            f"Got {len(texts)} runs; expected at most {MAX_RUNS_SHOWN}. Ask for the rest separately."
        )
    by_run = {}
    for text in texts:
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise RequestError(
                f"run: got {text[:60]!r}; expected ID:ATTEMPT:EPOCHS:UPDATES, for example AbCd_123:0:0:0."
            )
        run_id, attempt, epochs, updates, digest = match.groups()
        by_run[run_id] = ClientState(Cursor(int(attempt), int(epochs), int(updates)), digest or "")
    return by_run


def encoding_choice(parameters: Mapping[str, str]) -> EncodingChoice:
    """What is to have the colour, the dash and the panels (`color`, `dash`, `panels`). Raises RequestError."""
    accepted = (AUTOMATIC, NOTHING, *TELLING)
    stated = {name: parameters[name] for name in EncodingChoice._fields if name in parameters}
    for name, value in stated.items():
        if value not in accepted:
            raise RequestError(f"{name}: got {value[:60]!r}; expected one of {', '.join(accepted)}.")
    return EncodingChoice(**stated)


def run_ids(texts: Sequence[str]) -> list[str]:
    """The `run` parameters that are ids alone. Raises RequestError."""
    if not texts or len(texts) > MAX_RUNS_SHOWN:
        raise RequestError(f"Got {len(texts)} runs; expected run=ID, 1 to {MAX_RUNS_SHOWN} times.")
    for text in texts:
        if RUN_ID.fullmatch(text) is None:
            raise RequestError(f"run: got {text[:60]!r}; expected the id of a run, for example AbCd_123.")
    return list(texts)


def start_asked(parameters: Mapping[str, str]) -> tuple[str, int]:
    """`page` and `after`: whose presses, and the last one that it knows of. Raises RequestError."""
    page, after = parameters.get("page", ""), parameters.get("after", "")
    if not re.fullmatch(r"[\w-]{16,64}", page) or not re.fullmatch(r"\d{1,9}", after):
        raise RequestError("Expected page=TOKEN&after=NUMBER, as the page that shows the chart has them.")
    return page, int(after)


def export_named(name: str) -> Export:
    """The export of this name in an address. Raises RequestError."""
    if name not in EXPORTS:
        raise RequestError(f"There is no export {name[:60]!r}; expected one of {', '.join(EXPORTS)}.")
    return EXPORTS[name]
