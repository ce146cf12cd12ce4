"""A link to a sweep reads back as the same sweep, and is never trusted."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from batchviz.errors import SpecError
from batchviz.experiment.schedule import split_at
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.links import limits, sweep
from tests.strategies import specs


@st.composite
def sweeps(draw):
    """Any sweep that can be trained."""
    unit = draw(st.sampled_from(["epochs", "updates", "examples"]))
    rows, split = draw(st.integers(20, 400)), draw(st.floats(0.06, 0.9))
    held = {"batch_schedule": (), "rows": rows, "validation_split": split, "seed": draw(st.integers(0, 99))}
    base = draw(specs(budget_unit=unit, budget=draw(st.integers(1, 200)), **held))
    sizes = st.one_of(st.integers(1, max(1, split_at(rows, split) - 1)), st.just("full"))
    single = base.learning_rate_rule != "fixed"
    rates = st.lists(st.floats(1e-12, 1000), min_size=1, max_size=1 if single else 16, unique=True)
    values = {
        "base": base,
        "batch_sizes": draw(st.lists(sizes, min_size=1, max_size=16, unique=True)),
        "learning_rates": draw(rates),
        "seeds": draw(st.integers(1, 5)),
        "report_seeds": draw(st.integers(1, 20)),
        "targets": draw(st.lists(st.floats(1e-9, 1e6), max_size=3, unique=True)),
    }
    try:
        return SweepSpec.parse(values)
    except SpecError:  # too many runs
        assume(False)
        raise


@given(sweeps())
@settings(max_examples=100)
def test_every_sweep_comes_back_from_its_link(spec):
    parameters = sweep.encode(spec)
    assert sweep.decode(parameters) == spec
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    assert quote(query, safe="=&") == query
    assert sweep.decode(dict(parse_qsl(query, strict_parsing=True))) == spec
    assert len(parameters) <= limits.MAX_PARAMETERS


def test_a_link_says_the_grid_and_what_differs():
    spec = SweepSpec.parse(
        {
            "dataset": "digits",
            "batch_sizes": "1,8,full",
            "learning_rates": "0.00001,0.3",
            "seeds": 5,
            "updates": 9,
        }
    )
    assert sweep.encode(spec) == {
        "v": "1",
        "batch_sizes": "1_8_full",
        "learning_rates": "1e-05_0.3",
        "seeds": "5",
        "dataset": "digits",
        "updates": "9",
    }


def test_a_link_can_be_written_by_hand():
    spec = sweep.decode(
        {"batch_sizes": "full, 8", "learning_rates": "0.1", "epochs": "5", "utm_source": "mail"}
    )
    assert spec == SweepSpec.parse({"batch_sizes": (8, "full"), "learning_rates": (0.1,), "epochs": 5})
    assert sweep.decode({}) == SweepSpec.parse({})


@given(st.dictionaries(st.sampled_from([*sweep.SweepLink.names(), "v"]), st.text(max_size=20), max_size=4))
@settings(max_examples=50)
def test_any_text_is_a_sweep_or_an_error_for_people(parameters):
    try:
        assert isinstance(sweep.decode(parameters), SweepSpec)
    except SpecError as error:
        assert str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"v": "2"}, "version '2'; expected 1"),
        ({"batch_size": "8"}, "Unknown setting 'batch_size' in the link; expected 'batch_sizes'"),
        ({"learning-rates": "8"}, "expected 'learning_rates'"),
        ({"batch_sizes": "1_" * 500}, "batch_sizes: got 1,000 characters"),
        ({"epochs": "3", "updates": "8"}, "expected one of"),
    ],
)
def test_what_no_sweep_can_be_is_refused(parameters, words):
    with pytest.raises(SpecError, match=words):
        sweep.decode(parameters)
