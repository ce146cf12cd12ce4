"""Histories: what Keras itself wrote is read to the last digit, and what cannot be a history is explained."""

import csv
import io
import json
import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchviz.analysis.differences import data_differences
from batchviz.analysis.replicates import group_runs
from batchviz.errors import DataError
from batchviz.experiment.history_findings import Choice
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Run, Source, Status
from batchviz.experiment.schedule import split_at
from batchviz.experiment.series import SERIES
from batchviz.importers import history
from batchviz.importers.history import CLASSIFICATION, Metadata, Reading
from batchviz.text.history import option, sentence


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory):
    """A real `fit`, its History and the files of two CSVLoggers."""
    import keras

    folder = tmp_path_factory.mktemp("keras")
    random = np.random.default_rng(0)
    x, y = random.random((50, 3)), random.random((50, 1))
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae", "cosine_similarity"])
    made = model.fit(
        x, y, batch_size=8, epochs=4, validation_split=0.2, verbose=0,
        callbacks=[
            keras.callbacks.ReduceLROnPlateau(),
            keras.callbacks.CSVLogger(folder / "comma.csv"),
            keras.callbacks.CSVLogger(folder / "semicolon.csv", separator=";"),
        ],
    )  # fmt: skip
    return made, folder


def test_keras_history_is_read_to_the_last_digit(trained) -> None:
    made, folder = trained
    values = made.history
    files = [
        json.dumps(values, default=str).encode(),
        json.dumps({"history": values, "params": made.params, "epoch": made.epoch}, default=str).encode(),
        pd.DataFrame(values).to_json(double_precision=15).encode(),
        pd.DataFrame(values).to_csv().encode(),
        (folder / "comma.csv").read_bytes(),
        (folder / "semicolon.csv").read_bytes(),
        (folder / "comma.csv").read_text().encode("utf-16"),
    ]
    for data in files:
        found = history.read(data)
        assert found.epochs == 4
        assert set(found.left_out) == {"cosine_similarity", "val_cosine_similarity", "learning_rate"}
        run = history.recorded(found, Metadata(batch_size=8, training_rows=40, validation_rows=10))
        for column, name in {
            "loss": "loss",
            "val_loss": "val_loss",
            "metric": "mae",
            "val_metric": "val_mae",
        }.items():
            assert run.epochs[column][1:].tolist() == np.float32(values[name]).tolist()
            assert math.isnan(run.epochs[column][0])


def read(**columns: list[object]) -> history.History:
    return history.read(json.dumps(columns).encode())


def said(found: history.History) -> str:
    return "\n".join(map(sentence, found.findings))


def test_rows_give_the_axes_of_updates_and_examples() -> None:
    run = history.recorded(
        read(loss=[3, 2], val_loss=[3, 2]),
        Metadata(batch_size=32, training_rows=800, validation_rows=200, seed=7),
    )
    assert run.epochs["updates"].tolist() == [0, 25, 50]
    assert run.epochs["examples"].tolist() == [0, 800, 1600]
    assert np.isnan(run.epochs["seconds"]).all()
    assert np.isnan(run.epochs["train_loss"]).all()
    assert run.progress == Progress(50, 1600, 2.0, 0.0)
    assert (run.spec.rows, plan_for(run.spec).training_rows, run.spec.seed, run.spec.budget) == (
        1000,
        800,
        7,
        2,
    )
    assert run.final == {
        "updates": 50, "examples": 1600, "loss": 2, "val_loss": 2, "best_val_loss": 2, "best_epoch": 2,
        "batch_size": 32, "rows": 1000,
    }  # fmt: skip
    assert len(run.updates["loss"]) == 0


def as_run(recorded: history.recorded, run_id: str = "AbCdEf12345") -> Run:
    given = {
        name: getattr(recorded, name) for name in ("spec", "status", "reason", "final", "source", "title")
    }
    return Run(id=run_id, attempt=1, owner="ada", created=0.0, progress=recorded.progress, **given)


