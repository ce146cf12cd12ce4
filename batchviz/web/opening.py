"""The first screen in Streamlit's page: a recorded race that plays before Streamlit itself has started."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import parse_qs

from starlette.types import Scope

from batchviz.experiment.presets import PRESETS
from batchviz.frontend import opening as screen
from batchviz.frontend.assets import needed
from batchviz.links import experiment
from batchviz.recorded import opening as recorded
from batchviz.web.preload import ELEMENTS
from batchviz.web.streamlit_private import scripts

STREAMLITS = re.compile(rb'\s*<link rel="modulepreload" [^>]*>')
"""What Streamlit's page names early. Without these links its script asks for the same files, one after the other."""
FONT = re.compile(rb'\s*<link\s[^>]*as="font"[^>]*>')
"""Its own font, which it names early: 170 kB that no page of ours is set in (.streamlit/config.toml)."""
ROOT = b'<div id="root"></div>'
"""What Streamlit draws its page into."""
ELSEWHERE = ("runs", experiment.OPEN_TERM, *experiment.NON_SPEC_PARAMETERS)
"""Parameters of a link to other things: runs of one's own, a term's example, a teacher's words and locks."""


class StartMode(StrEnum):
    """How a page begins."""

    AT_ONCE = "at once"
    EMBEDDED = "embedded"
    """At once, in a frame on another page: without Streamlit's header and sidebar."""
    LATER = "later"
    """Not as long as there is something else to show."""


def start_mode(scope: Scope) -> StartMode:
    """What the address asks for: the Playground without runs, locks and words of an author begins with the race."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if scope["path"].rpartition("/")[2] or query.keys() & set(ELSEWHERE):
        return StartMode.LATER
    return StartMode.EMBEDDED if query.get("embed", [""])[-1].lower() == "true" else StartMode.AT_ONCE


def with_opening(html: bytes, how: StartMode) -> bytes:
    """The page with the screen in it; as it was where Streamlit's page is of another make."""
    if html.count(ROOT) != 1:
        return html
    head, body = screen.head(playing=how is not StartMode.LATER), screen.body(_section(), how.value)
    html = FONT.sub(b"", html)
    if how is not StartMode.LATER:
        # Behind the screen, for its script: that it moves is what is waited for, and all else comes soon after.
        body += _later(STREAMLITS.findall(html))
        html = STREAMLITS.sub(b"", html)
    return html.replace(b"<head>", b"<head>" + head.encode(), 1).replace(ROOT, ROOT + body.encode(), 1)


def _later(streamlits: Sequence[bytes]) -> str:
    """What the browser asks for as soon as the screen moves: the modules that Streamlit starts with, those that the
    page will hold, and its styles, which apply to nothing yet.
    """
    modules, styles = needed("live")
    links = [
        *(link.decode().strip() for link in streamlits),
        *(f'<link rel="modulepreload" href="{path}">' for path in [*scripts(*ELEMENTS), *modules]),
        *(f'<link rel="stylesheet" media="not all" href="{path}">' for path in styles),
    ]
    return f'<template id="batchviz-later">{"".join(links)}</template>'


@functools.cache
def _section() -> str:
    race = recorded()
    links = {name: experiment.encode(preset.spec) for name, preset in PRESETS.items()}
    return screen.section([(run.run, run.rows) for run in race.runs], race.note, PRESETS, links)
