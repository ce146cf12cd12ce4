"""The rows of the table: what stands in each column, of one run or of the runs of one experiment."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from batchviz.experiment.columns import MEASURED, NUMBERS, SETTINGS, Value, differing, settings
from batchviz.experiment.library import LibraryEntry, RunGroup, Spread
from batchviz.experiment.records import Source, Status
from batchviz.text.names import SOURCES, details
from batchviz.text.run_columns import interval, share, value_text

WRITTEN = ("name", "tags", "note", "favourite")
"""Columns that a visitor writes in, by their names in `Store.annotate`."""
QUALITIES = ("val_loss", "val_metric", "train_loss", "train_metric")
"""Columns whose range stands beside their mean."""


def default_columns(
    experiments: Sequence[Mapping[str, Value]], searched: Collection[str] = (), *, seeds: bool
) -> list[str]:
    """What a list shows when no columns are chosen: what tells its runs apart, and what was `asked` about.

    A phone shows the first two.
    """
    names = {*differing(experiments), *searched} - {"batch_size", "dataset"}
    telling = [name for name in SETTINGS if name in names]
    return [
        "batch_size", "val_loss", *telling, *(["seed"] if seeds else []), "dataset", "status", "updates", "seconds",
        "bytes",
    ]  # fmt: skip


def values(entry: LibraryEntry) -> dict[str, Value]:
    """What a run says in each column."""
    run = entry.run
    measured: dict[str, Value] = {name: run.final.get(name) for name in QUALITIES}
    begun = run.status is not Status.QUEUED
    measured |= {name: run.counted(name) if begun else None for name in ("updates", "seconds")}
    facts: dict[str, Value] = {"status": str(run.status), "source": str(run.source), "bytes": entry.bytes}
    return {**settings(run.spec, run.source, run.final), **measured, **facts}


def frame(
    entries: Sequence[LibraryEntry],
    columns: Sequence[str],
    selected: Sequence[str],
    zone: ZoneInfo,
    *,
    upload_names: Mapping[str, str] = MappingProxyType({}),
    owners: bool = False,
) -> pd.DataFrame:
    """A row a run, its id the index. The types are stated, so that a table keeps them when it runs empty of values.

    `own` names the visitor's own data, by data set; `owners` adds a column that tells visitors apart.
    """
    chosen = set(selected)
    rows = [values(entry) for entry in entries]
    data: dict[str, Any] = {
        "selected": [entry.run.id in chosen for entry in entries],
        **{name: _column(name, [row[name] for row in rows], upload_names) for name in columns[:2]},
        "name": _texts(entry.name for entry in entries),
        **{name: _column(name, [row[name] for row in rows], upload_names) for name in columns[2:]},
        "favourite": [entry.favourite for entry in entries],
        "tags": _written("tags", [list(entry.tags) for entry in entries]),
        "note": _texts(entry.note for entry in entries),
        "created": _times(entries, zone),
        "set_up": _texts(_configuration(entry) for entry in entries),
    }
    if owners:
        data["owner"] = _texts(pseudonym(entry.run.owner) for entry in entries)
    return _table(data, [entry.run.id for entry in entries])


def group_frame(
    groups: Sequence[RunGroup],
    columns: Sequence[str],
    selected: Sequence[str],
    zone: ZoneInfo,
    *,
    written: Sequence[Mapping[str, Any]] = (),
    upload_names: Mapping[str, str] = MappingProxyType({}),
) -> pd.DataFrame:
    """A row an experiment, its key the index. `selected`: the keys of those whose runs are all selected.

    `written`: of each what stands in WRITTEN; without it these columns are left out.
    """
    chosen = set(selected)
    rows = [values(group.newest) for group in groups]
    data: dict[str, Any] = {"selected": [group.experiment in chosen for group in groups]}
    for place, name in enumerate(columns):
        if place == 2:  # as in the table of runs
            data["done"] = _texts(share(group.done, group.runs) for group in groups)
            data |= {"name": _texts(on["name"] for on in written)} if written else {}
        if name in MEASURED:
            spreads = [group.spreads.get(name) for group in groups]
            data[name] = _numbers(spread and spread.mean for spread in spreads)
            if name in QUALITIES:
                data[f"{name}_range"] = _texts(map(_range, spreads))
        elif name in SETTINGS and name != "seed":
            data[name] = _column(name, [row[name] for row in rows], upload_names)
    if written:
        data |= {name: _written(name, [on[name] for on in written]) for name in WRITTEN}
    newest = [group.newest for group in groups]
    data |= {
        "done": _texts(share(group.done, group.runs) for group in groups),
        "created": _times(newest, zone),
        "set_up": _texts(_configuration(entry, seed=False) for entry in newest),
    }
    return _table(data, [group.experiment for group in groups])


def pseudonym(owner: str) -> str:
    """Tells visitors apart for the administrator. Their names are their keys, so they are shown to nobody."""
    return hashlib.sha256(f"batchviz visitor {owner}".encode()).hexdigest()[:8]


def _configuration(entry: LibraryEntry, *, seed: bool = True) -> str:
    run = entry.run
    configured = "" if run.source is Source.HISTORY else details(run.spec)
    if not seed:
        configured = configured.rpartition(", seed")[0]
    source = "" if run.source is Source.HERE else SOURCES[run.source]
    return ". ".join(part for part in (source, run.title, configured) if part)


def _range(spread: Spread | None) -> str:
    return interval(spread.low, spread.high) if spread else ""


def _column(name: str, values: Sequence[Value], upload_names: Mapping[str, str]) -> Any:
    return (
        _numbers(values)
        if name in NUMBERS
        else _texts(value_text(name, value, upload_names) for value in values)
    )


def _written(name: str, values: Sequence[Any]) -> Any:
    if name == "tags":
        return pd.Series(values, dtype=pd.ArrowDtype(pa.list_(pa.string())))
    return list(values) if name == "favourite" else _texts(values)


def _times(entries: Sequence[LibraryEntry], zone: ZoneInfo) -> Any:
    return pd.to_datetime([entry.run.created for entry in entries], unit="s", utc=True).tz_convert(zone)


def _table(data: Mapping[str, Any], index: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame({name: _plain(column) for name, column in data.items()})
    return table.set_axis(pd.Index(index, dtype=object), axis=0)


def _texts(values: Any) -> Any:
    return pd.Series(list(values), dtype=object)


def _numbers(values: Any) -> Any:
    return pd.Series([math.nan if value is None else float(value) for value in values], dtype="float64")


def _plain(values: Any) -> Any:
    return values if isinstance(values, pd.Series) else pd.Series(values)
