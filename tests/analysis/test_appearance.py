"""What has the colour, the dash and the panels: what differs, and batch size first."""

import pytest

from batchviz.analysis.appearance import ColorScale, color_scale, encoding, places, values
from batchviz.analysis.replicates import group_runs
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import made


def groups(*settings):
    return group_runs([made(RunSpec(**each))[0] for each in settings])


GRID = [{"batch_size": b, "learning_rate": r} for b in (8, 32) for r in (0.001, 0.1)]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ([{}], ((), (), ())),
        ([{"batch_size": 8}, {}], (("batch_size",), (), ())),
        ([{"learning_rate": 0.1}, {}], (("learning_rate",), (), ())),
        ([{"batch_schedule": "5:64"}, {}], (("batch_schedule",), (), ())),
        ([{"batch_size": 8, "accumulation": 4}, {}], (("batch_size", "accumulation"), (), ())),
        ([{"optimizer": "sgd", "learning_rate": 0.1}, {}], (("optimizer",), ("learning_rate",), ())),
        (GRID, (("batch_size",), ("learning_rate",), ())),
    ],
)
def test_the_batch_has_the_colour_where_it_differs_and_else_what_does(settings, expected):
    found = encoding(groups(*settings))
    assert (found.color, found.dash, found.panels) == expected


def test_panels_have_what_the_colour_does_not_tell_and_dashes_the_rest():
    found = encoding(groups(*GRID), panels="auto")
    assert (found.color, found.dash, found.panels) == (("batch_size",), (), ("learning_rate",))
    three = [each | {"optimizer": o} for each in GRID for o in ("adam", "sgd")]
    found = encoding(groups(*three), panels="auto")
    assert (found.panels, found.dash) == (("optimizer",), ("learning_rate",))


def test_panels_are_of_batch_sizes_where_nothing_else_differs():
    assert encoding(groups({"batch_size": 8}, {}), panels="auto").panels == ("batch_size",)
    assert encoding(groups({}), panels="auto").panels == ("batch_size",)


def test_any_field_can_be_chosen_for_each():
    found = encoding(groups(*GRID), color="learning_rate", dash="none", panels="batch_size")
    assert (found.color, found.dash, found.panels) == (("learning_rate",), (), ("batch_size",))
    assert encoding(groups(*GRID), color="learning_rate").dash == ("batch_size",)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("batch_size",), ColorScale.BATCH),
        (("batch_size", "accumulation"), ColorScale.BATCH),
        (("batch_schedule",), ColorScale.BATCH),
        (("accumulation",), ColorScale.NUMBER),
        (("learning_rate",), ColorScale.NUMBER),
        (("rows",), ColorScale.NUMBER),
        (("optimizer",), ColorScale.CATEGORY),
        (("batch_norm",), ColorScale.CATEGORY),
        (("hidden",), ColorScale.CATEGORY),
        (("budget_unit",), ColorScale.CATEGORY),
    ],
)
def test_numbers_have_an_order_and_names_have_none(fields, expected):
    assert color_scale(fields) is expected


def test_rates_over_decades_stand_on_a_logarithmic_scale_and_close_ones_stay_apart():
    rates = (0.001, 0.01, 0.1)
    found = places(groups(*({"learning_rate": rate} for rate in rates)), ("learning_rate",))
    assert [place.position for place in found] == pytest.approx([0, 0.5, 1])
    rates = (0.1, 0.11, 0.5)
    found = places(groups(*({"learning_rate": rate} for rate in rates)), ("learning_rate",))
    assert [place.position for place in found] == pytest.approx([0, (0.025 + 0.5) / 2, 1])


def test_what_grows_or_accumulates_is_no_constant_batch():
    some = groups({}, {"batch_schedule": "5:64"}, {"batch_size": 8, "accumulation": 4})
    fields = encoding(some).color
    told = zip(values(some, fields), (place.constant for place in places(some, fields)), strict=True)
    assert dict(told) == {"B = 32": True, "growing 32 to 64": False, "accumulated 4 x 8": False}
    assert all(place.constant for place in places(some, ("batch_size",)))
