from collections.abc import Iterator
from pathlib import Path

import pytest

from batchviz.ui import laboratory


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation of its own: an empty store, no engine, so that what is queued stays queued."""
    monkeypatch.setenv("BATCHVIZ_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("BATCHVIZ_DATABASE_URL", raising=False)
    parts = (laboratory.settings, laboratory.store)
    for part in parts:
        part.cache_clear()
    yield tmp_path
    if laboratory.store.cache_info().currsize:
        laboratory.store().close()
    for part in parts:
        part.cache_clear()
