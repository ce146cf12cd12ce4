"""What groups look like beside each other."""

from dataclasses import replace

from batchviz.analysis.replicates import group_runs
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.figures.appearance import colors, dashes, looks
from batchviz.figures.palette import CATEGORIES, along, color
from tests.analysis.recorded import made


def runs(*settings):
    return [made(RunSpec(**each), run_id=f"run{at}")[0] for at, each in enumerate(settings)]


def test_a_batch_size_keeps_its_colour_whatever_stands_beside_it():
    alone = looks(runs({"batch_size": 8}))["run0"]
    beside = looks(runs({"batch_size": 8}, {"batch_size": 256}, {"batch_schedule": "5:64"}))["run0"]
    assert alone.color == beside.color == color(8)


def test_growing_and_shrinking_are_coloured_apart_from_the_sizes_that_they_have():
    some = runs(
        {}, {"batch_size": 256}, {"batch_schedule": "5:256"}, {"batch_size": 256, "batch_schedule": "5:32"}
    )
    found = looks(some)
    assert [found[f"run{at}"].label for at in range(4)] == [
        "B = 32", "B = 256", "growing 32 to 256", "shrinking 256 to 32",
    ]  # fmt: skip
    assert (found["run0"].color, found["run1"].color) == (color(32), color(256))
    assert len({look.color["light"] for look in found.values()}) == 4
    assert found["run2"].color in CATEGORIES


def test_rates_of_one_batch_size_have_the_ramp_from_small_to_large():
    found = looks(runs(*({"learning_rate": rate} for rate in (0.1, 0.001, 0.01))))
    assert [found[f"run{at}"].label for at in range(3)] == ["lr 0.1", "lr 0.001", "lr 0.01"]
    assert [found[f"run{at}"].color for at in range(3)] == [along(1), along(0), along(0.5)]


def test_seeds_share_a_look_and_so_does_a_second_attempt_at_a_run():
    first, second = runs({"seed": 0}, {"seed": 1})
    again = replace(first, id="again", status=Status.FAILED)
    found = looks([first, second, again])
    assert found["run0"] == found["run1"] == found["again"]


def test_a_field_that_is_the_same_for_all_colours_by_batch_size():
    groups = group_runs(runs({}, {"batch_size": 8}))
    assert colors(groups, ("noise",)) == [color(8), color(32)]
    assert colors(groups, ()) == [color(8), color(32)]


def test_a_dash_is_one_value_whatever_the_colour():
    grid = runs(*({"batch_size": b, "learning_rate": r} for b in (8, 32) for r in (0.001, 0.1)))
    assert dashes(group_runs(grid), ("learning_rate",)) == ["solid", "dash", "solid", "dash"]
    assert dashes(group_runs(grid), ()) == ["solid"] * 4
