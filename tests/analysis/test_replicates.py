"""Which runs are replicates of each other, and what the groups are called."""

from dataclasses import replace

from batchviz.analysis.replicates import group_runs
from batchviz.experiment import datasets
from batchviz.experiment.records import Source, Status
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import made


def runs(*specs, **given):
    return [made(spec, **given)[0] for spec in specs]


def test_seeds_of_one_spec_are_a_group_in_the_order_of_batch_size_and_seed():
    found = group_runs(runs(*(RunSpec(batch_size=b, seed=s) for s in (2, 0) for b in ("full", 8))))
    assert [(g.label, g.batch_size, list(g.by_seed)) for g in found] == [
        ("B = 8", 8, [0, 2]),
        ("B = full", 800, [0, 2]),
    ]


def test_groups_of_one_batch_size_are_told_apart_by_what_differs():
    found = group_runs(runs(RunSpec(), RunSpec(learning_rate=0.1), RunSpec(batch_size=8)))
    assert [g.label for g in found] == ["B = 8", "B = 32, lr 0.001", "B = 32, lr 0.1"]


def test_an_import_is_kept_apart_from_runs_trained_here():
    here, archive = runs(RunSpec()), runs(RunSpec(), source=Source.ARCHIVE)
    found = group_runs([*here, *archive])
    assert len(found) == 2
    assert [g.trainable for g in found] == [True, False]
    assert len({g.label for g in found}) == 2
    assert len({g.key for g in found}) == 2


def test_two_histories_with_one_title_and_seed_both_stay():
    spec = RunSpec(dataset=datasets.imported_name("AbCdEf123456", 1000, 1))
    pair = [made(spec, run_id=name, source=Source.HISTORY, title="class")[0] for name in ("a", "b")]
    found = group_runs(pair)
    assert [g.label for g in found] == ["class", "class (2)"]
    assert [run.id for g in found for run in g.runs] == ["a", "b"]


def test_a_number_behind_a_title_is_not_one_that_another_title_has():
    spec = RunSpec(dataset=datasets.imported_name("AbCdEf123456", 1000, 1))
    some = [
        made(spec, run_id=f"{n}", source=Source.HISTORY, title=t)[0]
        for n, t in enumerate(["T", "T", "T (2)"])
    ]
    assert sorted(group.label for group in group_runs(some)) == ["T", "T (2)", "T (3)"]


def test_histories_of_several_seeds_are_replicates():
    name = datasets.imported_name("AbCdEf123456", 1000, 1)
    found = group_runs(
        runs(*(RunSpec(dataset=name, seed=s) for s in range(3)), source=Source.HISTORY, title="class")
    )
    assert [list(g.by_seed) for g in found] == [[0, 1, 2]]


def test_of_two_attempts_at_a_spec_the_finished_one_stays_and_a_run_named_twice_counts_once():
    done, failed = made(run_id="a")[0], made(run_id="b", status=Status.FAILED)[0]
    for order in ([done, failed, done], [failed, done]):
        assert [run.id for g in group_runs(order) for run in g.runs] == ["a"]


def test_a_name_that_all_runs_of_a_group_share_is_its_label():
    pair = runs(RunSpec(seed=0), RunSpec(seed=1))
    assert group_runs(pair, {run.id: "mine" for run in pair})[0].label == "mine"
    assert group_runs(pair, {pair[0].id: "mine"})[0].label == "B = 32"


def test_two_groups_of_one_given_name_still_have_labels_of_their_own():
    pair = runs(RunSpec(batch_size=8), RunSpec(batch_size=64))
    labels = [g.label for g in group_runs(pair, {run.id: "mine" for run in pair})]
    assert labels == ["mine, B = 8", "mine, B = 64"]


def test_the_order_of_the_runs_does_not_matter():
    some = runs(
        *(RunSpec(batch_size=b, seed=s, learning_rate=r) for b in (8, 32) for s in (0, 1) for r in (0.1, 0.2))
    )
    some.append(replace(some[0], id="x", source=Source.ARCHIVE, title="t"))
    assert group_runs(some) == group_runs(some[::-1])
