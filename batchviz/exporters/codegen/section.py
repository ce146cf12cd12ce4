"""A part of a generated program."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

WIDTH = 100


@dataclass(frozen=True)
class Section:
    """What a part is about, the definitions it makes, and the lines that use them."""

    title: str
    explanation: str
    """Sentences; Markdown in the notebook, a comment in the script."""
    code: str
    """Constants and functions."""
    run: str = ""
    """In the notebook it stands below `code`, in the script at the file's end."""
    imports: tuple[str, ...] = ()
    exception: str = ""
    """A sentence for the program's head: what it needs beside Keras and NumPy."""
    packed: bool = False
    """Whether the code is data that nobody reads: last in the script, folded in the notebook."""


def comment(text: str) -> str:
    """Sentences as a comment."""
    return textwrap.fill(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


def docstring(text: str, indent: str = "    ") -> str:
    """Sentences as a docstring; the text is ours, never a visitor's."""
    lines = textwrap.wrap(text, WIDTH - len(indent) - 6)
    if len(lines) == 1:
        return f'{indent}"""{lines[0]}"""'
    return "\n".join([f'{indent}"""{lines[0]}', *(indent + line for line in lines[1:]), f'{indent}"""'])


def plural(count: int, noun: str) -> str:
    """`1 update`, `1,000 updates`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
