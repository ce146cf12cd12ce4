"""What tests share: a quiet TensorFlow, no traces of this machine's settings, and who runs beside whom."""

import gc
import os
import sys
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from scripts import server

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
# Containers often keep no compiled Python. Compiling the tests and the package again in every process of the suite
# takes as long as fifty tests: 12 s for each that collects, a second for each that a test starts.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

TOGETHER = ("browser", "engine", "exporters")
"""Folders whose tests share what takes long to come up: a browser and a server, an engine, programs that train. The
longest first.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long groups first: whatever a process does before one, the others wait for at the end."""

    def place(item: pytest.Item) -> int:
        folder = item.nodeid.split("/")[1]
        return TOGETHER.index(folder) if folder in TOGETHER else len(TOGETHER)

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """Thousands of tests, TensorFlow and Streamlit stay until the end: to look through them for garbage again and
    again, while a graph is traced, took a fifth of the time of tracing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


class Scheduling(LoadScopeScheduling):
    """`make test` runs two processes; a file's tests, or a folder's, stay in one of them."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.split("/")[1]
        return folder if folder in TOGETHER else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)


@pytest.fixture(scope="session", autouse=True)
def own_temporary_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Another session on this machine trains, too: it holds its own lock, and this one and its processes theirs."""
    tmp_path_factory.getbasetemp()
    with tempfile.TemporaryDirectory(prefix="bv", ignore_cleanup_errors=True) as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        yield


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nothing listens at."""
    return server.free_port()
