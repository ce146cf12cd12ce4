"""The scripts of the browser, as far as no browser is needed: their own tests, and what they are checked with."""

from __future__ import annotations

import json
import re
import subprocess
import sysconfig
from pathlib import Path

from batchviz.frontend.assets import SERVED

FRONTEND = Path(__file__).parents[2] / "batchviz" / "frontend"
PINNED = json.loads((FRONTEND / "package.json").read_text())["devDependencies"]
NODE = Path(sysconfig.get_path("scripts")) / "node"


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
    assert not [name for name in SERVED if ".test." in name or name.endswith(".d.ts")]
    assert list((FRONTEND / "src").rglob("*.test.js")), "there are some that could be"
