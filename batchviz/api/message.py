"""One run as the chart is told of it, in JSON."""

from __future__ import annotations

import json

from batchviz.api.mirror import Mirror
from batchviz.figures.playback import about, epoch_rows, update_rows
from batchviz.store import Have
from batchviz.store.codec import length


def message(mirror: Mirror, have: Have) -> bytes:
    """What is new for somebody who has `have` (attempt: the mirror's generation), as a JSON object."""
    known = (
        have.attempt == mirror.generation
        and have.epochs <= length(mirror.epochs)
        and have.updates <= len(mirror.buckets)
    )
    parts = {
        **about(mirror.run),
        "attempt": mirror.generation,
        "reset": have.attempt != 0 and not known,
        "queue_position": mirror.position,
        "epochs": epoch_rows(mirror.thinned, have.epochs if known else 0),
        "updates": update_rows(mirror.buckets, have.updates if known else 0),
    }
    return json.dumps(parts, separators=(",", ":"), allow_nan=False).encode()
