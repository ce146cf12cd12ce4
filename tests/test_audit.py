"""The audit's three ends, told apart in what pip-audit 2 really prints."""

import json
import subprocess
from typing import Any

import pytest

from scripts import audit

CLEAN = {"name": "anyio", "version": "4.16.0", "vulns": []}
FLAWED = {
    "name": "Jinja2",
    "version": "3.1.2",
    "vulns": [
        {
            "id": "PYSEC-2024-1",
            "fix_versions": ["3.1.3"],
            "aliases": ["CVE-2024-22195"],
            "description": "...",
        },
        {"id": "GHSA-x", "fix_versions": [], "aliases": [], "description": "..."},
    ],
}
SKIPPED = {
    "name": "jinja2",
    "skip_reason": "Dependency not found on PyPI and could not be audited: jinja2 (3.1.6)",
}
UNREACHABLE = (
    "WARNING:cachecontrol.controller:Cache entry deserialization failed, entry ignored\n"
    "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed\n"
)


def printed(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_a_whole_answer_without_flaws_is_well() -> None:
    verdict = audit.judged(
        printed(CLEAN, {**FLAWED, "vulns": []}), "No known vulnerabilities found", ["anyio", "jinja2"]
    )
    assert verdict == (audit.NONE_KNOWN, "No known vulnerability in 2 packages.")


def test_a_flaw_is_named_with_what_mends_it() -> None:
    code, text = audit.judged(
        printed(CLEAN, FLAWED), "Found 2 known vulnerabilities in 1 package", ["anyio", "jinja2"]
    )
    assert code == audit.VULNERABLE
    assert text.splitlines() == [
        "Vulnerable:",
        "jinja2 3.1.2: PYSEC-2024-1, mended in 3.1.3",
        "jinja2 3.1.2: GHSA-x, mended in no release",
    ]


@pytest.mark.parametrize("answer", [printed(CLEAN, SKIPPED), printed(CLEAN), printed(SKIPPED), printed()])
def test_what_was_not_looked_up_is_not_well(answer: str) -> None:
    code, text = audit.judged(answer, "No known vulnerabilities found, 1 skipped", ["anyio", "jinja2"])
    assert code == audit.NOT_KNOWN
    assert "of 2 packages were not looked up" in text
    assert "jinja2" in text


@pytest.mark.parametrize("answer", ["", "Traceback", "[]", "{}", "null"])
def test_an_audit_that_did_not_happen_is_told_apart(answer: str) -> None:
    code, text = audit.judged(answer, UNREACHABLE, ["anyio"])
    assert code == audit.NOT_KNOWN
    assert text.endswith("ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed")


def test_a_tool_that_is_not_there_is_no_clean_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = subprocess.CompletedProcess[str]([], 1, "", "python: No module named pip_audit")
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: nothing)
    assert audit.main() == audit.NOT_KNOWN


def test_the_lock_is_asked_about_as_it_is_installed_here() -> None:
    names = audit.locked(
        "# made\nA_b==1\n    # via x\nwin==2 ; sys_platform == 'nowhere'\nc==3 ; python_version > '3'\n"
    )
    assert names == ["A_b", "c"]
    assert len(audit.locked(audit.LOCK.read_text(encoding="utf-8"))) > 100
