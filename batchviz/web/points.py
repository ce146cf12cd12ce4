"""What is new of some runs, put together for one client from parts that all clients share."""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import NamedTuple

from cachetools import LRUCache, TTLCache, cachedmethod

from batchviz.analysis.appearance import AUTOMATIC_ENCODING, EncodingChoice
from batchviz.analysis.replicates import replicate_key
from batchviz.experiment.series import length
from batchviz.figures.appearance import Look, looks
from batchviz.frontend.payload import MeansPayload, about, epoch_rows, means, no_update_rows, update_rows
from batchviz.store import Place, Store
from batchviz.text.playground import Finding, describe
from batchviz.web.limits import MAX_LOOKS, MAX_RUNS_BYTES, MAX_SENTENCES_LENGTH
from batchviz.web.query import ClientState
from batchviz.web.run_cache import CachedRun, RunCache

VERSION = 1
ENGINE_SECONDS = 0.25
SHARED_SECONDS = 60.0
"""For which what was put together for one client is kept for the others."""


class ToldApart(NamedTuple):
    """How runs beside each other are told apart."""

    looks: Mapping[str, Look]
    means: MeansPayload


class Feed:
    """Answers to `api/points`. Thread-safe: two threads may compute the same, none waits for the other."""

    def __init__(self, store: Callable[[], Store], workers: Callable[[], int] = lambda: 1) -> None:
        self._store, self._workers = store, workers
        self._runs = RunCache()
        self._lock = threading.Lock()
        # By the state of a run: what a run that trains was a minute ago nobody asks any more.
        self._serialized: TTLCache[Hashable, bytes] = TTLCache(MAX_RUNS_BYTES, SHARED_SECONDS, getsizeof=len)
        self._sentences: TTLCache[Hashable, Finding] = TTLCache(
            MAX_SENTENCES_LENGTH, SHARED_SECONDS, getsizeof=lambda finding: sum(map(len, finding))
        )
        self._looks: LRUCache[Hashable, ToldApart] = LRUCache(MAX_LOOKS)
        self._engine = ("down", float("-inf"))

    def at_once(
        self,
        cursors: Mapping[str, ClientState],
        choice: EncodingChoice = AUTOMATIC_ENCODING,
        *,
        first_updates: bool = False,
    ) -> bytes | None:
        """The answer when all runs are over and cached, None when the database must be asked. Never blocks."""
        runs = self._runs.final(list(cursors))
        state, read = self._engine
        if runs is None or time.monotonic() - read > ENGINE_SECONDS:
            return None
        return self._compose(cursors, runs, state, choice, first_updates=first_updates)

    def answer(
        self,
        cursors: Mapping[str, ClientState],
        choice: EncodingChoice = AUTOMATIC_ENCODING,
        *,
        first_updates: bool = False,
        only: Collection[str] | None = None,
    ) -> bytes:
        """The answer, from the database where needed. Blocks; raises StoreError.

        With `first_updates` the single updates of several seeds are those of the first: the others are drawn as their
        mean, for which their epochs are enough. `only` some of the runs are told of, beside all.
        """
        with self._runs.up_to_date(self._store(), list(cursors)) as runs:
            return self._compose(
                cursors, runs, self._engine_state(), choice, first_updates=first_updates, only=only
            )

    def _engine_state(self) -> str:
        if time.monotonic() - self._engine[1] > ENGINE_SECONDS:
            self._engine = (self._store().processes.engine_state(), time.monotonic())
        return self._engine[0]

    def _compose(
        self,
        cursors: Mapping[str, ClientState],
        runs: Mapping[str, CachedRun],
        engine: str,
        choice: EncodingChoice,
        *,
        first_updates: bool,
        only: Collection[str] | None = None,
    ) -> bytes:
        finding, look = self._finding(runs), self._look(runs, choice)
        head = {
            "version": VERSION,
            "engine": engine,
            "sentence": finding.sentence,
            "offer": finding.offer,
            "means": look.means,
            "missing": [run_id for run_id in cursors if run_id not in runs],
        }
        leads = _leads(runs) if first_updates else runs.keys()
        answers = [
            self._serialize(run, cursors[run_id], look.looks[run_id], run_id in leads)
            for run_id, run in runs.items()
            if only is None or run_id in only
        ]
        parts = [answer for answer in answers if answer]
        return json.dumps(head, separators=(",", ":")).encode()[:-1] + b',"runs":[' + b",".join(parts) + b"]}"

    @cachedmethod(
        lambda self: self._serialized,
        key=lambda _, run, client, look, lead: (
            *(run.run.id, run.version, run.revision, client, lead),
            *(look.label, look.dash, look.panel, look.end, *look.color.values()),
        ),
        lock=lambda self: self._lock,
    )
    def _serialize(self, run: CachedRun, client: ClientState, look: Look, lead: bool) -> bytes:
        return serialize(run, client, look, lead=lead, workers=self._workers())

    @cachedmethod(
        lambda self: self._looks,
        key=lambda _, runs, choice: (choice, *((run_id, run.run.status) for run_id, run in runs.items())),
        lock=lambda self: self._lock,
    )
    def _look(self, runs: Mapping[str, CachedRun], choice: EncodingChoice) -> ToldApart:
        """What each is called and coloured depends on what it stands beside."""
        recorded = [run.run for run in runs.values()]
        return ToldApart(looks(recorded, choice), means(recorded, choice))

    @cachedmethod(
        lambda self: self._sentences,
        key=lambda _, runs: tuple((run_id, run.version, run.revision) for run_id, run in runs.items()),
        lock=lambda self: self._lock,
    )
    def _finding(self, runs: Mapping[str, CachedRun]) -> Finding:
        return describe([run.run for run in runs.values()], {i: run.epochs.rows for i, run in runs.items()})


