"""JSON of strangers: what is refused, and what it may cost to find out."""

import subprocess
import sys

import pytest

from batchviz.errors import DataError
from batchviz.importers import bounded_json
from batchviz.importers.limits import MAX_JSON_DEPTH


def test_as_deep_as_is_allowed_and_no_deeper() -> None:
    depth = MAX_JSON_DEPTH
    assert bounded_json.loads(b"[" * depth + b"]" * depth, "The file")
    with pytest.raises(DataError, match="The file is not JSON that can be read: it is nested too deeply"):
        bounded_json.loads(b"[" * (depth + 1) + b"]" * (depth + 1), "The file")


def test_brackets_in_a_text_are_not_depth() -> None:
    assert bounded_json.loads(b'{"a": "' + b"[" * 1000 + b'"}', "The file") == {"a": "[" * 1000}


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_is_read_only_where_it_is_allowed(number: bytes) -> None:
    assert isinstance(bounded_json.loads(b"[" + number + b"]", "The file", allow_nan=True)[0], float)
    with pytest.raises(DataError, match="not a number that JSON has"):
        bounded_json.loads(b"[" + number + b"]", "The file")


def test_a_long_text_costs_memory_in_proportion_to_its_length() -> None:
    """20 MB of one string; in a process of its own, whose peak is its own."""
    pytest.importorskip("resource")
    program = """
import resource
from batchviz.importers import bounded_json
data = b'{"loss": "' + b"a" * 20_000_000 + b'"}'
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
bounded_json.loads(data, "The file")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(answer.stdout) < 150  # MB; a pattern that keeps a state a character takes two thousand
