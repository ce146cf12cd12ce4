"""Columns become inputs as scikit-learn makes them; every decision is said."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from batchviz.errors import DataError
from batchviz.experiment.limits import MAX_OWN_INPUTS
from batchviz.experiment.own_data import drawn
from batchviz.importers.table import (
    Prepared,
    Table,
    encodings,
    likely_target,
    prepare,
    read,
    suggested,
    tasks,
    times,
)
from batchviz.importers.table.features import standardised
from batchviz.text.column import fate
from batchviz.text.table import sentences


def table(**columns: object) -> Table:
    return read(pd.DataFrame(columns).to_csv(index=False).encode())


def prepared(answer: str = "y", **columns: object) -> Prepared:
    return prepare(table(**columns), answer)


def trained_on(made: Prepared, training: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """All rows in the file's order, as a run with so many training rows (None: all) gets them."""
    rows = len(made.y)
    return drawn(*made.data._replace(in_order=True), rows, 0, training or rows)


RANDOM = np.random.default_rng(7)
ROWS = 120
NUMBERS = RANDOM.lognormal(3, 2, ROWS)
Y = RANDOM.normal(50, 9, ROWS)


def test_numbers_are_standardised_as_by_scikit_learn() -> None:
    made = prepared(x=NUMBERS, y=Y)
    np.testing.assert_allclose(made.x, StandardScaler().fit_transform(NUMBERS[:, None]), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(made.y, StandardScaler().fit_transform(Y[:, None]), rtol=1e-5, atol=1e-6)
    assert (made.outputs, made.classes, made.columns) == (1, (), ("x",))
    assert (made.x.dtype, made.y.dtype, made.y.shape) == (np.float32, np.float32, (ROWS, 1))
    assert np.mean(made.y**2) == pytest.approx(1, abs=1e-5), "always answering the mean has MSE 1"
    assert any(
        f"(over all rows: mean {Y.mean():.4g}, standard deviation {Y.std():.4g})" in line
        for line in sentences(made.explanation)
    )


@pytest.mark.parametrize("training", [96, 60, 3])
def test_validation_rows_have_no_say_in_what_is_standard(training: int) -> None:
    made = prepared(
        x=np.where(np.arange(ROWS) % 5, NUMBERS, np.nan), z=np.append(NUMBERS[1:], 1e6), ok=["yes", "no", None] * 40,
        y=Y,
    )  # fmt: skip
    x, y = trained_on(made, training)
    frame = pd.DataFrame(
        {"x": np.where(np.arange(ROWS) % 5, NUMBERS, np.nan), "z": np.append(NUMBERS[1:], 1e6)}
    )
    expected = StandardScaler().fit(frame[:training]).transform(frame)
    np.testing.assert_allclose(x[:, [0, 2]], np.nan_to_num(expected), rtol=1e-4, atol=1e-4)
    yes = np.array([1, 0, np.nan] * 40)
    np.testing.assert_allclose(x[:, 3], np.where(np.isnan(yes), np.nanmean(yes[:training]), yes), rtol=1e-6)
    fitted = StandardScaler().fit(Y[:training, None])
    np.testing.assert_allclose(y, fitted.transform(Y[:, None]), rtol=1e-4, atol=1e-4)


def test_what_does_not_vary_in_the_training_rows_stays_finite() -> None:
    made = prepared(x=[7.1] * 60 + [8.3] * 60, gap=[None] * 60 + [*range(30), *range(30)], y=Y)
    x, _ = trained_on(made, 60)
    assert (x[:60, 0] == 0).all()
    assert np.isfinite(x).all()
    assert np.abs(x).max() < 10


def test_older_data_is_trained_on_as_it_was_kept() -> None:
    made = prepared(x=NUMBERS, y=Y)
    x, y = drawn(made.x, made.y, None, False, 50, 3, 40)
    order = np.random.default_rng(3).permutation(ROWS)[:50]
    np.testing.assert_array_equal(x, made.x[order])
    np.testing.assert_array_equal(y, made.y[order])


@pytest.mark.parametrize(
    "numbers",
    [
        [1e300, -1e300, 0],
        [5e-324, 0, 0],
        [1e16, 1e16 + 2, 1e16],
        [1, 1 + 2**-52, 1],
        [1.7e308, 1.6e308, -1.7e308],
    ],
)
def test_numbers_at_the_edge_are_standardised_too(numbers: list[float]) -> None:
    z = standardised(np.array(numbers))
    assert abs(z.mean()) < 1e-9
    assert z.std() == pytest.approx(1, abs=1e-9)


def test_missing_numbers_become_the_mean_and_an_input_says_where() -> None:
    x = np.where(np.arange(ROWS) % 5 == 0, np.nan, NUMBERS)
    made = prepared(x=x, y=Y)
    scaled = StandardScaler().fit_transform(x[:, None])[:, 0]  # which passes over NaN
    inputs, _ = trained_on(made)
    np.testing.assert_allclose(inputs[:, 0], np.where(np.isnan(scaled), 0, scaled), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(inputs[:, 1], np.isnan(x))
    assert made.columns == ("x", "x missing")
    assert (
        "Missing values become the column's mean over the training rows, and one more input says where (x: 24)."
        in sentences(made.explanation)
    )


def test_categories_are_one_hot_as_by_scikit_learn_and_missing_is_the_last() -> None:
    city = [*["Köln", "Bonn", "aachen", None] * 30]
    made = prepared(city=city, y=Y)
    encoder = OneHotEncoder(sparse_output=False)
    expected = encoder.fit_transform(np.array(city, object)[:, None])
    np.testing.assert_array_equal(made.x, expected)
    assert [*encoder.categories_[0]] == ["Bonn", "Köln", "aachen", None]
    assert made.columns == ("city = Bonn", "city = Köln", "city = aachen", "city missing")


def test_yes_and_no_are_1_and_0_and_missing_the_share_of_yes() -> None:
    made = prepared(x=["yes", "no", "yes", "yes", None] * 4, y=Y[:20])
    np.testing.assert_allclose(trained_on(made)[0][:5], [[1, 0], [0, 0], [1, 0], [1, 0], [0.75, 1]])


def test_dates_are_standardised_days() -> None:
    days = pd.date_range("2020-02-20", periods=ROWS, freq="7D")
    made = prepared(x=days.strftime("%d.%m.%Y"), y=Y)
    numbers = (days - pd.Timestamp(0)).days.to_numpy(float)
    np.testing.assert_allclose(made.x, StandardScaler().fit_transform(numbers[:, None]), rtol=1e-5, atol=1e-6)


def test_what_is_left_out_is_said_and_why() -> None:
    made = prepared(
        id=np.arange(1, ROWS + 1), same=3, nothing=None, name=[f"person {i}" for i in range(ROWS)],
        text=[f"word {i % 60}" for i in range(ROWS)], x=NUMBERS, y=Y,
    )  # fmt: skip
    assert made.columns == ("x",)
    assert sentences(made.explanation)[-1] == (
        "Left out: id (it counts the rows), same (the same in every row), nothing (it is empty), "
        "name (every row has another value) and text (60 different texts, at most 50 become inputs)."
    )


def test_identifiers_are_a_suggestion_only() -> None:
    found = table(id=np.arange(ROWS), x=NUMBERS, y=Y)
    assert suggested(found, "y") == ("id",)
    assert prepare(found, "y", leave_out=()).columns == ("id", "x")
    assert prepare(found, "y", leave_out=["x"]).columns == ("id",)
    alone = table(time=np.arange(ROWS), y=Y)
    assert suggested(alone, "y") == (), "nothing else is left to learn from"
    assert prepare(alone, "y").columns == ("time",)


INDEX = np.random.default_rng(3).permutation(5 * ROWS)[:ROWS]


@pytest.mark.parametrize(
    ("name", "numbers", "left_out"),
    [
        ("Unnamed: 0", INDEX, True), ("index", INDEX, True), ("id", INDEX, True), ("customer_id", INDEX, True),
        ("PassengerId", np.arange(892, 892 + ROWS), True), ("z", np.sort(INDEX), True), ("z", -np.sort(INDEX), True),
        ("z", INDEX, False), ("width", INDEX, False), ("id", INDEX % 50, False), ("z", np.sort(INDEX) / 7, False),
        ("year", np.arange(1900, 1900 + ROWS), False), ("z", np.arange(1900, 1900 + ROWS), False),
        ("timestamp", np.sort(INDEX), False),
    ],
)  # fmt: skip
def test_row_numbers_are_left_out_and_never_suggested_as_the_target(
    name: str, numbers: object, left_out: bool
) -> None:
    found = table(x=NUMBERS, y=Y, **{name: numbers})
    assert likely_target(found) == "y"
    assert suggested(found, "y") == ((name,) if left_out else ())
    if left_out:
        assert likely_target(table(y=Y, **{name: numbers})) == "y"
        assert prepare(found, "y", leave_out=()).columns == ("x", name), "it can be turned on"


@pytest.mark.parametrize("shuffled", [False, True])
def test_what_pandas_writes_of_its_index_is_left_out(shuffled: bool) -> None:
    frame = pd.DataFrame({"x": NUMBERS, "y": Y})
    frame = frame.sample(frac=1, random_state=1) if shuffled else frame
    csv = read(frame.to_csv().encode())
    assert suggested(csv, "y") == ("column 1",)
    for renamed in (frame.rename_axis("key"), frame.rename_axis("__index_level_0__")):
        file = io.BytesIO()
        renamed[renamed["y"] > 45].to_parquet(file)
        assert suggested(read(file.getvalue()), "y") == (renamed.index.name,)
    dated = io.BytesIO()
    frame.set_index(pd.date_range("2024-01-01", periods=ROWS)).to_parquet(dated)
    assert suggested(read(dated.getvalue()), "y") == (), "when something happened may matter"


def test_rows_without_a_target_are_dropped_and_the_rest_decides() -> None:
    y = [1.5, None, 3, 4.5, None, 7]
    made = prepared(x=[1, 100, 2, 3, 100, 4], only=["a", "b", "a", "a", "b", "a"], y=y)
    np.testing.assert_allclose(made.x[:, 0], (np.array([1, 2, 3, 4]) - 2.5) / np.std([1, 2, 3, 4]), rtol=1e-6)
    assert made.columns == ("x",), "what varies in dropped rows alone does not vary"
    assert "2 rows without a target were dropped: 4 remain." in sentences(made.explanation)


@pytest.mark.parametrize(
    ("y", "classes", "numbers"),
    [
        (["b", "a", "b", "b"], ("a", "b"), [1, 0, 1, 1]),
        (["yes", "no", "no", "no"], ("no", "yes"), [1, 0, 0, 0]),
        ([10, 2, 2, 10], ("2", "10"), [1, 0, 0, 1]),
        ([0.0, 1.0, 0.0, 0.0], ("0", "1"), [0, 1, 0, 0]),
        (["b", "a", "b", "Ä"], ("a", "b", "Ä"), [1, 0, 1, 2]),
    ],
)
def test_classes_are_numbered_in_order(y: list[object], classes: tuple[str, ...], numbers: list[int]) -> None:
    made = prepared(x=[1, 2, 4, 8], y=y)
    assert (made.classes, made.outputs, made.y.dtype) == (classes, len(classes), np.int32)
    np.testing.assert_array_equal(made.y, numbers)


def test_the_commonest_class_and_lonely_ones_are_said() -> None:
    made = prepared(x=np.arange(8) ** 2, y=["cat"] * 6 + ["dog", "emu"])
    told = sentences(made.explanation)
    assert any(
        line.endswith("the commonest, \u201ccat\u201d, is right in 75 % of the rows.") for line in told
    )
    assert any(
        line.startswith("Classes with a single row: dog and emu.") for line in sentences(made.explanation)
    )


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        (Y, ("regression",)),
        (np.arange(ROWS) % 20, ("classification", "regression")),
        (np.arange(ROWS) % 30, ("regression", "classification")),
        (np.arange(ROWS) % 4 / 2, ("regression", "classification")),
        ([0, 1] * 60, ("classification", "regression")),
        (["a", "b"] * 60, ("classification",)),
        ([f"w{i % 60}" for i in range(ROWS)], ("classification",)),
        (["yes", "no"] * 60, ("classification",)),
        (pd.date_range("2020-01-01", periods=ROWS).strftime("%Y-%m-%d"), ("regression",)),
    ],
)
def test_tasks_and_which_is_likelier(y: object, expected: tuple[str, ...]) -> None:
    assert tasks(table(x=NUMBERS, y=y).column("y")) == expected