def test_without_rows_nothing_is_claimed_of_them() -> None:
    recorded = history.recorded(read(loss=[3, 2], val_loss=[3, 2]), Metadata(batch_size=32))
    assert np.isnan([recorded.epochs[name] for name in ("updates", "examples", "seconds")]).all()
    run = as_run(recorded)
    assert run.known_fields == {"dataset", "batch_size", "budget_unit", "budget", "seed"}
    assert [run.counted(unit) for unit in ("updates", "examples", "seconds")] == [None, None, None]
    assert run.plan.first.batch_size == 32
    assert run.plan.validation_rows, "it has a validation loss"
    stated = as_run(history.recorded(read(loss=[3, 2]), Metadata(batch_size=32, training_rows=800)))
    assert {"rows", "validation_split"} <= stated.known_fields
    assert stated.plan.validation_rows == 0
    assert (stated.counted("updates"), stated.counted("seconds")) == (50, None)


def test_any_batch_size_and_many_epochs_fit_where_rows_are_unknown() -> None:
    recorded = history.recorded(read(loss=[1.0] * 10_000), Metadata(batch_size=1))
    assert plan_for(recorded.spec).first.batch_size == 1
    assert recorded.spec.budget == 10_000


@given(training=st.integers(2, 90_000), validation=st.integers(1, 10_000))
@settings(max_examples=100)
def test_any_rows_stated_are_the_rows_of_the_plan(training: int, validation: int) -> None:
    facts = Metadata(batch_size=1, training_rows=training, validation_rows=validation)
    spec = history.recorded(read(loss=[1], val_loss=[1]), facts).spec
    assert split_at(spec.rows, spec.validation_split) == plan_for(spec).training_rows == training
    assert plan_for(spec).validation_rows == validation


def test_runs_of_one_experiment_share_their_data_and_replicates_group() -> None:
    found = read(loss=[1], val_loss=[1])
    runs = [
        as_run(history.recorded(found, Metadata(size, seed=seed, experiment=name)), f"run_{i}")
        for i, (size, seed, name) in enumerate(
            [(32, 0, "Lesson 3"), (32, 1, " lesson  3"), (64, 0, "Lesson 3"), (32, 0, "Lesson 4")]
        )
    ]
    assert runs[0].spec.dataset == runs[1].spec.dataset == runs[2].spec.dataset != runs[3].spec.dataset
    assert runs[0].spec.group == runs[1].spec.group != runs[2].spec.group
    assert [group.label for group in group_runs([runs[0], runs[2]])] == [
        "Lesson 3, B = 32",
        "Lesson 3, B = 64",
    ]


def test_classification_is_told_by_its_metric() -> None:
    found = read(loss=[2, 1], val_loss=[2, 1], acc=[0.1, 0.5], val_acc=[0.2, 0.6])
    assert found.task == CLASSIFICATION
    run = history.recorded(found, Metadata(batch_size=8, task=CLASSIFICATION))
    assert run.epochs["val_metric"][1:].tolist() == np.float32([0.2, 0.6]).tolist()
    assert plan_for(run.spec).metric_name == "Accuracy"
    regression = history.recorded(found, Metadata(batch_size=8))
    assert np.isnan(regression.epochs["metric"]).all(), "accuracy is no MAE"


def test_a_loss_that_is_not_finite_is_divergence_and_a_missing_one_is_not() -> None:
    for data in (
        b'{"loss": [1.0, NaN], "val_loss": [1.0, null]}',
        b'{"loss": ["1.0", "nan"], "val_loss": [1.0, null]}',
        b'{"loss": [1.0, 1e300], "val_loss": [1.0, null]}',
        b"epoch,loss,val_loss\n0,1.0,1.0\n1,nan,NA\n",
        b"epoch,loss,val_loss\n0,1.0,1.0\n1,inf,\n",
    ):
        run = history.recorded(history.read(data), Metadata(batch_size=8))
        assert (run.status, run.reason) == (Status.DIVERGED, "The loss was no finite number in epoch 2.")
        assert "loss" not in run.final
    missing = history.read(b"epoch,loss,val_loss\n0,1.0,NA\n1,0.5,0.7\n")
    assert history.recorded(missing, Metadata(batch_size=8)).status is Status.DONE


