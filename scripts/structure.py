"""The shape of the code in numbers, from its files and imports: `python scripts/structure.py [CHECKOUT]`.

Reads any checkout of BatchViz, older ones too, and runs none of its code. An import counts wherever it stands: inside
a function as well, and where only a type checker follows it. tests/test_layers.py forbids circles by the same walk.
"""

from __future__ import annotations

import ast
import posixpath
import re
import statistics
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
Graph = Mapping[Node, set[Node]]

NOT_OURS = {"node_modules", "vendor", "__pycache__"}
_JS_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""")
_MAP_LINE = re.compile(r"    (\w+/?(?: \w+/?)*) {2,}.*->")


def python_files(checkout: Path) -> list[Path]:
    """The program: the package, the pages and the file that Streamlit starts."""
    folders = [checkout / "batchviz", checkout / "pages"]
    files = [path for folder in folders for path in sorted(folder.rglob("*.py")) if _ours(path)]
    return [*files, *filter(Path.exists, [checkout / "app.py"])]


def javascript_files(checkout: Path) -> list[Path]:
    """The scripts that a browser reads."""
    files = sorted((checkout / "batchviz").rglob("*.js"))
    return [path for path in files if _ours(path) and not path.name.endswith((".test.js", ".min.js"))]


def _ours(path: Path) -> bool:
    return NOT_OURS.isdisjoint(path.parts)


def module_name(path: Path, checkout: Path) -> str:
    """`batchviz/web/routes.py` as `batchviz.web.routes`; a package is named without its `__init__`."""
    return ".".join(path.relative_to(checkout).with_suffix("").parts).removesuffix(".__init__")


def python_imports(checkout: Path, *, types: bool = True) -> dict[str, set[str]]:
    """Module -> the modules of ours that it imports; without `types`, only where that can happen at run time."""
    sources = {
        module_name(path, checkout): path.read_text(encoding="utf-8") for path in python_files(checkout)
    }
    return {
        name: {target for target in _targets(ast.parse(text), sources, types) if target != name}
        for name, text in sources.items()
    }


def _targets(node: ast.AST, modules: Mapping[str, str], types: bool) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING" and not types:
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names if alias.name in modules)
        elif isinstance(child, ast.ImportFrom) and child.module and child.module in modules:
            for alias in child.names:
                inner = f"{child.module}.{alias.name}"
                yield inner if inner in modules else child.module
        else:
            yield from _targets(child, modules, types)


def javascript_imports(checkout: Path) -> dict[str, set[str]]:
    """Script -> the scripts that it imports, as paths in the checkout."""
    paths = {path.relative_to(checkout).as_posix(): path for path in javascript_files(checkout)}
    return {
        name: {
            target
            for match in _JS_IMPORT.findall(path.read_text(encoding="utf-8"))
            if (target := posixpath.normpath(posixpath.join(posixpath.dirname(name), match))) in paths
        }
        for name, path in paths.items()
    }


def part(module: str) -> str:
    """What a module is a part of: a folder or a single module at the top of the package, `app` or `pages`."""
    first, *rest = module.split(".")
    return first if first != "batchviz" else rest[0] if rest else "__init__"


def part_imports(modules: Graph[str]) -> dict[str, set[str]]:
    """Part -> the other parts that it imports."""
    parts: dict[str, set[str]] = {part(name): set() for name in modules}
    for name, targets in modules.items():
        parts[part(name)] |= {part(target) for target in targets} - {part(name)}
    return parts


def components(graph: Graph[Node]) -> list[list[Node]]:
    """The strongly connected components, each after those that it points to (Tarjan, without recursion)."""
    order: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    finished: list[list[Node]] = []
    placed: set[Node] = set()
    for root in graph:
        work: list[tuple[Node, Iterator[Node]]] = []
        if root not in order:
            order[root] = low[root] = len(order)
            stack.append(root)
            work.append((root, iter(graph[root])))
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in order:
                    order[target] = low[target] = len(order)
                    stack.append(target)
                    work.append((target, iter(graph[target])))
                    break
                if target not in placed:
                    low[node] = min(low[node], order[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    component = stack[stack.index(node) :]
                    del stack[-len(component) :]
                    placed.update(component)
                    finished.append(component)
    return finished


def circles(graph: Graph[str]) -> list[list[str]]:
    """The groups of modules each of which imports, in the end, all others of its group and so itself."""
    return sorted(sorted(component) for component in components(graph) if len(component) > 1)


def longest_path(graph: Graph[Node]) -> int:
    """How many floors the arrows climb; a circle is one floor."""
    floor: dict[Node, int] = {}
    for component in components(graph):
        below = (floor[target] for node in component for target in graph[node] if target not in component)
        floor |= dict.fromkeys(component, 1 + max(below, default=0))
    return max(floor.values(), default=0)


def map_order(checkout: Path) -> dict[str, int]:
    """Part -> its line of the map in `batchviz/__init__.py`, the lowest floor first."""
    text = ast.get_docstring(
        ast.parse((checkout / "batchviz" / "__init__.py").read_text("utf-8")), clean=False
    )
    lines = [
        match[1].replace("/", "").split()
        for match in map(_MAP_LINE.match, (text or "").splitlines())
        if match
    ]
    return {name: number for number, names in enumerate(lines) for name in names}


def arrows_up(modules: Graph[str], order: Mapping[str, int]) -> list[str]:
    """The imports of a part that the map draws further down than the importer."""
    return sorted(
        f"{name} -> {target}"
        for name, targets in modules.items()
        for target in targets
        if order.get(part(target), -1) > order.get(part(name), len(order))
    )


def report(checkout: Path) -> Iterator[str]:
    """The numbers, a line each; what should not be there is named below its number."""
    for language, files in (("Python", python_files(checkout)), ("JavaScript", javascript_files(checkout))):
        lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
        largest = max(lines, key=lines.__getitem__)
        yield f"{language}: {len(files)} files, {sum(lines.values()):,} lines"
        yield f"  median {statistics.median(lines.values()):g} lines"
        yield f"  largest {lines[largest]:,} lines, {largest.relative_to(checkout).as_posix()}"
    modules, scripts = python_imports(checkout), javascript_imports(checkout)
    parts = part_imports(modules)
    top = sorted(path.stem for path in (checkout / "batchviz").glob("*.py"))
    yield f"Modules at the top of the package: {len(top)} ({', '.join(top)})"
    yield f"Folders at the top of the package: {len({name for name in parts if name not in top} - {'app', 'pages'})}"
    yield f"Import layers: {longest_path(parts)} of {len(parts)} parts, {longest_path(modules)} of modules"
    yield from _listed("Circles of parts", map(_circle, circles(parts)))
    yield from _listed("Circles of modules", map(_circle, circles(modules)))
    yield from _listed("Circles of scripts", map(_circle, circles(scripts)))
    yield from _listed("Arrows running up the map", arrows_up(modules, map_order(checkout)))


def _circle(names: Iterable[str]) -> str:
    return ", ".join(name.removeprefix("batchviz.") for name in names)


def _listed(title: str, entries: Iterable[str]) -> Iterator[str]:
    lines = [f"  {entry}" for entry in entries]
    return iter([f"{title}: {len(lines)}", *lines])


if __name__ == "__main__":
    print("\n".join(report(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve())))
