"""What runs say: pure functions of records, no drawing, no training."""

from batchviz.analysis.sentence import describe
from batchviz.analysis.speed import Speed, expected_speed

__all__ = ["Speed", "describe", "expected_speed"]
