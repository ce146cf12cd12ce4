"""Whether a package of the lock has a known vulnerability, as pip-audit tells. Run by `make audit`.

Exit codes: 0 every package was looked up and none is known to be vulnerable, 1 some are, 2 it is not known, because the
service could not be asked or packages were left out. pip-audit itself says 0 of packages that it left out, and 1 when
it could ask nobody.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

LOCK = Path(__file__).parents[1] / "constraints.txt"
COMMAND = [
    *(sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"),
    *("--no-deps", "--disable-pip", "--requirement"),
]
NONE_KNOWN, VULNERABLE, NOT_KNOWN = 0, 1, 2


class Verdict(NamedTuple):
    """An exit code, and what a person reads."""

    code: int
    text: str


def judged(output: str, complaint: str, expected: Iterable[str]) -> Verdict:
    """What pip-audit's standard output and standard error say of the packages that were expected in it."""
    expected = sorted({_normal(name) for name in expected})
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = next((line for line in reversed(complaint.splitlines()) if line.strip()), "no answer")
        return Verdict(NOT_KNOWN, f"The audit did not happen: {last[:300]}")
    known = {_normal(package["name"]): package for package in packages if "vulns" in package}
    vulnerable = [
        f"{name} {package['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no release'}"
        for name, package in sorted(known.items())
        for flaw in package["vulns"]
    ]
    missing = [name for name in expected if name not in known]
    reasons = {
        _normal(package["name"]): package["skip_reason"] for package in packages if "skip_reason" in package
    }
    unknown = [f"{name}: {reasons.get(name, 'not in the answer')}" for name in missing]
    if vulnerable:
        return Verdict(VULNERABLE, "\n".join(["Vulnerable:", *vulnerable, *unknown]))
    if unknown or not expected:
        of = f"{len(unknown)} of {len(expected)} packages were not looked up"
        return Verdict(NOT_KNOWN, "\n".join([f"The audit is not whole: {of}.", *unknown]))
    return Verdict(NONE_KNOWN, f"No known vulnerability in {len(expected)} packages.")


def locked(text: str) -> list[str]:
    """The names in a lock that are installed on a machine of this kind."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    requirements = [Requirement(line) for line in lines if line]
    return [one.name for one in requirements if one.marker is None or one.marker.evaluate()]


def main() -> int:
    """Ask, tell, and return the exit code."""
    asked = subprocess.run([*COMMAND, str(LOCK)], capture_output=True, text=True, check=False)
    verdict = judged(asked.stdout, asked.stderr, locked(LOCK.read_text(encoding="utf-8")))
    print(verdict.text, file=sys.stderr if verdict.code else sys.stdout)
    return verdict.code


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
