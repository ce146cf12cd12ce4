"""This installation's store and engine, opened once for the whole web process."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import streamlit as st
from streamlit.runtime.stats import CacheStat

from batchviz.engine.claim_tests import ClaimTests
from batchviz.engine.environment import worker_memory
from batchviz.engine.logs import log_to_standard_error
from batchviz.engine.supervisor import DispatcherSupervisor
from batchviz.errors import BatchVizError, SpecError, StoreError
from batchviz.experiment import datasets
from batchviz.experiment.cost import cost
from batchviz.experiment.environment import fingerprint
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.settings import Settings
from batchviz.store import Quota, Store
from batchviz.text.cost import refusal
from batchviz.web.access import Access, access_by

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
    limits = settings()
    quota = Quota(
        runs=limits.max_visitor_runs,
        sweep_runs=limits.max_sweep_runs,
        class_members=limits.max_class_members,
        visitor_bytes=limits.max_visitor_megabytes * 10**6,
        total_bytes=limits.max_total_megabytes * 10**6,
        free_bytes=limits.min_free_megabytes * 10**6,
        visitors_an_address=limits.visitors_an_address,
    )
    return Store(limits.database_url, quota=quota)


@functools.cache
def engine() -> DispatcherSupervisor:
    """The dispatcher's supervisor."""
    return DispatcherSupervisor(settings(), store())


@functools.cache
def claim_tests() -> ClaimTests:
    """The tests of claims that this web process has been asked for."""
    return ClaimTests(settings().data_dir)


@functools.cache
def access() -> Access:
    """By which names and in whose frames this server answers."""
    try:
        chosen = settings()
    except BatchVizError:  # the pages say what is wrong with them, to whoever is at this machine
        return access_by((), (), "localhost")
    return access_by(chosen.allowed_hosts, chosen.embed_origins, st.get_option("server.address") or "")


@contextmanager
def running_engine() -> Iterator[None]:
    """The engine for as long as the server runs, started in the background.

    A database that cannot be reached yet does not keep the server from starting: the pages say what is wrong, and
    the engine follows as soon as it can.
    """
    ended = threading.Event()
    with suppress(BatchVizError):
        log_to_standard_error(settings().log_format)

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
        if claim_tests.cache_info().currsize:
            claim_tests().stop()
        if engine.cache_info().currsize:
            engine().stop()


def denied_reason(dataset: str, visitor: str) -> str:
    """Why a visitor cannot train on this data, a sentence; empty when nothing hinders. Raises StoreError."""
    origin = datasets.find(dataset).origin
    if origin == "built in":
        return ""
    if origin == "imported":
        return "These runs were trained elsewhere and imported: their data is not here to train on."
    try:
        upload = store().uploads.get(datasets.identity(dataset))
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


@functools.cache
def max_run_bytes() -> int:
    """What one run may hold in memory here."""
    return settings().max_run_megabytes * 10**6 or worker_memory(settings().workers)


def workers() -> int:
    """How many runs train at once."""
    return settings().workers


def metrics_token() -> str:
    """What opens api/metrics."""
    return settings().metrics_token


def uploads_bytes() -> int:
    """What the files that visitors have uploaded into open pages take in memory."""
    stats = st.runtime.get_instance().uploaded_file_mgr.get_stats()
    return sum(
        stat.byte_length for family in stats.values() for stat in family if isinstance(stat, CacheStat)
    )


def max_uploads_bytes() -> int:
    """What they may take together."""
    return settings().max_uploads_megabytes * 10**6


def check(specs: Sequence[RunSpec], visitor: str) -> None:
    """Raises SpecError for runs on data that this visitor cannot train on, and beyond this server's limits."""
    costs = (cost(plan_for(spec)) for spec in specs)
    if reason := refusal(costs, settings().max_run_seconds, max_run_bytes()):
        raise SpecError(reason)
    for dataset in {spec.dataset for spec in specs}:
        if reason := denied_reason(dataset, visitor):
            raise SpecError(reason)


def submit(
    specs: Sequence[RunSpec],
    visitor: str,
    background: Sequence[RunSpec] = (),
    beside: Sequence[RunSpec] = (),
    *,
    network: str,
    inside_epochs: bool = True,
) -> list[str]:
    """Queue runs; those already trained, or already under way for this visitor, are answered by their ids.

    Those of `background` wait behind everybody's others. All are measured where the others, and those `beside`, end,
    or where not `inside_epochs` at the ends of their epochs alone.

    All of them or none: raises SpecError, before anything is queued, for data that this visitor cannot train on and for
    what is beyond this server's limits, and StoreError when the database refuses, or for more than a visitor, or all
    who ask from the same network, may have.
    """
    check([*specs, *background], visitor)
    return [
        run.id
        for run in store().queue.add(
            specs,
            visitor,
            fingerprint(),
            background=background,
            beside=beside,
            inside_epochs=inside_epochs,
            network=network,
        )
    ]
