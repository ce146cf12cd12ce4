import functools
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner

from batchviz.store import Store
from batchviz.ui import resources


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with empty tables, to copy: making them anew for every test takes longer than the tests."""
    path = tmp_path_factory.mktemp("ui") / "batchviz.db"
    Store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """Each AppTest looks through all installed packages for components: longer than most tests take."""
    scan = manifest_scanner.scan_component_manifests
    manifest_scanner.scan_component_manifests = functools.cache(scan)
    yield
    manifest_scanner.scan_component_manifests = scan


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """An AppTest leaves its script in the place of the main module, which a process that is started begins with."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session", autouse=True)
def keras_left_alone() -> Iterator[None]:
    """Where other tests have loaded Keras, Streamlit clears its session after every script: half a second each time.
    The web process never loads it.
    """
    clean = script_runner._clean_problem_modules
    script_runner._clean_problem_modules = lambda: None
    yield
    script_runner._clean_problem_modules = clean


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database: Path) -> Iterator[Path]:
    """An installation of its own: an empty store, no engine, so that what is queued stays queued."""
    shutil.copy(empty_database, tmp_path)
    monkeypatch.setenv("BATCHVIZ_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("BATCHVIZ_DATABASE_URL", raising=False)
    parts = (resources.settings, resources.store)
    for part in parts:
        part.cache_clear()
    yield tmp_path
    if resources.store.cache_info().currsize:
        resources.store().close()
    for part in parts:
        part.cache_clear()
