"""The fields of a run's JSON in an archive, each checked. All raise DataError naming folder and field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from batchviz.errors import DataError
from batchviz.experiment.records import Progress, Status
from batchviz.importers.imported_run import MAX_TAG_LENGTH, MAX_TAGS, clean, finite

MAX_FINAL = 64
MAX_REASON_LENGTH = 2000
UNFINISHED = "It was still training when it was archived."


def status(about: Mapping[str, Any], folder: str) -> tuple[Status, str]:
    """Status and reason; a run that was not over when it was archived is a stopped one."""
    reason = text(about, "reason", folder, MAX_REASON_LENGTH)
    try:
        found = Status(str(about.get("status")))
    except ValueError:
        raise wrong(folder, "status", f"one of {', '.join(Status)}") from None
    return (found, reason) if found.final else (Status.STOPPED, UNFINISHED)


def final(about: Mapping[str, Any], folder: str) -> dict[str, float]:
    """The values that lists show."""
    values = mapping(about, "final", folder)
    named = all(re.fullmatch(r"[a-z_]{1,40}", name, re.ASCII) for name in values)
    if len(values) > MAX_FINAL or not named or not all(map(finite, values.values())):
        raise wrong(folder, "final", "finite numbers by name")
    return {name: float(value) for name, value in values.items()}


def progress(about: Mapping[str, Any], folder: str) -> Progress:
    """How far the run came."""
    given = mapping(about, "progress", folder)
    values: list[Any] = [given.get(name) for name in ("updates", "examples", "epochs", "seconds")]
    if not all(finite(value) and 0 <= value < 1e12 for value in values):
        raise wrong(folder, "progress", "four numbers that are not negative")
    updates, examples, epochs, seconds = map(float, values)
    return Progress(int(updates), int(examples), epochs, seconds)


def mapping(about: Mapping[str, Any], name: str, folder: str) -> dict[str, Any]:
    """An object inside the object."""
    value = about.get(name)
    if not isinstance(value, dict):
        raise wrong(folder, name, "an object")
    return value


def text(about: Mapping[str, Any], name: str, folder: str, most: int) -> str:
    """Text; empty where there is none."""
    value = about.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise wrong(folder, name, f"text of at most {most:,} characters")
    return clean(value, most)


def wrong(folder: str, name: str, expected: str) -> DataError:
    """The error to raise for a field."""
    return DataError(f"{folder}/run.json: {name} is not as it should be; expected {expected}.")


def tags(about: Mapping[str, Any], folder: str) -> tuple[str, ...]:
    """The exporter's tags."""
    given = about.get("tags", [])
    if not isinstance(given, list) or len(given) > MAX_TAGS:
        raise wrong(folder, "tags", f"a list of at most {MAX_TAGS}")
    return tuple(text({"tags": tag}, "tags", folder, MAX_TAG_LENGTH) for tag in given)
