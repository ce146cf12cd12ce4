"""Histories: what Keras itself wrote is read to the last digit, and what cannot be a history is explained."""

import csv
import io
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchviz.analysis.replicates import group_runs
from batchviz.errors import DataError
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Run, Source, Status
from batchviz.experiment.schedule import split_at
from batchviz.experiment.series import SERIES
from batchviz.importers import history
from batchviz.importers.history import CLASSIFICATION, Metadata


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
@settings(max_examples=100, deadline=None)
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
        (b'{"loss": [1, 2], "val_loss": [1]}', "has 2 values and .val_loss. 1; expected one an epoch"),
        (b'{"accuracy": [1, 2]}', "has no loss; it holds .accuracy."),
        (b'{"loss": [1, -2]}', "is negative in epoch 2, which MSE and cross-entropy never are"),
        (b'{"loss": [1], "accuracy": [93.5]}', "is 93.5 in epoch 1; expected a share from 0 to 1"),
        (b'{"loss": [' + b"1," * 10_000 + b"1]}", "has 10,001 epochs; expected at most 10,000"),
        (json.dumps({name: [1] for name in ["loss", *range(1000)]}).encode(), "1,001 columns; expected at most 1,000"),
        (b"epoch,loss" + b",c" * 999 + b"\n" + b"0" + b",1" * 1000, "1,001 columns; expected at most 1,000"),
        (b"epoch,loss\n0,1\n1,2\n0,3\n", "On line 4 the epochs start again"),
        (b"epoch,loss\n0,1\n2,2\n", "An epoch is missing before line 3"),
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
        ("b32.json", 32, None), ("batch_32.csv", 32, None), ("mnist-bs128-s2.json", 128, 2),
        ("batch_size=64_seed=3.csv", 64, 3), ("B8 seed1.json", 8, 1), ("history.json", None, None),
        ("web2.json", None, None), ("batchsize 16 run 4.csv", 16, 4), ("b9999999.json", None, None),
        ("log_b1_rep10.csv", 1, 10), ("", None, None),
    ],
)  # fmt: skip
def test_a_file_name_suggests_batch_size_and_seed(
    name: str, batch_size: int | None, seed: int | None
) -> None:
    found = history.suggested(name)
    assert (found.batch_size, found.seed) == (batch_size, seed)


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_history_or_explained(data: bytes) -> None:
    _read_or_explained(data)


VALUES = (
    st.none() | st.floats() | st.integers() | st.booleans() | st.text(max_size=4) | st.lists(st.integers())
)
NAMES = st.sampled_from(["loss", "val_loss", "mae", "acc", "val_acc", "epoch", "", "x"]) | st.text(max_size=4)


@given(columns=st.dictionaries(NAMES, st.lists(VALUES, max_size=4) | VALUES, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_json_is_a_history_or_explained(columns: dict[str, object]) -> None:
    _read_or_explained(json.dumps(columns).encode())


@given(
    rows=st.lists(st.lists(NAMES | st.sampled_from(["0", "1", "0.5", "nan", "NA"]), min_size=1, max_size=4))
)
@settings(max_examples=150, deadline=None)
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
