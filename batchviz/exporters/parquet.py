"""Any selection as one Parquet file: typed, compressed, every number as it was recorded.

A run is a row group (several from 262,144 rows on), so that a reader may take one run alone. NaN and infinities
stay what they are; null means that a run which was trained elsewhere does not say. What holds for a whole run
(its spec, its name, how it ended) is JSON in the file's metadata, under `batchviz`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.series import SERIES
from batchviz.exporters.columns import (
    AXIS,
    DESCRIPTIONS,
    MEASURED,
    WHOLE,
    about,
    pieces,
    run_metadata,
)
from batchviz.exporters.selection import Selection
from batchviz.exporters.streaming import WriteThrough

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS = 262_144
"""Most rows in memory at once: some 15 MB."""


def epochs(selection: Selection) -> Iterator[bytes]:
    """A row an epoch; row 0 of a run is before its first update."""
    return _file(selection, "epochs")


def updates(selection: Selection) -> Iterator[bytes]:
    """A row an update: loss and metric of its batch, before the update."""
    return _file(selection, "updates")


def measured(selection: Selection) -> Iterator[bytes]:
    """A row a measurement between the ends of epochs."""
    return _file(selection, "measured")


def _file(selection: Selection, kind: str) -> Iterator[bytes]:
    from pyarrow import parquet

    schema, outlet = _schema(selection, kind), WriteThrough()
    with parquet.ParquetWriter(outlet, schema, compression="zstd") as writer:
        yield outlet.drain()
        for entry in selection.entries:
            for group in _groups(selection, entry, kind, schema):
                writer.write_table(group, row_group_size=GROUP_ROWS)
                yield outlet.drain()
    yield outlet.drain()


def _groups(selection: Selection, entry: LibraryEntry, kind: str, schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of a run, as many at once as make a row group."""
    import pyarrow as pa

    run_metadata = about(entry)
    waiting: list[pa.Table] = []
    for position, series in pieces(selection, entry, kind):
        columns: dict[str, Any] = {name: [value] * len(position) for name, value in run_metadata.items()}
        columns |= {AXIS[kind]: position, **{name: series[name] for name in SERIES[kind].names}}
        arrays = [_array(columns[field.name], field) for field in schema]
        waiting.append(pa.table(arrays, schema=schema))
        if sum(len(table) for table in waiting) >= GROUP_ROWS:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _array(values: NDArray[Any] | list[Any], field: pa.Field) -> pa.Array:
    """A column; a count that is not known is null, whatever else is not finite stays what it is."""
    import pyarrow as pa

    if isinstance(values, list) or not pa.types.is_integer(field.type):
        return pa.array(values, field.type)
    known_values = np.isfinite(values)
    return pa.array(np.where(known_values, values, 0).astype(np.int64), field.type, mask=~known_values)


def _schema(selection: Selection, kind: str) -> pa.Schema:
    import pyarrow as pa

    def field(name: str, kind_of: pa.DataType) -> pa.Field:
        description = MEASURED[kind] if name in ("loss", "metric") else DESCRIPTIONS[name]
        return pa.field(name, kind_of, metadata={"description": description})

    numbers = ("run_batch_size", "run_seed")
    whole = {*WHOLE, "update"}
    names = [*about(selection.entries[0])] if selection.entries else []
    return pa.schema(
        [
            *(field(name, pa.int64() if name in numbers else pa.string()) for name in names),
            field(AXIS[kind], pa.int64() if AXIS[kind] in whole else pa.float64()),
            *(field(name, pa.int64() if name in whole else pa.float32()) for name in SERIES[kind].names),
        ],
        metadata={"batchviz": json.dumps({"version": 1, "rows": kind, "runs": run_metadata(selection)})},
    )
