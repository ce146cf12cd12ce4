"""A link with everything to hand it on: copy button, QR code, embed snippet."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from batchviz.frontend.assets import text
from batchviz.frontend.qr import qr_code
from batchviz.frontend.templates import render
from batchviz.text.numbers import listing
from batchviz.ui import resources
from batchviz.ui.components import html

_component = st.components.v2.component(
    "batchviz_share",
    html=text("html/share.html"),
    css=text("css/share.css"),
    js=text("src/share/index.js"),
)


def link_box(link: str, *, title: str, height: int, key: str) -> None:
    """Show the link. `title` names what it opens; `height` is that of a frame in another page, CSS pixels."""
    _component(
        key=key,
        data={
            "link": link,
            "title": title,
            "qr": qr_code(link),
            "embed": embed_snippet(link, title, height),
            "height": height,
            "note": _where_frames_work(resources.access().frames),
        },
    )
    if only_here(link):
        html.note(
            "This address works on this computer only. To share it, open BatchViz by the address this computer has "
            "in your network."
        )


def _where_frames_work(origins: Sequence[str]) -> str:
    if "*" in origins:
        return ""
    if origins:
        return f"Works on pages of {listing(origins)}."
    return "Works on pages of this address only. Whoever runs this server allows other sites: BATCHVIZ_EMBED_ORIGINS."


def embed_snippet(link: str, title: str, height: int) -> str:
    """HTML that shows the link inside another page, without Streamlit's own header."""
    source = f"{link}{'&' if '?' in link else '?'}embed=true"
    return render("embed.html", source=source, title=title, height=height)


def only_here(link: str) -> bool:
    """Whether the link's host is a name that every computer has for itself."""
    host = urlsplit(link).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
