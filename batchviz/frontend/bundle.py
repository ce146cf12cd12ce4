"""Our scripts as one file: a browser asks once instead of seventy times, and a page that plays alone holds one script.

There is no build and no dependency: modules here import named things or a whole module from their neighbours and
export what they declare, so that each can stand as a function that returns its exports, below those it imports. Its
text is the one that was written, line by line.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

_IMPORT = re.compile(r'^import (\* as \w+|\{[^}]*\}) from "(\.[^"]+)";', re.MULTILINE)
_LATER = re.compile(r'(?<=await )import\("(\.[^"]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_NOT_READ = re.compile(r"^(?:import|export)\b[^\n]*", re.MULTILINE)


class Bundler:
    """Makes such files of modules, whose text `source` gives by their names.

    `instead` names the module that stands in place of another, for whoever imports that.
    Raises ValueError for an import or export that is written otherwise, or goes in circles.
    """

    def __init__(
        self, source: Callable[[str], str], instead: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._source, self._instead = source, instead

    def bundle(self, entries: Mapping[str, str], first: Sequence[str] = (), first_address: str = "") -> str:
        """A module of these modules and all that they import; what each of them exports it exports under a name.

        Modules of `first` are in another such file, at this address, and are taken from there.
        """
        parts = [f'import {{ {", ".join(map(_variable, first))} }} from "{first_address}";'] if first else []
        parts += [self._wrapped(name) for name in self.in_order(entries.values()) if name not in first]
        parts += [f"export const {exported} = {_variable(name)};" for exported, name in entries.items()]
        return "\n".join(parts) + "\n"

    def program(self, name: str, *, shared: bool = False) -> str:
        """A file that runs this module, which exports nothing. Where it is `shared`, what that imports can be taken."""
        *imported, start = self.in_order([name])
        parts = [*map(self._wrapped, imported), f"{{ // {name}\n{self._body(start)}}}"]
        parts += [f"export {{ {', '.join(map(_variable, imported))} }};"] if shared else []
        return "\n".join(parts) + "\n"

    def in_order(self, entries: Iterable[str]) -> list[str]:
        """The modules and all that they import, each after what it imports."""
        ordered: dict[str, None] = {}

        def visit(name: str, above: tuple[str, ...]) -> None:
            if name in above:
                raise ValueError(f"{' -> '.join((*above, name))}: expected no circle of imports.")
            if name not in ordered:
                for imported in self._imports(name):
                    visit(imported, (*above, name))
                ordered[name] = None

        for name in entries:
            visit(name, ())
        return list(ordered)

    def _imports(self, name: str) -> list[str]:
        text = self._source(name)
        addresses = [*(address for _, address in _IMPORT.findall(text)), *_LATER.findall(text)]
        return [self._named(name, address) for address in addresses]

    def _named(self, name: str, address: str) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
        return self._instead.get(path, path)

    def _wrapped(self, name: str) -> str:
        """The module as a function that was called."""
        exports = ", ".join(_EXPORT.findall(self._source(name)))
        return f"const {_variable(name)} = (() => {{ // {name}\n{self._body(name)}return {{ {exports} }};\n}})();"

    def _body(self, name: str) -> str:
        """Its text, what it imports being there already."""

        def taken(match: re.Match[str]) -> str:
            what, other = match[1], _variable(self._named(name, match[2]))
            if what.startswith("*"):
                return f"const {what.split()[-1]} = {other};"
            return f"const {re.sub(r' as ', ': ', what)} = {other};"

        body = _EXPORT.sub("", _IMPORT.sub(taken, self._source(name)))
        body = _LATER.sub(lambda match: f"Promise.resolve({_variable(self._named(name, match[1]))})", body)
        if left := _NOT_READ.search(body):
            raise ValueError(f"{name}: {left[0]!r} is written in a way that cannot be put into one file.")
        return body


def _variable(name: str) -> str:
    """`$src_core_dom` for src/core/dom.js."""
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
