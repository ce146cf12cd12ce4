"""One list of colours, which the settings of Streamlit agree with; one file that depends on Streamlit's own names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from batchviz.frontend.assets import HERE, text

THEME = tomllib.loads((HERE.parents[1] / ".streamlit" / "config.toml").read_text())["theme"]
STYLES = {path.name: path.read_text(encoding="utf-8") for path in sorted((HERE / "css").glob("*.css"))}
TOKENS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(
        r"--batchviz-([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", STYLES["tokens.css"]
    )
}
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@SCHEMES
def test_the_tokens_are_the_colours_of_streamlits_settings(scheme: str) -> None:
    settings = THEME[scheme]
    assert {
        name: TOKENS[name][scheme] for name in ("page", "surface", "card", "ink", "border", "accent")
    } == {
        "page": settings["backgroundColor"],
        "surface": settings["secondaryBackgroundColor"],
        "card": settings["sidebar"]["backgroundColor"],
        "ink": settings["textColor"],
        "border": settings["borderColor"],
        "accent": settings["primaryColor"],
    }


@SCHEMES
def test_the_page_that_plays_alone_has_the_colours_of_streamlits_settings(scheme: str) -> None:
    light, dark = STYLES["player.css"].split("@media (prefers-color-scheme: dark)")
    assert dict(re.findall(r"--st-([\w-]+)-color: (#\w+);", {"light": light, "dark": dark}[scheme])) == {
        "background": THEME[scheme]["backgroundColor"],
        "text": THEME[scheme]["textColor"],
        "primary": THEME[scheme]["primaryColor"],
    }


def test_a_chart_that_finds_no_theme_takes_the_light_one() -> None:
    otherwise = dict(re.findall(r'variable\("([\w-]+)-color", "(#\w+)"\)', text("src/chart/theme.js")))
    light = THEME["light"]
    assert otherwise == {
        "background": light["backgroundColor"],
        "text": light["textColor"],
        "primary": light["primaryColor"],
    }


def test_every_colour_of_a_style_sheet_is_a_token() -> None:
    own = {"tokens.css", "player.css"}  # the tokens; a page without Streamlit, whose variables it sets
    literal = {name: set(HEX.findall(_rules(css))) for name, css in STYLES.items() if name not in own}
    assert literal.pop("share.css") == {"#fff", "#000"}, "a QR code is black on white, whatever the theme"
    assert not {name: colors for name, colors in literal.items() if colors}


def test_every_token_is_used_and_every_one_that_is_used_exists() -> None:
    used = {name for css in STYLES.values() for name in re.findall(r"var\(--batchviz-([\w-]+)\)", css)}
    assert used == set(TOKENS)


def test_names_of_streamlits_own_stand_in_three_style_sheets() -> None:
    assert {name for name, css in STYLES.items() if "data-testid" in _rules(css)} == {
        "embedded.css",
        "presenter.css",
        "streamlit.css",
    }
    assert not [
        path for path in Path(HERE.parent).rglob("*.py") if "[data-testid" in path.read_text(encoding="utf-8")
    ]


def _rules(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