def test_a_csv_that_a_spreadsheet_saved_is_read() -> None:
    found = history.read(b"epoch;loss;val_loss\r\n0;1,5;2,25\r\n1;1,25;2\r\n")
    assert found.losses["val_loss"].tolist() == [2.25, 2]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"[1, 2]", "holds no history"),
        (b"{}", "holds no history"),
        (b'{"loss": [1, 2', "not JSON"),
        (b'{"loss": []}', "is empty. Expected at least one epoch"),
        (b'{"loss": 3}', "holds a number; expected a list"),
        (b'{"loss": [1, [2]]}', "holds a list in epoch 2"),
        (b'{"loss": [1, true]}', "holds true or false in epoch 2"),
        (b'{"loss": ["low"]}', "holds text in epoch 1"),
        (b'{"loss": {"a": 1}}', "holds an object"),
        (b'{"loss": [1, 2, 3], "val_loss": [1, 2]}', "has 3 values and .val_loss. 2; expected one an epoch"),
        (b'{"loss": [1], "val_loss": [1, 2]}', "has 1 values and .val_loss. 2; expected one an epoch"),
        (b'{"loss": [null, null]}', "holds no value in any epoch"),
        (b'{"32": {"loss": [1]}, "64": {"loss": [1]}}', "holds 2 histories .“32”, “64”.. Expected one a file"),
        (b'[{"epoch": "one", "loss": 1}]', "“epoch” holds text in entry 1; expected the number of the epoch"),
        (b'{"loss": 1}\n{"loss": 1,}\n', "Line 2 of the file is not JSON"),
        (b'{"accuracy": [1, 2]}', "has no loss; it holds .accuracy."),
        (b'{"loss": [1, -2]}', "is negative in epoch 2 .-2., which MSE and cross-entropy never are"),
        (b'{"loss": [1], "accuracy": [935]}', "is 935 in epoch 1; expected a share from 0 to 1, or per cent"),
        (b'{"loss": [' + b"1," * 10_000 + b"1]}", "has 10,001 epochs; expected at most 10,000"),
        (json.dumps({name: [1] for name in ["loss", *range(1000)]}).encode(), "1,001 columns; expected at most 1,000"),
        (b"epoch,loss" + b",c" * 999 + b"\n" + b"0" + b",1" * 1000, "1,001 columns; expected at most 1,000"),
        (b"epoch,loss\n0,1\n0.5,2\n", "“epoch” is 0.5 on line 3; expected whole numbers"),
        (b"epoch,loss\n0,1\nten,2\n", "“epoch” holds 'ten' on line 3; expected the number of the epoch"),
        (b"epoch,loss\n0,1\n20000,2\n", "On line 3 the file is at epoch 20,000; expected at most 10,000"),
        (b"0,0.9\n1,0.8\n", "first line holds numbers only; expected a heading over every column"),
        (b"Step,good-sun-1 - loss,good-sun-1 - loss__MIN,good-sun-1 - loss__MAX\n0,1,1,1\n", "Weights & Biases chart"),
        (b"Wall time,Step,Value\n1.5,0,1\n", "one curve downloaded from TensorBoard"),
        (pickle.dumps({"loss": [1.0]}), "Python pickle, which is never opened"),
        (b"PAR1" + bytes(20), "a Parquet file. Save the table as CSV"),
        (bytes(8) + b"\x00\x00\x00\x00\x09brain.Event:2", "TensorBoard's events"),
        (b"epoch,loss\n0,1\n1\n", "Line 3 has 1 values"),
        (b"epoch,loss\n0,low\n", "holds 'low' on line 2"),
        (b"epoch,loss\n", "is empty. Expected at least one epoch"),
        (b"loss,loss\n1,2\n", "same name"),
        (b'epoch,loss\n0,"[1, 2]"\n', "on line 2; expected a number"),
        (b"\x80\x04\x95\x10\x00", "file is"),
        (b"PK\x03\x04" + bytes(40), "file is"),
        (b"\x00" * 100, "NUL"),
        (b" " * 20_000_001, "a history has at most 20 MB"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_no_history_is_explained(data: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said):
        history.recorded(history.read(data), Metadata(batch_size=8))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Metadata(batch_size=0), "Batch size: got 0"),
        (Metadata(batch_size=200_000), "Batch size"),
        (Metadata(batch_size=8, seed=-1), "Seed"),
        (Metadata(batch_size=8, training_rows=0), "Rows: got 0 for training"),
        (Metadata(batch_size=8, training_rows=1_000_000), "Leave them empty if there are more"),
        (Metadata(batch_size=8, training_rows=10, validation_rows=-5), "Rows: got 10 for training and -5"),
    ],
)
def test_facts_that_cannot_be_are_explained(facts: Metadata, said: str) -> None:
    with pytest.raises(DataError, match=said):
        history.recorded(read(loss=[1], val_loss=[1]), facts)


