"""A link as a QR code."""

from __future__ import annotations

import io

import segno
from segno.encoder import DataOverflowError


def qr_code(text: str, *, scalable: bool = False) -> str:
    """A QR code as an SVG picture: black on white whatever the theme, since few readers know inverted ones.

    The least correction gives the fewest modules, so the largest ones on a projector; segno raises it where that
    costs none. `scalable`: of the size that a style sheet says. Empty when the text is longer than any QR code holds.
    """
    try:
        code = segno.make(text, error="l", micro=False)
    except DataOverflowError:
        return ""
    picture = io.BytesIO()
    code.save(
        picture,
        kind="svg",
        scale=10,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        nl=False,
        omitsize=scalable,
    )
    return picture.getvalue().decode()
