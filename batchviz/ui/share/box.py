"""A link with everything to hand it on: copy button, QR code, embed snippet."""

from __future__ import annotations

from html import escape
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from batchviz.ui.share.qr import qr_code

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "batchviz_share",
    html=(_HERE / "share.html").read_text(encoding="utf-8"),
    css=(_HERE / "share.css").read_text(encoding="utf-8"),
    js=(_HERE / "share.js").read_text(encoding="utf-8"),
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
        },
    )
    if only_here(link):
        st.caption(
            "This address works on this computer only. To share it, open BatchViz by the address this computer has "
            "in your network."
        )


def embed_snippet(link: str, title: str, height: int) -> str:
    """HTML that shows the link inside another page, without Streamlit's own header."""
    source = f"{link}{'&' if '?' in link else '?'}embed=true"
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="100%" height="{height}" '
        'style="border: 0" loading="lazy" allow="fullscreen; clipboard-write"></iframe>'
    )


def only_here(link: str) -> bool:
    """Whether the link's host is a name that every computer has for itself."""
    host = urlsplit(link).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
