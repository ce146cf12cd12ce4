"""What differs, and only that."""

from dataclasses import replace

from batchviz.analysis.differences import data_differences, differing
from batchviz.experiment import datasets
from batchviz.experiment.records import Source
from batchviz.experiment.spec import RunSpec
from tests.analysis.recorded import made


def found(*specs, **given):
    return [(one.title, one.values) for one in differing([made(spec, **given)[0] for spec in specs])]


def test_only_fields_that_differ_are_told_in_the_notation_of_the_forms():
    assert found(RunSpec(), RunSpec(hidden="64, 32", budget=20)) == [
        ("Hidden widths", ("16", "64, 32")),
        ("Budget", ("10", "20")),
    ]


def test_seeds_are_no_difference_and_one_run_has_none():
    assert found(RunSpec(seed=0), RunSpec(seed=1)) == []
    assert found(RunSpec()) == []
    assert differing([]) == []


def test_an_empty_list_is_said():
    assert found(RunSpec(), RunSpec(hidden="none")) == [
        ("Hidden widths", ("16", "none")),
    ]


def test_what_a_history_does_not_tell_is_no_difference():
    history = RunSpec(
        dataset=datasets.imported_name("AbCdEf123456", 1000, 1), learning_rate=0.5, batch_size=8
    )
    runs = [made(RunSpec())[0], made(history, source=Source.HISTORY)[0]]
    told = {one.field: one.values for one in differing(runs)}
    assert set(told) == {"dataset", "batch_size"}
    assert told["batch_size"] == ("32", "8")


def test_uploads_are_told_apart_by_their_id():
    names = [datasets.own_name(identity, 100, 3, 1) for identity in ("AbCdEf12", "GhIjKl34")]
    runs = [made(RunSpec(dataset=name))[0] for name in names]
    assert differing(runs)[0].values == ("Own data AbCdEf12", "Own data GhIjKl34")
    assert data_differences(runs)


def test_other_rows_are_other_data():
    assert not data_differences([made(RunSpec())[0], made(RunSpec(batch_size=1, learning_rate=0.5))[0]])
    for change in ({"rows": 500}, {"data_seed": 1}, {"validation_split": 0.5}, {"dataset": "teacher"}):
        assert data_differences([made(RunSpec())[0], made(RunSpec(**change))[0]]), change


def test_rows_that_a_history_does_not_state_are_no_other_data():
    name = datasets.imported_name("AbCdEf123456", 1000, 1)
    stated, unstated = (
        made(RunSpec(dataset=name, rows=rows), source=Source.HISTORY)[0] for rows in (500, 1000)
    )
    assert not data_differences([stated, unstated])
    stated = replace(stated, final={"rows": 500})
    assert not data_differences([stated, unstated]), "one that says it beside one that does not"
    both = [stated, replace(unstated, final={"rows": 1000})]
    assert [difference.field for difference in data_differences(both)] == ["rows"]
