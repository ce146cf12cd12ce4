"""The cards of terms for src/terms, which opens them: words, picture, and the link that runs the example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import quote, urlencode

from batchviz.figures.terms import term_picture
from batchviz.text.term_places import CONTROLS
from batchviz.text.terms import TERMS


class CardPayload(TypedDict):
    """One term."""

    key: str
    name: str
    what: str
    expect: str
    picture: str
    """SVG."""
    example: str
    """The query of a link into the Playground."""


class TermsPayload(TypedDict):
    """What api/terms tells; src/terms/dialog.js says the same."""

    cards: list[CardPayload]
    controls: Mapping[str, str]
    """Key of a control -> key of the term behind its question mark."""


def payload(links: Mapping[str, Mapping[str, str]]) -> TermsPayload:
    """All cards, by name. `links` holds the parameters of each example's link."""
    cards: list[CardPayload] = [
        {
            "key": key,
            "name": term.name,
            "what": term.what,
            "expect": term.expect,
            "picture": term_picture(term.picture),
            "example": urlencode(links[key], safe=",", quote_via=quote),
        }
        for key, term in TERMS.items()
    ]
    return {"cards": sorted(cards, key=lambda card: card["name"].lower()), "controls": CONTROLS}