def tells_something(answer: bytes) -> bool:
    """Whether an answer has anything new of a run."""
    return not answer.endswith(b'"runs":[]}')


def _leads(runs: Mapping[str, CachedRun]) -> set[str]:
    """The first run of every group of seeds, and those whose seed is there before, which no mean holds."""
    seen: dict[tuple[str, ...], set[int]] = {}
    leads = set()
    for run_id, cached in runs.items():
        seeds = seen.setdefault(replicate_key(cached.run), set())
        if not seeds or cached.run.spec.seed in seeds:
            leads.add(run_id)
        seeds.add(cached.run.spec.seed)
    return leads


def _place(place: Place | None, workers: int) -> dict[str, float | None]:
    """Where it stands in the queue, and how many seconds that may take with so many workers."""
    if place is None:
        return {"queue_position": None, "queue_seconds": None}
    return {"queue_position": place.ahead, "queue_seconds": place.seconds / workers}


def serialize(
    run: CachedRun, client: ClientState, look: Look | None = None, *, lead: bool = True, workers: int = 1
) -> bytes:
    """What is new for somebody who knows this (attempt: the cached run's version), as a JSON object; empty for nothing.

    Of a run that is no `lead` its single updates are left out, and its place in the queue, on which no card counts.
    """
    cursor = client.cursor
    continued = (
        cursor.attempt == run.version
        and cursor.epochs <= length(run.epochs.rows)
        and cursor.updates <= len(run.updates)
    )
    description = {**about(run.run, look), **_place(run.place if lead else None, workers)}
    digest = f"{zlib.crc32(json.dumps(description).encode()):08x}"
    complete = cursor.epochs == length(run.epochs.rows) and (not lead or cursor.updates == len(run.updates))
    if continued and complete and client.digest == digest:
        return b""
    first = cursor.updates if continued else 0
    parts = {
        **description,
        "digest": digest,
        "attempt": run.version,
        "reset": cursor.attempt != 0 and not continued,
        "epochs": epoch_rows(run.epochs, cursor.epochs if continued else 0),
        "updates": update_rows(run.updates, first) if lead else no_update_rows(run.updates, first),
    }
    return json.dumps(parts, separators=(",", ":"), allow_nan=False).encode()
