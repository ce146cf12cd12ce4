"""What `pip install batchviz` brings: the app with all it serves, and nothing that only checks it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def names(tmp_path_factory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_app_and_its_pages_and_its_settings_travel(names):
    top = [
        "app.py",
        ".streamlit/config.toml",
        *(f"pages/{page.name}" for page in (ROOT / "pages").glob("*.py")),
    ]
    assert {f"batchviz/_dashboard/{name}" for name in top} <= names


def test_every_module_style_font_and_licence_travels_and_no_test_or_tool(names):
    package = ROOT / "batchviz"
    tools = {"node_modules", "__pycache__", "test"}
    for path in (path for path in package.rglob("*") if path.is_file()):
        inside = path.relative_to(package)
        name = f"batchviz/{inside.as_posix()}"
        if tools & set(inside.parts) or path.name.endswith((".test.js", ".d.ts")):
            assert name not in names
        elif path.suffix in {".py", ".js", ".css", ".html", ".woff2", ".txt"}:
            assert name in names
    assert not [name for name in names if "node_modules" in name or name.endswith((".json", ".pyc", "npmrc"))]
