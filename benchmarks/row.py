"""One line of the table."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Row:
    """One comparison: samples of ours and of the peer in `unit`, and the target.

    `needs`: "faster" wants peer / ours of at least `target`, "within" wants ours / peer of at most `target`,
    and "below" wants ours of at most `target` with no peer.
    """

    name: str
    ours: Sequence[float]
    peer: Sequence[float]
    unit: str
    needs: Literal["faster", "within", "below"]
    target: float
    note: str = ""
    statistic: Literal["median", "p95"] = "median"
    skipped: str = field(default="", kw_only=True)

    @classmethod
    def skip(cls, name: str, why: str) -> Row:
        """A row that could not be measured."""
        return cls(name, (), (), "", "below", math.nan, skipped=why)

    @property
    def our_value(self) -> float:
        """The median, or the 95th percentile."""
        if self.statistic == "p95":
            return sorted(self.ours)[max(0, math.ceil(0.95 * len(self.ours)) - 1)]
        return statistics.median(self.ours)

    @property
    def peer_value(self) -> float:
        """The peer's median; NaN without a peer."""
        return statistics.median(self.peer) if self.peer else math.nan

    @property
    def ratio(self) -> float:
        """How many times faster we are, or, for "within", how many times the peer's value ours is."""
        if self.needs == "faster":
            return self.peer_value / self.our_value
        return self.our_value / self.peer_value

    @property
    def reached(self) -> bool:
        """Whether the target is met."""
        if self.skipped:
            return False
        if self.needs == "below":
            return self.our_value <= self.target
        return self.ratio >= self.target if self.needs == "faster" else self.ratio <= self.target

    @property
    def cells(self) -> tuple[str, ...]:
        """As printed: name, ours, peer, ratio, target, reached."""
        if self.skipped:
            return (self.name, "-", "-", "-", "-", f"skipped: {self.skipped}")
        below = self.needs == "below"
        target = {
            "faster": f">= {self.target:g} x",
            "within": f"<= {self.target:g} x",
            "below": f"<= {self.target:g} {self.unit}",
        }[self.needs]
        return (
            self.name,
            f"{self.our_value:,.4g} {self.unit}",
            "-" if below else f"{self.peer_value:,.4g} {self.unit}",
            "-" if below else f"{self.ratio:.3g} x",
            target,
            "reached" if self.reached else "NOT reached",
        )

    def record(self) -> dict[str, object]:
        """Everything, for --json."""
        if self.skipped:
            return {"name": self.name, "skipped": self.skipped}
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": list(self.ours),
            "peer": list(self.peer),
            "statistic": self.statistic,
            "our_value": self.our_value,
            "peer_value": None if self.needs == "below" else self.peer_value,
            "ratio": None if self.needs == "below" else self.ratio,
            "needs": self.needs,
            "target": self.target,
            "reached": self.reached,
            "note": self.note,
        }
