"""RunSpec: equal experiments are equal values with equal hashes; nonsense is refused in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchviz.errors import SpecError
from batchviz.experiment.datasets import DATASETS
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import GRAPH_FIELDS, RUNTIME_FIELDS, VERSION, RunSpec, bounds, choices
from tests.nonsense import NONSENSE
from tests.strategies import specs

# A value for each field that trains differently from the default.
OTHER = {
    "dataset": "teacher",
    "rows": 900,
    "noise": 0.2,
    "data_seed": 1,
    "model": "convnet",
    "hidden": [8],
    "activation": "tanh",
    "dropout": 0.1,
    "batch_norm": True,
    "optimizer": "sgd",
    "learning_rate": 0.01,
    "momentum": 0.5,
    "learning_rate_rule": "linear",
    "base_batch_size": 16,
    "batch_size": 16,
    "batch_schedule": [[3, 64]],
    "accumulation": 2,
    "budget_unit": "updates",
    "budget": 11,
    "validation_split": 0.3,
    "seed": 1,
}
# What must stand beside a field for it to mean something.
BESIDE = {
    "noise": {"dataset": "teacher"},
    "model": {"dataset": "digits", "hidden": [16]},
    "momentum": {"optimizer": "momentum"},
    "base_batch_size": {"learning_rate_rule": "linear"},
}


def test_the_default_is_the_articles_experiment():
    spec = RunSpec()
    assert (spec.dataset, spec.rows, spec.hidden, spec.activation) == ("random", 1000, (16,), "relu")
    assert (spec.optimizer, spec.learning_rate, spec.batch_size) == ("adam", 0.001, 32)
    assert (spec.budget_unit, spec.budget, spec.validation_split) == ("epochs", 10, 0.2)
    assert RunSpec.parse({}) == spec


@given(specs())
@settings(max_examples=50)
def test_the_row_in_the_database_reads_back_as_the_same_spec(spec):
    back = RunSpec.parse(json.loads(json.dumps(spec.model_dump(mode="json"))))
    assert back == spec
    assert back.hash == spec.hash


@given(specs(), st.randoms())
@settings(max_examples=50)
def test_the_hash_does_not_hang_on_the_order_of_the_fields(spec, random):
    pairs = list(spec.model_dump().items())
    random.shuffle(pairs)
    assert RunSpec.parse(dict(pairs)).hash == spec.hash


def test_two_specs_are_equal_whatever_was_asked_of_them_before():
    one, other = RunSpec(seed=3), RunSpec(seed=3)
    for spec in (one, other):
        assert (plan_for(spec).updates, len(spec.hash), len(spec.group)) == (250, 64, 64)
    assert one == other
    assert one != RunSpec(seed=4)


def test_the_hash_is_the_same_in_another_process():
    spec = RunSpec.parse({"dataset": "friedman", "hidden": "64, 32", "batch_schedule": "3:full"})
    code = f"from batchviz.experiment.spec import RunSpec; print(RunSpec.parse({spec.model_dump()!r}).hash)"
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == spec.hash


def test_the_hash_of_the_articles_experiment_never_changes_by_accident():
    # Stored runs are found by it. If the meaning of a field or a default changed on purpose, raise VERSION.
    assert VERSION == 1
    assert RunSpec().hash == "3352681dbfe47d4daafb595f4be6f9bbd16e647f9856b2d4050c29aa84b294eb"


def test_every_field_has_a_value_that_differs():
    assert set(OTHER) == set(RunSpec.model_fields)


@pytest.mark.parametrize("name", OTHER)
def test_the_hash_changes_with_every_field_that_matters(name):
    before = RunSpec.parse(BESIDE.get(name, {}))
    after = before.replace(**{name: OTHER[name]})
    assert after.hash != before.hash
    assert (after.group == before.group) == (name == "seed")


def test_every_field_shapes_the_graph_or_flows_through_it():
    # A new field has to be put into one of the two, or it would train with another run's compiled model.
    assert set(GRAPH_FIELDS) | set(RUNTIME_FIELDS) == set(RunSpec.model_fields)
    assert set(GRAPH_FIELDS) & set(RUNTIME_FIELDS) == set()
    assert len({*GRAPH_FIELDS, *RUNTIME_FIELDS}) == len(GRAPH_FIELDS) + len(RUNTIME_FIELDS)


@pytest.mark.parametrize("name", OTHER)
def test_the_graph_is_another_where_a_field_that_shapes_it_differs_and_only_there(name):
    before = RunSpec.parse(BESIDE.get(name, {}))
    after = before.replace(**{name: OTHER[name]})
    # Accumulation at all is part of the graph; how much of it is not.
    assert (after.graph_key() != before.graph_key()) == (name in GRAPH_FIELDS or name == "accumulation")
    assert RunSpec(accumulation=2).graph_key() == RunSpec(accumulation=3).graph_key()


@pytest.mark.parametrize(
    ("idle", "beside"),
    [
        ({"noise": 0.5}, {}),
        ({"momentum": 0.5}, {"optimizer": "adam"}),
        ({"base_batch_size": 8}, {"learning_rate_rule": "fixed"}),
        ({"activation": "tanh"}, {"hidden": []}),
    ],
)
def test_a_field_that_means_nothing_here_makes_no_new_experiment(idle, beside):
    assert RunSpec.parse(beside | idle) == RunSpec.parse(beside)
    assert RunSpec.parse(beside | idle).hash == RunSpec.parse(beside).hash


@pytest.mark.parametrize("name", ["noise", "dropout", "learning_rate", "momentum", "validation_split"])
def test_minus_zero_is_zero(name):
    beside = {"dataset": "teacher", "optimizer": "momentum"}
    assert RunSpec.parse(beside | {name: -0.0}).hash == RunSpec.parse(beside | {name: 0.0}).hash


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_data_set_brings_its_own_number_of_rows(dataset):
    assert RunSpec.parse({"dataset": dataset}).rows == DATASETS[dataset].rows


def test_a_field_left_empty_takes_its_default():
    assert RunSpec.parse({"rows": None, "seed": None}) == RunSpec()


def test_text_is_read_as_a_form_or_a_terminal_gives_it():
    spec = RunSpec.parse({"hidden": " 64, 32, ", "batch_schedule": "3:full, 5 : 7", "batch_size": "8"})
    assert (spec.hidden, spec.batch_schedule, spec.batch_size) == ((64, 32), ((3, "full"), (5, 7)), 8)
    assert RunSpec.parse({"hidden": "none"}).hidden == ()


@pytest.mark.parametrize(("given", "names"), NONSENSE)
def test_nonsense_is_refused_by_name_and_with_what_was_expected(given, names):
    with pytest.raises(SpecError) as caught:
        RunSpec.parse(given)
    text = str(caught.value)
    for name in names:
        assert name in text
    assert "expected" in text.lower() or "Add one" in text or "Use digits" in text
    assert len(text) < 700
    assert "pydantic" not in text


def test_every_field_has_its_nonsense():
    assert {name for given, _ in NONSENSE for name in given} >= set(RunSpec.model_fields)


def test_every_field_that_is_wrong_is_named_at_once():
    with pytest.raises(SpecError, match=r"Rows: got 1; .*Batch size: got 0; .*Seed: got -1; "):
        RunSpec.parse({"rows": 1, "batch_size": 0, "seed": -1})


def test_the_tables_and_bounds_that_a_form_reads():
    assert choices("dataset") == (
        "random", "teacher", "friedman", "diabetes", "digits", "mislabelled", "line", "moons",
    )  # fmt: skip
    assert bounds("rows") == (2, 100_000)
    assert bounds("budget") == (0, None)
    assert bounds("batch_size") == (None, None)


@given(specs(), st.integers(0, 2**31 - 1))
@settings(max_examples=30)
def test_replicates_share_their_group(spec, seed):
    assert spec.replace(seed=seed).group == spec.group