@pytest.mark.parametrize(
    ("name", "batch_size", "seed"),
    [
        ("batch_32.csv", 32, None), ("mnist-bs128-s2.json", 128, 2), ("batch_size=64_seed=3.csv", 64, 3),
        ("history.json", None, None), ("web2.json", None, None), ("batchsize 16 run 4.csv", 16, 4),
        ("batch9999999.json", None, None), ("efficientnet_b4_bs16.json", 16, None), ("", None, None),
    ],
)  # fmt: skip
def test_a_file_name_suggests_batch_size_and_seed(
    name: str, batch_size: int | None, seed: int | None
) -> None:
    found = history.suggested(name)
    assert (found.batch_size, found.seed, found.perhaps) == (batch_size, seed, None)


@pytest.mark.parametrize(
    ("name", "letter", "perhaps"),
    [
        ("b32.json", "b32", 32), ("B8 seed1.json", "B8", 8), ("efficientnet-b4.csv", "b4", 4),
        ("log_b1_rep10.csv", "b1", 1), ("b9999999.json", "", None), ("web4.json", "", None),
    ],
)  # fmt: skip
def test_a_letter_b_may_name_a_model_and_is_only_offered(name: str, letter: str, perhaps: int | None) -> None:
    found = history.suggested(name)
    assert (found.batch_size, found.letter, found.perhaps) == (None, letter, perhaps)


@pytest.mark.parametrize(
    "data",
    [
        b"epoch, loss, val_loss\n0, 0.9, 0.8\n1, 0.7, 0.6\n",
        b"Epoch,Loss,Val_Loss\n1,0.9,0.8\n2,0.7,0.6\n",
        b"\xef\xbb\xbfepoch\tloss\tval_loss\n0\t0,9\t0,8\n1\t0,7\t0,6\n",
        b"epoch; loss; val_loss\n0; 0,90; 0,80\n1; 0,70; 0,60\n",
        b",Train Loss,Validation Loss\n0,0.9,0.8\n1,0.7,0.6\n",
        b"epoch,loss,val_loss\n0,0.9,0.8\nepoch,loss,val_loss\n1,0.7,0.6\n",
        b'{"loss": {"0": 0.9, "1": 0.7}, "val_loss": {"0": 0.8, "1": 0.6}}',
        b'{"LOSS": [0.9, 0.7], "Val_Loss": ["0.8", "0.6"], "lr": 0.1, "name": "x", "verbose": true}',
        b'[{"epoch": 0, "loss": 0.9, "val_loss": 0.8}, {"epoch": 1, "loss": 0.7, "val_loss": 0.6}]',
        b'{"epoch": 0, "loss": 0.9, "val_loss": 0.8}\n{"epoch": 1, "loss": 0.7, "val_loss": 0.6}\n',
        b"epoch,step,train_loss,val_loss\n0,9,,0.8\n0,9,0.9,\n1,19,,0.6\n1,19,0.7,\n1,20,,\n",
        b"_step,_runtime,epoch,loss,val_loss\n0,1.5,0,0.9,0.8\n1,2.5,1,0.7,0.6\n",
    ],
)
def test_one_training_in_every_dress(data: bytes) -> None:
    found = history.read(data)
    assert {name: values.tolist() for name, values in found.losses.items()} == {
        "loss": [0.9, 0.7],
        "val_loss": [0.8, 0.6],
    }
    assert history.recorded(found, Metadata(batch_size=8)).status is Status.DONE


