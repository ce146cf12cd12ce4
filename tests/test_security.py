"""SECURITY.md names a test for every threat, and every test that it names is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
THREATS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.partition("| threat |")[2].partition("\n\n")[0].splitlines()[2:]
]


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat[0])
def test_a_threat_says_what_holds_it_off_and_by_which_tests(threat: list[str]) -> None:
    _, measure, tests = threat
    named = TEST.findall(tests)
    assert measure
    assert named
    assert TEST.sub("", tests).strip(" ,") == ""
    missing = [f"{file}::{name}" for file, name in named if name not in functions(ROOT / file)]
    assert missing == []


def test_the_table_is_read_whole() -> None:
    assert len(THREATS) >= 20
    assert {len(threat) for threat in THREATS} == {3}
