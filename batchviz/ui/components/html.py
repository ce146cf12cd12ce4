"""The only module that hands HTML to Streamlit: all of it comes from templates, which escape what is put into them.

Text from files and people is shown as text: never as HTML, never as Markdown.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import streamlit as st

from batchviz.frontend.assets import text
from batchviz.frontend.templates import Markup, render


def draw(template: str, /, **values: object) -> None:
    """A template of `frontend/html`, filled in; the terms in its sentences open their cards."""
    st.html(render(template, opens_cards=True, **values))


def page_name(name: str, claim: str | None = None, testid: str = "") -> None:
    """The page's own name, and a sentence beside it."""
    draw("page_name.html", name=name, claim=claim, testid=testid)


def heading(text: str, level: int = 2, style: str = "heading") -> None:
    """A heading inside the page."""
    draw("heading.html", text=text, level=level, style=style)


def paragraph(text: str, style: str, testid: str = "", role: str = "") -> None:
    """A paragraph in one of the page's styles (`batchviz-quiet`: "quiet")."""
    draw("paragraph.html", text=text, style=style, testid=testid, role=role)


def note(text: str) -> None:
    """A quiet remark beside what it is about, in a form or a dialog."""
    paragraph(text, "quiet")


def sentences(title: str, lines: Sequence[str], level: int = 2) -> None:
    """A heading and a sentence a line."""
    draw("sentences.html", title=title, lines=lines, level=level)


def author_words(title: str, text: str) -> None:
    """What the author of a link wrote over the chart; anybody can write a link."""
    if title or text:
        draw("author_words.html", title=title, text=text)


def shell(*styles: str) -> None:
    """The rules of every page: style sheets of ours by name, which alone may hold any."""
    st.html(render("shell.html", css=_css(styles)))


@functools.cache
def _css(styles: Sequence[str]) -> Markup:
    return Markup("".join(text(name) for name in styles))