def test_headings_in_capitals_name_the_metrics_too() -> None:
    found = history.read(b"Epoch,Loss,Accuracy,Val_Loss,Val_Accuracy\n1,0.9,50,0.8,62.5\n")
    assert found.metrics["classification"]["val_metric"].tolist() == [0.625]
    assert "“Val_Accuracy” is in per cent: 62.5 is read as 0.625." in said(found)
    assert read(loss=[1], MAE_1=[0.5]).metrics["regression"]["metric"].tolist() == [0.5]


def test_what_was_not_measured_is_neither_divergence_nor_a_difference() -> None:
    freq = read(loss=[4, 3, 2, 1, 0.5], val_loss=[3, 1])
    np.testing.assert_array_equal(freq.losses["val_loss"], [math.nan, 3, math.nan, 1, math.nan])
    assert said(freq) == "2 validation values for 5 epochs: taken as measured after every 2 epochs."
    never = history.read(b"epoch,loss,val_loss\n0,0.5,NA\n1,0.4,NA\n")
    assert set(never.losses) == {"loss"}
    facts = Metadata(batch_size=8, training_rows=80, validation_rows=20)
    runs = [as_run(history.recorded(found, facts), f"run_{i}") for i, found in enumerate((freq, never))]
    assert [run.status for run in runs] == [Status.DONE] * 2
    assert not data_differences(runs)
    gaps = history.read(b"epoch,loss\n0,1\n2,2\n")
    np.testing.assert_array_equal(gaps.losses["loss"], [1, math.nan, 2])
    assert said(gaps) == "1 epoch has no line: epoch 2. Shown as not measured."


@pytest.mark.parametrize(
    ("columns", "unfinished", "other"),
    [
        ({"loss": [3, 2, 1], "val_loss": [math.nan, 2, math.nan]}, None, 3),  # validated every second epoch
        ({"loss": [3, 2, 1], "val_loss": [math.nan, 2, 1]}, None, None),
        ({"loss": [3, math.nan, 1], "val_loss": [3, 2, 1]}, None, None),  # nothing recovers from NaN weights
        ({"loss": [3, 2, math.nan], "val_loss": [math.nan, math.nan, math.nan]}, 2, None),
        ({"loss": [3, 2, math.nan]}, 3, None),
        ({"val_loss": [3, 2, math.nan]}, 3, None),
        ({"loss": [3, math.inf, 1]}, 2, None),
    ],
)
def test_nan_is_divergence_only_where_the_training_broke(
    columns: dict[str, list[object]], unfinished: int | None, other: int | None
) -> None:
    data = json.dumps(columns).encode()
    found = history.read(data)
    assert found.unfinished == unfinished
    assert [choice.choice for choice in found.choices] == ([Choice.NAN] if other else [])
    if other:
        chosen = Reading.from_choices({Choice.NAN: found.choices[0].others[0]})
        assert history.read(data, chosen).unfinished == other


def test_epochs_that_start_again_say_what_was_taken_and_offer_the_rest() -> None:
    data = b"epoch,loss\n0,9\n1,8\n2,7\n0,5\n1,4\n"
    found = history.read(data)
    assert found.losses["loss"].tolist() == [5, 4]
    assert said(found) == "On line 5 the epochs start again: 2 trainings in one file; the last one is shown."
    (choice,) = found.choices
    read_as = {
        value: history.read(data, Reading.from_choices({Choice.PART: value})).losses["loss"].tolist()
        for value in (choice.taken, *choice.others)
    }
    assert read_as == {"last": [5, 4], "1": [9, 8, 7], "joined": [9, 8, 7, 5, 4]}
    assert all(option(Choice.PART, value) for value in read_as)
    resumed = history.read(b"epoch,loss\n0,9\n1,8\n2,7\n1,6\n2,5\n3,4\n")
    assert resumed.losses["loss"].tolist() == [9, 6, 5, 4]
    assert "back at epoch 2: the later lines are shown" in said(resumed)


