import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from batchviz.experiment.series import SERIES, join
from batchviz.store.codec import CHUNK_ROWS, decode, encode, split
from tests.store.reports import rows


@given(arrays(np.float32, st.tuples(st.just(4), st.integers(0, 50)), elements=st.floats(width=32)))
def test_every_float32_comes_back_bit_for_bit(values: np.ndarray) -> None:
    series = dict(zip(SERIES["updates"].names, values, strict=True))
    back = decode(encode(series, "updates"), "updates")
    assert list(back) == list(SERIES["updates"].names)
    for name in SERIES["updates"].names:
        assert back[name].dtype == np.float32
        assert back[name].tobytes() == series[name].tobytes()


def test_a_smooth_curve_takes_little_room() -> None:
    curve = np.exp(-np.arange(8000, dtype=np.float32) / 2000)
    series = {
        "loss": curve,
        "metric": curve**0.5,
        "batch_size": curve * 0 + 32,
        "learning_rate": curve * 0 + 0.001,
    }
    assert len(encode(series, "updates")) < 0.6 * 4 * curve.nbytes


def test_columns_of_different_lengths_are_refused() -> None:
    series = rows(SERIES["updates"].names, 0, 5) | {"loss": np.zeros(4, np.float32)}
    with pytest.raises(ValueError, match="equally long"):
        encode(series, "updates")


def test_a_chunk_of_an_unknown_codec_is_explained() -> None:
    with pytest.raises(ValueError, match="newer BatchViz"):
        decode(b"", "updates", codec=99)


def test_a_long_series_is_split_and_joined_without_loss() -> None:
    series = rows(SERIES["updates"].names, 0, 2 * CHUNK_ROWS + 1)
    parts = list(split(series))
    assert [start for start, _ in parts] == [0, CHUNK_ROWS, 2 * CHUNK_ROWS]
    joined = join((part for _, part in parts), "updates")
    assert all(np.array_equal(joined[name], series[name]) for name in SERIES["updates"].names)
