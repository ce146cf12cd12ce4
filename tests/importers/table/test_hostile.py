"""Files that are no table, damaged or made to do harm: each is refused in words that say where and what to do."""

from __future__ import annotations

import contextlib
import gzip
import io
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batchviz.errors import DataError
from batchviz.importers.limits import MAX_TABLE_BYTES
from batchviz.importers.table import Reading, prepare, read
from batchviz.importers.table import parquet as reading


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<x/>")  # without the time of day
    return file.getvalue()


def parquet(table: pa.Table, **options: object) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


MILLION_COLUMNS = b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n" + b"1," * 999_999 + b"1\n"
RAGGED = b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"a,b\n", "no rows below the names. Expected at least 2"),
        (b"a,b\n1,2\n", "a single row"),
        (b"a\n1\n2\n", "a single column. It was taken apart at commas: if that is wrong, choose another separator"),
        (b"just some words\nin a letter\n", "a single column"),
        (RAGGED + b"3,4,5\n", "Line 3 has 3 values, but the first line has 2"),
        (RAGGED + b"\n\n3\n", "Line 5 has 1 values, but the first line has 2"),
        (b'a,b\n"1\n2",2\n3\n', "Line 4 has 1 values"),
        (b'a,b\n1,"2\n3,4\n', "A quotation mark opened in the record that starts on line 2 is never closed"),
        (b'"a,b\n1,2\n3,4\n', "never closed"),
        (b"a,b\n1,\x002\n3,4\n", "Byte 7 of the file (line 2) is a NUL"),
        ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        ("\ufeffa,\x00\n1,2\n".encode("utf-16-le"), "NUL character"),
        (b"a,b\n1,\x81\n3,4\n", "Byte 7 of the file (line 2) is not UTF-8 and not Windows-1252"),
        (b"\xef\xbb\xbfa,b\n1,\xff\n3,4\n", "Byte 10 of the file (line 2) is not UTF-8. Save the file as UTF-8"),
        (b"\xff\xfea\x00,\x00b", "is not UTF-16-LE"),
        (MILLION_COLUMNS, f"first line has {MILLION_COLUMNS.index(10):,} bytes; expected the names of at most 1,000"),
        (b",".join(b"c%d" % i for i in range(1001)) + b"\n", "1,001 columns; expected at most 1,000"),
        (b",".join([b"c"] * 1_000_000) + b"\n", "The first line has 1,999,999 bytes; expected the names of at most"),
        (RAGGED + b"1," * 1_000_000 + b"1\n", "Line 3 has 1,000,001 values"),
        (b",".join([b'"c\nd"'] * 1001) + b"\n", "1,001 columns; expected at most 1,000"),
        (RAGGED + b'"' + b"x" * 2_000_000 + b"\n", "never closed"),
        (b"x" * 3_000_000, "The first line has 3,000,000 bytes"),
        (b"x" * (MAX_TABLE_BYTES + 1), "20.0 MB; expected at most 20 MB. Keep fewer rows or columns"),
        (zipped(), "an Excel workbook (.xlsx) or another ZIP archive. Save it as CSV or Parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "packed with gzip"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b'{"a": 1}', "JSON"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\x80\x04\x95\x00\x00cos\nsystem\n", "NUL"),
        (b"PAR1", "Parquet file could not be read"),
        (b"PAR1" + b"\x00" * 50 + b"PAR1", "Parquet file could not be read"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_explained(data: bytes, said: str) -> None:
    with pytest.raises(DataError) as refused:
        read(data)
    assert said in str(refused.value)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "data", [b'",' * 32_768, b'"a","b"\n' + b'",",' * 16_384, b"a,b\n" + b"'\"," * 21_845]
)
def test_the_separator_is_found_in_time_whatever_the_quotes_do(data: bytes) -> None:
    """Patterns that backtrack take minutes for these; the reader takes hundredths of a second."""
    with pytest.raises(DataError):
        read(data)


def test_a_wrong_separator_is_explained() -> None:
    with pytest.raises(DataError, match=r"a single column\. It was taken apart at tabs"):
        read(b"a,b\n1,2\n3,4\n", Reading(separator="\t"))


