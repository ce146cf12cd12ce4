"""The expected time is that of a machine on which an update takes a + b B, whatever the batch sizes of the run."""

import pytest

from batchviz.analysis.run_time import expected_seconds
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Measurement
from batchviz.experiment.spec import RunSpec

OVERHEAD, AN_EXAMPLE = 1e-4, 2e-6  # seconds


def took(batch_size: int) -> float:
    """Seconds of one update on the machine of these tests."""
    return OVERHEAD + AN_EXAMPLE * batch_size


def measured(*sizes: int, **fields: object) -> list[Measurement]:
    # 1000 rows, .2 held out: sizes that divide 800 have no smaller last batch.
    return [Measurement(RunSpec.parse({"batch_size": size, **fields}), took(size)) for size in sizes]


def expected(known: list[Measurement], **fields: object) -> float | None:
    return expected_seconds(plan_for(RunSpec.parse(fields)), known)


def test_nothing_measured_expects_nothing() -> None:
    assert expected([]) is None


def test_a_budget_in_seconds_takes_so_long() -> None:
    assert expected([], budget_unit="seconds", budget=3) == 3


def test_a_batch_size_that_was_measured_is_expected_to_take_as_long_again() -> None:
    assert expected(measured(32), batch_size=32) == pytest.approx(250 * took(32))


def test_a_batch_size_between_those_measured_lies_on_their_line() -> None:
    assert expected(measured(4, 400), batch_size=100) == pytest.approx(80 * took(100))


def test_every_batch_size_of_a_schedule_counts_its_own_updates() -> None:
    # 2 epochs of 200 updates, 3 of 20, 5 of 2.
    known = measured(4, 40, 400)
    assert expected(known, batch_size=4, batch_schedule="3:40, 6:400") == pytest.approx(
        400 * took(4) + 60 * took(40) + 10 * took(400)
    )


def test_a_schedule_under_a_budget_of_updates_ends_with_the_budget() -> None:
    known = measured(4, 40)
    spec = {"batch_size": 4, "batch_schedule": "2:40", "budget_unit": "updates", "budget": 230}
    assert expected(known, **spec) == pytest.approx(200 * took(4) + 30 * took(40))


def test_the_mean_update_of_a_schedule_is_no_measurement_of_its_first_batch_size() -> None:
    known = [*measured(4), *measured(400, batch_schedule="2:4")]
    assert expected(known, batch_size=4) == pytest.approx(2000 * took(4))
    assert expected(measured(400, batch_schedule="2:4")) is None


def test_the_same_network_counts_before_others() -> None:
    known = [*measured(32), Measurement(RunSpec(hidden=(512, 512)), 1.0)]
    assert expected(known, batch_size=32) == pytest.approx(250 * took(32))
    assert expected(known, batch_size=32, hidden="512, 512") == pytest.approx(250.0)


def test_a_network_of_another_activation_is_another_network() -> None:
    known = [*measured(32), Measurement(RunSpec(activation="tanh"), 1.0)]
    assert expected(known, batch_size=32, activation="tanh") == pytest.approx(250.0)
    assert expected(known, batch_size=32) == pytest.approx(250 * took(32))


def test_accumulated_updates_are_measured_apart() -> None:
    known = [*measured(32), Measurement(RunSpec(accumulation=5), 6e-4)]
    assert expected(known, batch_size=32, accumulation=5) == pytest.approx(50 * 6e-4)
