from batchviz.analysis.race import FurtherSeeds
from batchviz.text import race


def test_what_comes_and_when_is_said_before_the_start():
    assert race.plan(FurtherSeeds(9, 1.84)) == (
        "The first seed of each size at once; then, in the background, 9 more seeds of each, about 1.8 s."
    )
    assert race.plan(FurtherSeeds(1, None)).endswith("in the background, 1 more seed of each.")
    assert "no verdict" in race.plan(FurtherSeeds(0, 0.0))


def test_fewer_seeds_than_others_have_are_explained():
    assert (
        race.fewer(3, FurtherSeeds(9, 180.0))
        == "10 seeds would take about 3 min: 3 seeds unless you choose more."
    )
    assert race.room(11, 128) == "A chart holds 128 runs: at most 11 seeds of so many sizes."
