"""`batchviz serve --class`: a laptop as the server of a class room, its address as text and as a code to scan."""

from __future__ import annotations

import io
import os
import socket

import segno

from batchviz.errors import BatchVizError

EVERYWHERE = "0.0.0.0"
_ELSEWHERE = ("192.0.2.1", 9)
"""Any address outside this network (RFC 5737); nothing is sent there."""


def local_address() -> str:
    """This machine's address in the network that leads outside. Raises BatchVizError without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
            address = str(probe.getsockname()[0])
        except OSError:
            address = ""
    if not address or address.startswith("127."):
        raise BatchVizError(
            "This machine is in no network. Expected the one that the class is in: connect to it, then start again."
        )
    return address


def invitation(address: str) -> str:
    """What the teacher shows: the address, large enough to scan from the first rows, and in words."""
    code = io.StringIO()
    segno.make(address, error="m", micro=False).terminal(code, compact=True)
    return (
        f"{code.getvalue()}\nThe class opens  {address}\n\n"
        "Everybody in this network can open it. Where the code opens nothing, the network keeps its devices apart "
        "(guest networks do), or this machine's firewall asks whether to let others in.\n"
    )


def environment() -> dict[str, str]:
    """A worker a core, as long as nobody says otherwise."""
    return {"BATCHVIZ_WORKERS": str(os.cpu_count() or 1), "STREAMLIT_SERVER_HEADLESS": "true"}
