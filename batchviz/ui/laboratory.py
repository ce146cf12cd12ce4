"""This installation's store and engine, opened once for the whole web process."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from batchviz import datasets
from batchviz.analysis import expected_speed
from batchviz.engine.supervisor import Engine
from batchviz.errors import BatchVizError, SpecError, StoreError
from batchviz.fingerprint import fingerprint
from batchviz.plan import Plan
from batchviz.settings import Settings
from batchviz.spec import RunSpec
from batchviz.store import Measurement, Store

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0


@functools.cache
def settings() -> Settings:
    """The settings this process was started with."""
    return Settings.from_environment()


@functools.cache
def store() -> Store:
    """The store, connected on first use. Raises StoreError while it cannot be reached, and tries again next time."""
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    return Store(settings().database_url)


@functools.cache
def engine() -> Engine:
    """The dispatcher's supervisor."""
    return Engine(settings(), store())


@contextmanager
def running_engine() -> Iterator[None]:
    """The engine for as long as the server runs, started in the background.

    A database that cannot be reached yet does not keep the server from starting: the pages say what is wrong, and
    the engine follows as soon as it can.
    """
    ended = threading.Event()

    def start() -> None:
        while not ended.is_set():
            try:
                engine().start()
                return
            except BatchVizError as error:
                logger.error("The engine waits: %s", error)
                ended.wait(RETRY_SECONDS)

    starter = threading.Thread(target=start, name="engine starter", daemon=True)
    starter.start()
    try:
        yield
    finally:
        ended.set()
        starter.join()
        if engine.cache_info().currsize:
            engine().stop()


def hindrance(dataset: str, visitor: str) -> str:
    """Why a visitor cannot train on this data, a sentence; empty when nothing hinders. Raises StoreError."""
    origin = datasets.find(dataset).origin
    if origin == "built in":
        return ""
    if origin == "elsewhere":
        return "These runs were trained elsewhere and imported: their data is not here to train on."
    try:
        upload = store().upload(datasets.identity(dataset))
    except StoreError as error:
        return str(error)
    if upload.owner != visitor:
        return (
            "This data belongs to someone else: its recorded runs open here, but only its owner trains on it. "
            "Upload your own on the page Data."
        )
    if upload.dataset != dataset:
        return "The link describes your data in a shape that it does not have. Choose the data again."
    return ""


def submit(specs: Sequence[RunSpec], visitor: str) -> list[str]:
    """Queue runs; those already trained, or already under way for this visitor, are answered by their ids.

    Raises SpecError, before anything is queued, for data that this visitor cannot train on.
    """
    for dataset in {spec.dataset for spec in specs}:
        if reason := hindrance(dataset, visitor):
            raise SpecError(reason)
    return [store().add_run(spec, visitor, fingerprint()).id for spec in specs]


def expected_seconds(plan: Plan, measured: Sequence[Measurement]) -> float | None:
    """Training time that a plan will take by what this machine measured; None where nothing fits.

    Measurements of the same network count before others, and of the same batch size before a fitted line, because
    compiled and uncompiled loops differ tenfold in their overhead.
    """
    spec = plan.spec
    if plan.updates is None:
        return spec.budget

    def network(other: RunSpec) -> tuple[object, ...]:
        return (other.dataset, other.model, other.hidden, other.optimizer, other.batch_norm, other.dropout)

    alike = [m for m in measured if network(m.spec) == network(spec)]
    same = [m for m in alike if m.spec.plan.first.batch_size == plan.first.batch_size]
    chosen = same or alike or list(measured)
    speed = expected_speed(
        [m.spec.plan.size.multiplications * m.spec.plan.first.batch_size for m in chosen],
        [m.seconds_per_update for m in chosen],
    )
    if speed is None:
        return None
    return plan.updates * speed.seconds(plan.size.multiplications * plan.first.batch_size)
