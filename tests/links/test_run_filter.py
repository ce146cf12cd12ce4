"""Which runs are looked for reads back from the address, and no address is too strange to be opened."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from batchviz.experiment.columns import COLUMNS, FLAGS, NUMBERS
from batchviz.experiment.datasets import DATASETS
from batchviz.experiment.query import ORDERS
from batchviz.experiment.records import Status
from batchviz.links.limits import MAX_SEARCH_LENGTH
from batchviz.links.run_filter import RunFilter, between, where

TEXT = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=MAX_SEARCH_LENGTH
)
DAY = st.dates(date(1971, 1, 1), date(2999, 12, 31))


def several(items: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(items, max_size=8, unique=True).map(tuple)


NUMBER = st.none() | st.floats(-1e14, 1e14)
WHERE = st.one_of(
    st.builds(
        where,
        st.sampled_from(sorted({*COLUMNS} - NUMBERS - FLAGS)),
        st.text(max_size=60),
    ),
    st.builds(where, st.sampled_from(sorted(NUMBERS)), st.integers(0, 10**6) | st.floats(0, 1e14)),
    st.builds(where, st.sampled_from(sorted(FLAGS)), st.booleans()),
    st.tuples(st.sampled_from(sorted(NUMBERS)), NUMBER, NUMBER)
    .filter(lambda ends: ends[1:] != (None, None))
    .map(lambda ends: between(*ends)),
).map(lambda text: text.replace("\x00", ""))

FILTERS = st.builds(
    RunFilter,
    text=TEXT,
    datasets=several(st.sampled_from(list(DATASETS))),
    batch_sizes=several(st.integers(1, 100_000)),
    statuses=several(st.sampled_from([str(status) for status in Status])),
    tags=several(TEXT),
    favourite=st.booleans(),
    since=st.none() | DAY,
    until=st.none() | DAY,
    order=st.sampled_from(list(ORDERS)),
    where=several(WHERE),
    reverse=st.booleans(),
    group=st.booleans(),
    columns=several(st.sampled_from(COLUMNS)),
    page=st.integers(1, 10**6),
)


@given(FILTERS)
def test_every_filter_comes_back_from_its_address(runs: RunFilter) -> None:
    assert RunFilter.decode_lists(runs.encode_lists()) == (runs, [])


@given(st.dictionaries(st.sampled_from(RunFilter.names()), st.lists(st.text(max_size=12), max_size=3)))
def test_whatever_stands_in_an_address_some_filter_is_read(parameters: dict[str, list[str]]) -> None:
    runs, unread = RunFilter.decode_lists(parameters)
    assert set(unread) <= parameters.keys()
    assert RunFilter.decode_lists(runs.encode_lists()) == (runs, [])


def test_one_parameter_that_cannot_be_read_takes_no_other_with_it() -> None:
    runs, unread = RunFilter.decode_lists({"page": ["0"], "batch_size": ["8", "8", "32"], "utm": ["mail"]})
    assert (runs, unread) == (RunFilter(batch_sizes=(8, 32)), ["page"])


def test_of_endlessly_many_values_some_are_read() -> None:
    runs, unread = RunFilter.decode_lists({"batch_size": [str(size) for size in range(1, 1000)]})
    assert (runs.batch_sizes, unread) == (tuple(range(1, 51)), [])
