"""The scripts of the browser, as far as no browser is needed: their own tests, and what they are checked with."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from batchviz.frontend.assets import SOURCES
from tests.frontend.node import NODE

FRONTEND = Path(__file__).parents[2] / "batchviz" / "frontend"
PINNED = json.loads((FRONTEND / "package.json").read_text())["devDependencies"]

ARROWS: dict[str, set[str]] = {
    "core": set(),
    "plotly": set(),  # its types alone
    "chart": {"core", "plotly"},
    "opening": {"chart", "core"},
    "live": {"chart", "core", "opening", "plotly"},
    "figure": {"chart", "core", "plotly"},
    "offline": {"live", "core", "plotly"},
    "demo": {"chart", "core", "live", "offline", "training"},
    "training": {"core"},
    "lesson": {"core", "live", "offline"},
    "share": {"core"},
    "classroom": {"core"},
    "terms": {"core"},
    "dealing": {"core"},
    "inspection": {"core"},
    "pictures": {"core"},
    "recorded": {"core", "opening"},
    "mount": {"core"},
    "history": {"core"},
    "unconnected": set(),
}
"""Folder of src/, or script on top of it -> those it may import, for values or for types."""


def test_every_module_passes_the_tests_beside_it() -> None:
    command = [NODE, "--test", "--test-reporter=spec", "src/**/*.test.js"]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"pass [1-9]", done.stdout), "no tests found"


def test_the_lock_names_no_registry_and_pins_what_is_asked_for() -> None:
    text = (FRONTEND / "package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert packages.pop("")["devDependencies"] == PINNED
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    for name, version in PINNED.items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_no_test_of_a_script_is_served() -> None:
    assert not [name for name in SOURCES if ".test." in name or name.endswith(".d.ts")]
    assert list((FRONTEND / "src").rglob("*.test.js")), "there are some that could be"


def arrows() -> list[tuple[str, str, str]]:
    """(script, its layer, the layer of something it imports), tests and types included."""
    source = FRONTEND / "src"
    return [
        (script.relative_to(source).as_posix(), layer(script, source), layer(script.parent / address, source))
        for script in sorted(source.rglob("*.[jt]s"))
        for address in re.findall(
            r"""(?:from |import\(|import )["'](\.[^"']+)["']""", script.read_text("utf-8")
        )
    ]


def layer(path: Path, source: Path) -> str:
    inside = Path(os.path.normpath(path)).relative_to(source)
    return inside.parts[0].split(".")[0]


def test_scripts_import_downwards_only() -> None:
    drawn = arrows()
    assert ("live/index.js", "live", "chart") in drawn, "imports are found"
    assert ("live/recording.js", "live", "core") in drawn
    wrong = [f"{script} imports {to}" for script, of, to in drawn if to != of and to not in ARROWS[of]]
    assert not wrong


def test_every_script_is_checked_strictly() -> None:
    settings = json.loads((FRONTEND / "tsconfig.json").read_text())
    assert settings["include"] == ["src/**/*.js", "src/**/*.d.ts", "test/*.d.ts"]
    assert settings["compilerOptions"]["strict"]
    assert settings["compilerOptions"]["checkJs"]
