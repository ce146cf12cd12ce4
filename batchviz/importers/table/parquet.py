"""Parquet -> columns. The footer is checked before anything is unpacked, and what is unpacked is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from batchviz.errors import DataError
from batchviz.experiment.column_findings import NumberNotation, Way
from batchviz.importers.limits import (
    MAX_COLUMNS,
    MAX_PARQUET_LIST_LENGTH,
    MAX_PARQUET_ROWS,
    MAX_PARQUET_UNPACKED_BYTES,
)
from batchviz.importers.table import column, inference
from batchviz.importers.table.column import Column, Kind, compact
from batchviz.importers.table.options import kept_rows

_BATCH_ROWS = 10_000
_DAY = {"s": 86_400, "ms": 86_400 * 10**3, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}


def load(data: bytes, sample: str) -> tuple[list[str], list[pa.Array], int, frozenset[str]]:
    """The names, the columns with the rows to keep, how many rows there are in all, and which columns are an index.

    Raises TooManyRows, and DataError for damaged files and those that unpack to too much.
    """
    import pyarrow.parquet as pq  # here, because it takes the web process 7 MB, and most visitors bring no Parquet

    try:
        file = pq.ParquetFile(pa.BufferReader(data), thrift_container_size_limit=MAX_PARQUET_LIST_LENGTH)
        _check_footer(file.metadata)
        total = int(file.metadata.num_rows)
        kept = kept_rows(total, sample)
        # A word that a million rows share is held once: as text it would be unpacked a million times.
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        file = pq.ParquetFile(
            pa.BufferReader(data), read_dictionary=texts, thrift_container_size_limit=MAX_PARQUET_LIST_LENGTH
        )
        schema = file.schema_arrow
        return list(schema.names), _unpacked(file, total, kept), total, _index(schema)
    except DataError:
        raise
    except MemoryError:
        raise _too_much() from None
    except Exception as error:  # Arrow lets through whatever a damaged file provokes
        if "Exceeded size limit" in str(error):
            raise DataError(
                f"The Parquet file has more than {MAX_PARQUET_LIST_LENGTH:,} columns or row groups; expected at most "
                f"{MAX_COLUMNS:,} columns. Remove the columns that are not needed, and save it anew."
            ) from None
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise DataError(
            f"The Parquet file could not be read: {reason}. It is damaged or of an unknown version; save it again."
        ) from None


def judge(name: str, array: pa.Array, way: Way | None = None) -> Column:
    """What a column of a Parquet file is."""
    kind = array.type
    if pa.types.is_dictionary(kind) and not _is_text(kind.value_type):
        array = array.dictionary_decode()
        kind = array.type
    if _is_text(kind) or pa.types.is_dictionary(kind):
        return inference.of_words(name, array, way=way)
    if pa.types.is_null(kind):
        return column.of_numbers(name, Kind.NUMBER, np.full(len(array), np.nan))
    if pa.types.is_boolean(kind):
        return column.of_numbers(name, Kind.YES_NO, _floats(array.cast(pa.int8())))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return inference.of_numbers(name, _floats(array), way)
    if pa.types.is_time(kind):
        return _hours(name, array)
    if pa.types.is_date32(kind):
        return column.of_numbers(name, Kind.DATE, _floats(array.cast(pa.int32())))
    if pa.types.is_date64(kind) or pa.types.is_timestamp(kind):
        unit = "ms" if pa.types.is_date64(kind) else kind.unit
        return column.of_numbers(name, Kind.DATE, _floats(array.cast(pa.int64())) / _DAY[unit])
    return column.unsupported(name, len(array), column.shortened(str(kind), 40))


def _hours(name: str, array: pa.Array) -> Column:
    """Times without a day as hours, as those of a text file."""
    whole = pa.int32() if pa.types.is_time32(array.type) else pa.int64()
    hours = 24 * _floats(array.cast(whole)) / _DAY[array.type.unit]
    made = column.of_numbers(name, Kind.NUMBER, hours)
    times = array.drop_null()
    if not len(times):
        return made
    notation = NumberNotation(str(times[0]), float(hours[~np.isnan(hours)][0]))
    return replace(made, remarks=(notation, *made.remarks))


def _index(schema: pa.Schema) -> frozenset[str]:
    """The columns that pandas says are its index. What it says is a stranger's text."""
    try:
        index_columns = (schema.pandas_metadata or {}).get("index_columns", [])
        return frozenset(name for name in index_columns if isinstance(name, str))
    except (ValueError, TypeError, AttributeError):
        return frozenset()


def _check_footer(footer: Any) -> None:
    """What the file says of itself. It may lie; `_unpacked` counts again."""
    if footer.num_columns > MAX_COLUMNS:
        raise DataError(
            f"The Parquet file has {footer.num_columns:,} columns, those inside nested ones counted; expected at "
            f"most {MAX_COLUMNS:,}. Remove the columns that are not needed."
        )
    if footer.num_rows > MAX_PARQUET_ROWS:
        raise DataError(
            f"The Parquet file has {footer.num_rows:,} rows; expected at most {MAX_PARQUET_ROWS:,}. "
            "Take a sample first."
        )
    unpacked = sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups))
    if unpacked > MAX_PARQUET_UNPACKED_BYTES:
        raise _too_much(unpacked)


def _unpacked(file: Any, total: int, kept: NDArray[np.int64] | None) -> list[pa.Array]:
    """Batch by batch, so that no more than a batch and what is kept of the others is held."""
    batches: list[pa.RecordBatch] = []
    held = start = 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
        batch.validate(full=True)  # text that is no UTF-8, offsets that point elsewhere
        end = start + len(batch)
        if kept is not None:
            places = kept[np.searchsorted(kept, start) : np.searchsorted(kept, end)] - start
            batch = batch.take(pa.array(places))
        part = pa.record_batch([compact(array) for array in batch.columns], names=batch.schema.names)
        held += part.nbytes
        if held > MAX_PARQUET_UNPACKED_BYTES or end > total:
            raise _too_much()
        batches.append(part)
        start = end
        if kept is not None and start > kept[-1]:
            break
    if not batches:
        return [pa.nulls(0, field.type) for field in file.schema_arrow]
    return [column.combine_chunks() for column in pa.Table.from_batches(batches).unify_dictionaries().columns]


def _too_much(unpacked: int = 0) -> DataError:
    size = f" ({unpacked / 1e6:,.0f} MB)" if unpacked else ""
    return DataError(
        f"The Parquet file unpacks to too much{size}; expected at most {MAX_PARQUET_UNPACKED_BYTES / 1e6:,.0f} MB. "
        "Keep fewer rows or columns."
    )


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _floats(array: pa.Array) -> NDArray[np.float64]:
    floats = pc.cast(array, pa.float64(), safe=False)  # whole numbers above 2^53 are rounded
    return np.asarray(floats.to_numpy(zero_copy_only=False), np.float64)
