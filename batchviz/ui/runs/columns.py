"""The columns of the table: which, how wide, which can be written in."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import streamlit as st

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.limits import MAX_NOTE_LENGTH, MAX_RUN_NAME_LENGTH
from batchviz.experiment.records import Source
from batchviz.text.names import SOURCES, details
from batchviz.text.numbers import byte_size, number, quantity
from batchviz.ui.components.run_questions import dataset_name

WRITTEN = ("name", "tags", "note", "favourite")
"""Columns that a visitor writes in, by their names in `Store.annotate`."""
PRINTED: Mapping[str, Callable[[Any], str]] = {
    "batch_size": quantity, "val_loss": number, "updates": quantity, "seconds": number, "bytes": byte_size,
}  # fmt: skip
"""Numbers, and how they are written."""


def frame(
    entries: Sequence[LibraryEntry],
    selected: Sequence[str],
    zone: ZoneInfo,
    *,
    own: Mapping[str, str] = MappingProxyType({}),
    owners: bool = False,
) -> pd.DataFrame:
    """A row a run, its id the index. The types are stated, so that a table keeps them when it runs empty of values.

    `own` names the visitor's own data, by data set; `owners` adds a column that tells visitors apart.
    """
    chosen = set(selected)
    data: dict[str, Any] = {
        "selected": [entry.run.id in chosen for entry in entries],
        # What a phone shows without scrolling comes first.
        "batch_size": [entry.run.plan.first.batch_size for entry in entries],
        "val_loss": _numbers(entry.run.final.get("val_loss") for entry in entries),
        "name": _texts(entry.name for entry in entries),
        "data": _texts(dataset_name(entry.run.spec.dataset, own) for entry in entries),
        "status": _texts(entry.run.status.capitalize() for entry in entries),
        "favourite": [entry.favourite for entry in entries],
        "tags": pd.Series(
            [list(entry.tags) for entry in entries], dtype=pd.ArrowDtype(pa.list_(pa.string()))
        ),
        "note": _texts(entry.note for entry in entries),
        "updates": _numbers(entry.run.counted("updates") for entry in entries),
        "seconds": _numbers(entry.run.counted("seconds") for entry in entries),
        "created": pd.to_datetime([entry.run.created for entry in entries], unit="s", utc=True).tz_convert(
            zone
        ),
        "set_up": _texts(map(_configuration, entries)),
        "bytes": [entry.bytes for entry in entries],
    }
    if owners:
        data["owner"] = _texts(pseudonym(entry.run.owner) for entry in entries)
    table = pd.DataFrame({name: _plain(values) for name, values in data.items()})
    return table.set_axis(pd.Index([entry.run.id for entry in entries], dtype=object), axis=0)


def configuration(tags: Sequence[str], *, read_only: bool) -> dict[str, Any]:
    """How each column is shown."""
    column = st.column_config
    return {
        "selected": column.CheckboxColumn(
            "Select", width=84, pinned=True, help="Select runs for the buttons above."
        ),
        "favourite": column.CheckboxColumn("Favourite", width=108, disabled=read_only),
        "name": column.TextColumn("Name", width=150, max_chars=MAX_RUN_NAME_LENGTH, disabled=read_only),
        "data": column.TextColumn("Data", width=125, disabled=True),
        "batch_size": column.NumberColumn("Batch size", width=80, disabled=True),
        "val_loss": column.NumberColumn("Validation loss", width=105, disabled=True),
        "status": column.TextColumn("Status", width=80, disabled=True),
        "tags": column.MultiselectColumn(
            "Tags", width=135, options=list(tags), accept_new_options=True, disabled=read_only
        ),
        "note": column.TextColumn("Note", width=150, max_chars=MAX_NOTE_LENGTH, disabled=read_only),
        "updates": column.NumberColumn("Updates", width=80, disabled=True),
        "seconds": column.NumberColumn("Seconds", width=75, help="Of training.", disabled=True),
        "created": column.DatetimeColumn("Made", width=145, format="D MMM YYYY, HH:mm", disabled=True),
        "set_up": column.TextColumn("Set-up", width=280, disabled=True),
        "bytes": column.NumberColumn("Storage", width=80, disabled=True),
        "owner": column.TextColumn("Visitor", width=90, disabled=True),
    }


def pseudonym(owner: str) -> str:
    """Tells visitors apart for the administrator. Their names are their keys, so they are shown to nobody."""
    return hashlib.sha256(f"batchviz visitor {owner}".encode()).hexdigest()[:8]


def _configuration(entry: LibraryEntry) -> str:
    run = entry.run
    configured = "" if run.source is Source.HISTORY else details(run.spec)
    source = "" if run.source is Source.HERE else SOURCES[run.source]
    return ". ".join(part for part in (source, run.title, configured) if part)


def _texts(values: Any) -> Any:
    return pd.Series(list(values), dtype=object)


def _numbers(values: Any) -> Any:
    return pd.Series([math.nan if value is None else float(value) for value in values], dtype="float64")


def _plain(values: Any) -> Any:
    return values if isinstance(values, pd.Series) else pd.Series(values)
