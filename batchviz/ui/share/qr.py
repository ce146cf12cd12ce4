"""QR codes of links, as SVG."""

from __future__ import annotations

import io

import segno
from segno.encoder import DataOverflowError


def qr_code(text: str) -> str:
    """A QR code as an SVG picture: black on white whatever the theme, since few readers know inverted ones.

    The least correction gives the fewest modules, so the largest ones on a projector; segno raises it where that
    costs none. Empty when the text is longer than any QR code holds.
    """
    try:
        code = segno.make(text, error="l", micro=False)
    except DataOverflowError:
        return ""
    picture = io.BytesIO()
    code.save(picture, kind="svg", scale=10, border=4, dark="#000", light="#fff", xmldecl=False, nl=False)
    return picture.getvalue().decode()
