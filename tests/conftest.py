"""What tests share: a quiet TensorFlow, no traces of this machine's settings, and who runs beside whom."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

HERE = Path(__file__).parent
TOGETHER = ("browser", "engine")
"""Folders whose tests share what takes long to come up: a browser and a server, an engine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` runs two processes; a file's tests, or a folder's, stay in one of them."""
    for item in items:
        place = item.path.relative_to(HERE)
        group = place.parts[0] if place.parts[0] in TOGETHER else str(place)
        item.add_marker(pytest.mark.xdist_group(group))
