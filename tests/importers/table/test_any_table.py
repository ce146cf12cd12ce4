"""Whatever is uploaded: finite arrays of the stated shape, or a DataError. Never another exception."""

from __future__ import annotations

import csv
import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batchviz.errors import DataError
from batchviz.experiment.limits import MAX_OWN_CLASSES, MAX_OWN_INPUTS
from batchviz.experiment.own_data import drawn
from batchviz.importers.table import Reading, encodings, prepare, read, suggested, tasks
from batchviz.text.table import sentences

QUICK = settings(max_examples=40, suppress_health_check=list(HealthCheck))
WORDS = st.one_of(
    st.sampled_from(["", "NA", "None", "yes", "no", "true", "1", "0", "-3.5", "1,5", "1.234", "1e400", "inf",
                     "2024-02-30", "2024-02-29", "3/4/2024", "31.12.1999 23:59", "a", "b", "ä", '"', "'", ";",
                     "=1+1", "<b>", "\u202e"]),
    st.floats(allow_nan=True).map(str),
    st.integers(-(10**30), 10**30).map(str),
    st.text(max_size=12),
)  # fmt: skip
READINGS = st.builds(
    Reading,
    separator=st.sampled_from(["", "", ",", ";", "\t"]),
    decimal=st.sampled_from(["", "", ".", ","]),
    headings=st.sampled_from([None, None, True, False]),
)


@st.composite
def csv_files(draw: st.DrawFn) -> bytes:
    width = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=1, max_size=30))
    file = io.StringIO(newline="")
    writer = csv.writer(
        file, delimiter=draw(st.sampled_from(",;\t")), lineterminator=draw(st.sampled_from(["\n", "\r\n"]))
    )
    writer.writerows(rows)
    return file.getvalue().encode(
        draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])), "replace"
    )


@st.composite
def homogeneous_files(draw: st.DrawFn) -> bytes:
    """Columns of one kind each, so that most can be trained on."""
    rows = draw(st.integers(2, 40))
    kinds = [
        st.floats(allow_nan=True).map(repr),
        st.floats(-1e3, 1e3).map(lambda value: f"{value:.2f}".replace(".", ",")),
        st.integers(-5, 5).map(str),
        st.sampled_from(["a", "b", "c", ""]),
        st.sampled_from(["yes", "no", "NA"]),
        st.dates().map(str),
        st.text("xyz", max_size=3),
    ]
    columns = [
        draw(st.lists(draw(st.sampled_from(kinds)), min_size=rows, max_size=rows))
        for _ in range(draw(st.integers(2, 6)))
    ]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows(
        [[f"c{i}" for i in range(len(columns))], *zip(*columns, strict=True)]
    )
    return file.getvalue().encode()


def hold_to_it(data: bytes, how: Reading, place: int) -> bool:
    """Read, prepare for one column as the target, and check what is promised; False when it was refused."""
    try:
        table = read(data, how)
        answer = table.names[place % len(table.names)]
        task = tasks(table.column(answer))[-1]
        made = prepare(table, answer, task)
    except DataError:
        return False
    assert made.x.shape == (len(made.y), len(made.columns))
    assert 1 <= len(made.columns) <= MAX_OWN_INPUTS
    assert len(made.y) == table.rows - table.column(answer).missing.sum() >= 2
    assert made.x.dtype == np.float32
    for training in (1, len(made.y) // 2, len(made.y)):
        for values in drawn(*made.data, len(made.y), 0, max(1, training)):
            assert np.isfinite(values).all()
    assert (made.x != made.x[0]).any(axis=0).all(), "an input that never changes teaches nothing"
    if task == "regression":
        assert (made.outputs, made.classes) == (1, ())
        assert made.y.shape == (len(made.y), 1)
        assert abs(made.y.astype(np.float64).mean()) < 1e-3
    else:
        assert 2 <= made.outputs == len(made.classes) <= MAX_OWN_CLASSES
        assert np.unique(made.y).tolist() == list(range(made.outputs)), "no class without a row"
    assert [name for one in encodings(table, answer) for name in one.inputs] == list(made.columns)
    assert answer not in suggested(table, answer)
    assert all(sentences(made.explanation))
    return True


@QUICK
@given(csv_files(), READINGS, st.integers(0, 10))
def test_any_words_in_any_separation(data: bytes, how: Reading, place: int) -> None:
    hold_to_it(data, how, place)


@QUICK
@given(homogeneous_files(), st.integers(0, 10))
def test_any_columns_of_one_kind_each(data: bytes, place: int) -> None:
    hold_to_it(data, Reading(), place)


@QUICK
@given(st.one_of(st.binary(max_size=200), st.text('ab,;\n"\r\t 1.', max_size=80).map(str.encode)), READINGS)
def test_any_bytes(data: bytes, how: Reading) -> None:
    hold_to_it(data, how, 0)


ARROW = [
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.float64(), st.floats()),
    (pa.bool_(), st.booleans()),
    (pa.string(), WORDS),
    (pa.dictionary(pa.int32(), pa.string()), WORDS),
    (pa.timestamp("us"), st.integers(-(2**62), 2**62)),
    (pa.date32(), st.integers(-(2**30), 2**30)),
    (pa.list_(pa.int8()), st.lists(st.integers(0, 9), max_size=2)),
]


@QUICK
@given(st.data(), st.integers(0, 10))
def test_any_parquet(data: st.DataObject, place: int) -> None:
    rows = data.draw(st.integers(0, 20))
    columns = []
    for _ in range(data.draw(st.integers(1, 5))):
        kind, values = data.draw(st.sampled_from(ARROW))
        present = st.lists(st.one_of(st.none(), values), min_size=rows, max_size=rows)
        columns.append(pa.array(data.draw(present), kind))
    file = io.BytesIO()
    names = data.draw(
        st.lists(st.sampled_from(["a", "b", "", "c"]), min_size=len(columns), max_size=len(columns))
    )
    pq.write_table(pa.table(columns, names=names), file)
    hold_to_it(file.getvalue(), Reading(), place)


def test_most_tables_of_columns_of_one_kind_can_be_trained_on() -> None:
    """Or else the property above would say little."""
    outcomes: list[bool] = []

    @settings(
        max_examples=240,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(homogeneous_files(), st.integers(0, 10))
    def collect(data: bytes, place: int) -> None:
        outcomes.append(hold_to_it(data, Reading(), place))

    collect()
    assert sum(outcomes) > len(outcomes) / 2