def test_the_task_can_be_switched() -> None:
    found = table(x=NUMBERS, y=np.arange(ROWS) % 3)
    assert prepare(found, "y").outputs == 3
    made = prepare(found, "y", "regression")
    np.testing.assert_allclose(made.y[:3, 0], (np.arange(3) - 1) / np.std([0, 1, 2]), rtol=1e-6)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"x": [1, 2, 3], "y": [1, 1, 1]}, "the same in every row that has a value"),
        ({"x": [1, 2, 3], "y": ["a", None, "a"]}, "the same in every row"),
        ({"x": [1, 2, 3], "y": [5, None, None]}, "1 of its rows has a value. Expected at least 2"),
        ({"x": [1, 2, 3], "y": [None] * 3}, "0 of its rows have a value"),
        (
            {"x": NUMBERS, "y": [f"w{i}" for i in range(ROWS)]},
            "120 different texts; expected at most 100 classes",
        ),
        (
            {"x": [1, 1, 1], "y": [1, 2, 3]},
            "No column is left to predict the target from: \u201cx\u201d is left out: the same",
        ),
        ({"x": [1, 2, 3], "z": [1, 2, 3]}, "There is no column 'y'; expected one of x and z"),
    ],
)
def test_what_cannot_be_learned_is_explained(columns: dict[str, object], said: str) -> None:
    with pytest.raises(DataError) as refused:
        prepared(**columns)
    assert said in str(refused.value)


