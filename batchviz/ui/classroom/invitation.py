"""The way into a class: its code, its link and the same as a QR code."""

from __future__ import annotations

import base64

from batchviz.frontend.qr import qr_code
from batchviz.text import classroom as words
from batchviz.ui.classroom import state
from batchviz.ui.components import html
from batchviz.ui.components.share.link_box import only_here


def draw_invitation(code: str, *, wide: bool) -> None:
    """Code, link and QR code; `wide`: for a wall, where they are all there is."""
    link = state.link(code)
    picture = base64.b64encode(qr_code(link).encode()).decode()
    html.draw(
        "class_invitation.html", code=code, link=link, shown=link.partition("://")[2], wide=wide,
        picture=f"data:image/svg+xml;base64,{picture}", alt=f"QR code of the link to class {code}",
    )  # fmt: skip
    if only_here(link):
        html.note(words.ONLY_HERE)
