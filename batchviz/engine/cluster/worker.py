"""One worker of a cluster and what is known of it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from batchviz.engine.backend import MeasuringRequest
from batchviz.engine.cluster.on_worker import Ready
from batchviz.experiment.records import Run


@dataclass
class ClusterWorker:
    """One worker, by its address."""

    address: str
    key: str = ""
    """Of the task that it has."""
    ready: Ready | None = None
    runs: Sequence[Run] = ()
    request: MeasuringRequest | None = None
    tasks: int = 0
    grown_bytes: int = 0
    """Since it was warm."""
    graph_keys: set[Hashable] = field(default_factory=set)
    ending: bool = False
    retry_at: float = float("inf")
    """When it is to be prepared once more."""

    @property
    def free(self) -> bool:
        """Ready and without work."""
        return self.ready is not None and not self.key and not self.ending