def test_text_is_no_target_of_regression() -> None:
    with pytest.raises(DataError, match="can be the target of classification only, not of regression"):
        prepare(table(x=NUMBERS, y=["a", "b"] * 60), "y", "regression")


def test_too_many_inputs_are_counted_before_they_are_made() -> None:
    words = np.array([f"w{i:02d}" for i in range(50)])
    columns = {
        f"c{i}": words[RANDOM.permutation(np.arange(400) % 50)] for i in range(MAX_OWN_INPUTS // 50 + 1)
    }
    with pytest.raises(DataError, match="2,050 inputs; expected at most 2,000"):
        prepared(y=RANDOM.normal(size=400), **columns)


def test_too_many_numbers_in_all_are_refused() -> None:
    lines = [
        "y," + ",".join(f"c{i}" for i in range(9)),
        *(f"{i}.5" + f",w{i % 50}" * 9 for i in range(50_000)),
    ]
    with pytest.raises(
        DataError, match="50,000 rows of 450 inputs are 22,500,000 numbers; expected at most 20,000,000"
    ):
        prepare(read("\n".join(lines).encode()), "y")


def test_rows_in_order_of_time_are_not_shuffled_and_the_latest_are_held_out() -> None:
    days = RANDOM.permutation(ROWS)
    found = table(
        when=(pd.Timestamp("2020-01-01") + pd.to_timedelta(days, "D")).strftime("%Y-%m-%d"), x=NUMBERS, y=Y
    )
    assert times(found) == ("when",)
    made = prepare(found, "y", order="when")
    assert made.in_order
    assert (
        "The rows stay in order of \u201cwhen\u201d: the last ones are held out, not a random part."
        in sentences(made.explanation)
    )
    x, _ = drawn(*made.data, 50, 9, 40)
    latest = np.argsort(days)[-50:]
    np.testing.assert_allclose(x[:, 1], StandardScaler().fit(NUMBERS[latest][:40, None]).transform(
        NUMBERS[latest][:, None])[:, 0], rtol=1e-4, atol=1e-4)  # fmt: skip
    assert (np.diff(x[:, 0]) > 0).all(), "the data seed changes nothing"
    np.testing.assert_array_equal(prepare(found, "y", order="").x, prepare(found, "y").x)
    assert times(table(year=[*range(1990, 2020)] * 4, x=NUMBERS, y=Y)) == (), (
        "years that start again are no order"
    )


def test_the_table_of_columns_says_what_happens_to_each() -> None:
    found = table(x=[1, None, 3, 4], city=["a", "b", None, "a"], when=["2024-01-01", "2024-01-02", None, "2024-01-04"],
                  ok=["yes", "no", "no", "yes"], gap=[1, None, 1, 1], y=Y[:4])  # fmt: skip
    assert {one.column.name: fate(one.fate) for one in encodings(found, "y")} == {
        "x": "standardised; missing: the mean, and an input that says so",
        "city": "3 inputs, one a value and one for missing",
        "when": "days since 1970, standardised; missing: the mean, and an input that says so",
        "ok": "no is 0, yes is 1",
        "gap": "only whether it is missing: otherwise it is always the same",
    }
    np.testing.assert_array_equal(prepare(found, "y").x[:, -1], [0, 1, 0, 0])


@pytest.mark.parametrize(
    ("columns", "likely"),
    [
        ({"x": NUMBERS, "y": Y}, "y"),
        ({"y": Y, "same": 1, "nothing": None, "note": [f"note {i}" for i in range(ROWS)]}, "y"),
        ({"x": NUMBERS, "ok": ["yes", "no"] * 60, "id": np.arange(ROWS)}, "ok"),
        ({"a": 1, "b": 2}, "b"),
        ({"x": NUMBERS, "Target": Y, "z": NUMBERS}, "Target"),
    ],
)
def test_the_last_column_that_can_be_learned_is_the_suggested_target(
    columns: dict[str, object], likely: str
) -> None:
    assert (
        likely_target(read(pd.DataFrame(columns, index=range(ROWS)).to_csv(index=False).encode())) == likely
    )
