"""Names say what they hold: these say who looked, asked or spoke instead, and every part once had its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VAGUE = {"ask", "asked", "found", "given", "known", "mine", "of", "one", "said", "show", "told", "wanted"}
FILES = [*(ROOT / "batchviz").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """What a module defines or assigns: functions, classes, arguments, variables, attributes; and the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno


@pytest.mark.parametrize(
    "source", ["told = 1", "def f(found): ...", "class A:\n    one: int", "self._asked = 2"]
)
def test_a_vague_name_is_seen_wherever_it_is_bound(source: str) -> None:
    assert VAGUE & {name.strip("_").lower() for name, _ in names(ast.parse(source))}


def test_no_name_of_the_package_is_vague() -> None:
    vague = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in FILES
        if "node_modules" not in path.parts
        for name, line in names(ast.parse(path.read_text(encoding="utf-8")))
        if name.strip("_").lower() in VAGUE
    ]
    assert not vague, "Say what it holds: " + ", ".join(vague)