def test_a_decimal_mark_that_is_open_is_said_and_offered() -> None:
    data = b"epoch;loss\n0;1,234\n1;1,125\n"
    found = history.read(data)
    assert found.losses["loss"].tolist() == [1.234, 1.125]
    assert "“loss”: “1,234” is read as 1.234." in said(found)
    (choice,) = found.choices
    assert (
        history.read(data, Reading.from_choices({Choice.DECIMAL_MARK: choice.others[0]})).losses["loss"][0]
        == 1234
    )


def test_several_validation_frequencies_that_fit_are_offered() -> None:
    data = json.dumps({"loss": [5, 4, 3, 2, 1], "val_loss": [2]}).encode()
    found = history.read(data)
    assert (found.choices[0].taken, found.choices[0].others) == ("3", ("4", "5"))
    last = history.read(data, Reading.from_choices({Choice.EVERY: "5"})).losses["val_loss"]
    np.testing.assert_array_equal(last, [*[math.nan] * 4, 2])


def test_any_validation_frequency_is_taken_or_offered() -> None:
    """Keras validates after the epochs that `validation_freq` divides."""
    for epochs in range(2, 12):
        for every in range(2, epochs + 1):
            when = [epoch for epoch in range(1, epochs + 1) if epoch % every == 0]
            found = read(loss=[1.0] * epochs, val_loss=[float(epoch) for epoch in when])
            taken = found.losses["val_loss"]
            fits = [np.flatnonzero(np.isfinite(taken)).tolist() == [e - 1 for e in when]]
            fits += [str(every) in choice.others for choice in found.choices]
            assert any(fits), (epochs, every)


def test_a_log_of_steps_shows_what_is_of_an_epoch_only() -> None:
    found = history.read(
        b"epoch,step,train_loss,val_loss\n0,1,3,\n0,2,2,\n0,2,,1.5\n1,3,2,\n1,4,1,\n1,4,,1\n"
    )
    assert set(found.losses) == {"val_loss"}
    assert "“train_loss” has several values in epoch 0" in said(found)
    assert "train_loss" in found.left_out


def test_what_stands_beside_the_lists_is_told_and_suggests_the_batch_size() -> None:
    found = history.read(b'{"batch_size": 32, "loss": [0.5, 0.4], "test_loss": 0.55, "optimizer": "adam"}')
    assert found.stated == {"batch_size": 32}
    assert set(found.left_out) == {"batch_size", "test_loss", "optimizer"}
    kept = b'{"params": {"batch_size": 16, "samples": 80}, "history": {"loss": [1]}}'
    assert history.read(kept).stated == {"batch_size": 16, "samples": 80}


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200)
def test_any_bytes_are_a_history_or_explained(data: bytes) -> None:
    _read_or_explained(data)


VALUES = (
    st.none() | st.floats() | st.integers() | st.booleans() | st.text(max_size=4) | st.lists(st.integers())
)
NAMES = st.sampled_from(["loss", "val_loss", "mae", "acc", "val_acc", "epoch", "", "x"]) | st.text(max_size=4)


@given(columns=st.dictionaries(NAMES, st.lists(VALUES, max_size=4) | VALUES, max_size=4))
@settings(max_examples=150)
def test_any_json_is_a_history_or_explained(columns: dict[str, object]) -> None:
    _read_or_explained(json.dumps(columns).encode())


@given(
    rows=st.lists(st.lists(NAMES | st.sampled_from(["0", "1", "0.5", "nan", "NA"]), min_size=1, max_size=4))
)
@settings(max_examples=150)
def test_any_csv_is_a_history_or_explained(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["epoch", "loss"], *rows])
    _read_or_explained(text.getvalue().encode())


def _read_or_explained(data: bytes) -> None:
    try:
        run = history.recorded(history.read(data), Metadata(batch_size=8, training_rows=100))
    except DataError:
        return
    assert set(run.epochs) == set(SERIES["epochs"].names)
    assert len({len(column) for column in run.epochs.values()}) == 1
    assert run.source is Source.HISTORY
    assert all(math.isfinite(value) for value in run.final.values())