def test_a_word_that_fills_a_dictionary_is_not_unpacked_for_every_row() -> None:
    """10 MB of text, a hundred thousand times: a terabyte if each row got its own."""
    words = pa.DictionaryArray.from_arrays(pa.array(np.arange(100_000) % 2, pa.int32()), ["x" * 10**7, "y"])
    table = pa.table(
        {"bomb": words.cast(pa.dictionary(pa.int32(), pa.string())), "n": np.arange(100_000) % 5}
    )
    data = parquet(table, compression="zstd")
    assert len(data) < 100_000
    found = read(data)
    assert found.column("bomb").distinct == 2
    assert prepare(found, "n").x.shape == (100_000, 2)


def test_a_parquet_file_that_unpacks_to_gigabytes_is_refused_by_its_footer() -> None:
    data = parquet(
        pa.table({f"c{i}": np.zeros(2_000_000) for i in range(20)}), compression="zstd", use_dictionary=False
    )
    assert len(data) < MAX_TABLE_BYTES
    with pytest.raises(DataError, match=r"unpacks to too much \(320 MB\); expected at most 200 MB"):
        read(data)


def test_a_parquet_file_whose_footer_promises_little_is_counted_while_it_unpacks() -> None:
    """One number a hundred thousand times is a few bytes in the file, as its footer says, and 800 kB unpacked."""
    same = pa.array(np.zeros(100_000))
    data = parquet(pa.table({f"c{i}": same for i in range(300)}))
    assert len(data) < 1_000_000
    with pytest.raises(DataError, match="unpacks to too much; expected at most 200 MB"):
        read(data)


def test_a_parquet_file_of_very_many_columns_is_refused_before_its_footer_is_taken_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(footer: object) -> None:
        raise AssertionError("the footer was taken apart")

    monkeypatch.setattr(reading, "_check_footer", never)
    file = io.BytesIO()
    pq.ParquetWriter(file, pa.schema([pa.field(str(i), pa.int8()) for i in range(10_001)])).close()
    with pytest.raises(
        DataError, match="more than 10,000 columns or row groups; expected at most 1,000 columns"
    ):
        read(file.getvalue())


def test_a_parquet_file_of_too_many_rows_or_columns_is_refused_by_its_footer() -> None:
    with pytest.raises(DataError, match="6,000,000 rows; expected at most 5,000,000"):
        read(parquet(pa.table({"a": pa.nulls(6_000_000), "b": pa.nulls(6_000_000)})))
    with pytest.raises(
        DataError, match="1,001 columns, those inside nested ones counted; expected at most 1,000"
    ):
        read(
            parquet(
                pa.table(
                    {
                        "s": pa.array([{f"c{i}": 1 for i in range(1001)}]),
                    }
                )
            )
        )
    with pytest.raises(DataError, match=r"100,001 rows; expected at most 100,000\. Choose the first"):
        read(parquet(pa.table({"a": np.zeros(100_001), "b": np.zeros(100_001)})))


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_parquet_file_is_refused_or_read_but_raises_nothing_else(seed: int) -> None:
    random = np.random.default_rng(seed)
    table = pa.table(
        {"a": random.normal(size=300), "b": random.choice(list("xyz"), 300), "c": pa.array([1, None] * 150)}
    )
    data = bytearray(parquet(table))
    for place in random.integers(4, len(data), 1 + seed % 5):
        data[place] = random.integers(256)
    with contextlib.suppress(DataError):
        assert np.isfinite(prepare(read(bytes(data)), "a").x).all()


def test_text_in_parquet_that_is_no_utf_8_is_refused() -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(np.array([0, 1, 2], "i4")), pa.py_buffer(b"\xff\xfe")]
    )
    with pytest.raises(DataError, match="Parquet file could not be read"):
        read(parquet(pa.table({"a": broken, "b": [1, 2]})))


def test_formulas_and_html_stay_text() -> None:
    found = read(b"a,y\n=cmd|' /C calc'!A0,1\n<script>alert(1)</script>,2\n\"**bold** $x$\",3\n")
    assert found.column("a").words == ("**bold** $x$", "<script>alert(1)</script>", "=cmd|' /C calc'!A0")


def test_what_cannot_be_seen_leaves_the_names() -> None:
    found = read("a\u202eb\x1b[31m\tc,y\n1,2\n3,4\n".encode(), Reading(separator=","))
    assert found.names == ["a b [31m c", "y"]
