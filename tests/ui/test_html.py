"""HTML comes from templates, which escape; nobody puts it together by hand."""

import ast
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

from batchviz.frontend.assets import HERE
from batchviz.frontend.templates import Markup, render

ROOT = Path(__file__).parents[2]
HOME = ROOT / "batchviz/ui/components/html.py"
TEMPLATES = [path.name for path in sorted((HERE / "html").glob("*.html"))]


def offences(text: str, place: str, *, at_home: bool = False) -> Iterator[str]:
    """Every call that hands a browser HTML which did not come from a template."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        unsafe = any(keyword.arg == "unsafe_allow_html" for keyword in node.keywords)
        rendered = bool(node.args) and ast.unparse(node.args[0]).startswith("render(")
        if unsafe or (name == "st.html" and not (at_home and rendered)):
            yield f"{place}:{node.lineno} hands Streamlit HTML itself: use a template, by ui/components/html.py"
        elif name == "Markup" and not at_home:
            yield f"{place}:{node.lineno} vouches for HTML: only ui/components/html.py does, for our own files"


def test_html_is_put_together_nowhere_else():
    sources = [*(ROOT / "batchviz/ui").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
    assert HOME in sources
    found = [offences(path.read_text(), str(path), at_home=path == HOME) for path in sources]
    assert [offence for of_file in found for offence in of_file] == []


@pytest.mark.parametrize(
    ("text", "at_home"),
    [
        ("st.html(f'<p>{name}</p>')", False),
        ("st.html('<p>{}</p>'.format(name))", True),
        ("st.markdown(f'<p>{name}</p>', unsafe_allow_html=True)", True),
        ("html.paragraph(Markup(name), 'quiet')", False),
    ],
)
def test_who_does_it_all_the_same_is_named(text, at_home):
    (offence,) = offences(text, "page.py", at_home=at_home)
    assert offence.startswith("page.py:1")


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\" onload=x '", "&lt;", "a\u202eb & c"])
def test_what_is_put_into_a_template_is_text(hostile):
    page = render("paragraph.html", text=hostile, style=hostile, testid=hostile, role="")
    inside = page.removeprefix('<p class="batchviz-').removesuffix("</p>")
    assert "<" not in inside
    assert page.count('"') == 4
    assert Markup(page).striptags().strip() == " ".join(hostile.split())


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_names_has_to_be_given(name):
    source = (HERE / "html" / name).read_text()
    if "{{" in source and "{% macro" not in source:  # a macro draws nothing by itself
        with pytest.raises(jinja2.UndefinedError):
            render(name)


def test_no_template_turns_escaping_off():
    for name in TEMPLATES:
        source = (HERE / "html" / name).read_text()
        assert "|safe" not in source.replace(" ", ""), name
        assert "autoescape" not in source, name
