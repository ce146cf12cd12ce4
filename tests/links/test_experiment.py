"""A link says what differs from the default, reads back as the same set-up, and is never trusted."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchviz.errors import SpecError
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.parsing import as_text
from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment, limits
from tests.nonsense import WORDS
from tests.strategies import specs


@given(specs())
@settings(max_examples=200)
def test_every_set_up_comes_back_from_its_link(spec):
    assert experiment.decode(experiment.encode(spec)) == spec


@given(specs())
@settings(max_examples=50)
def test_a_browser_leaves_the_link_as_it_is(spec):
    query = "&".join(f"{name}={value}" for name, value in experiment.encode(spec).items())
    assert quote(query, safe="=&") == query
    assert experiment.decode(dict(parse_qsl(query, strict_parsing=True))) == spec


@given(specs())
@settings(max_examples=50)
def test_what_a_person_would_type_reads_back(spec):
    assert RunSpec.parse({name: as_text(getattr(spec, name)) for name in RunSpec.model_fields}) == spec


def test_the_articles_experiment_needs_no_words():
    assert experiment.encode(RunSpec()) == {"v": "1"}
    assert experiment.decode({}) == experiment.decode({"v": "1"}) == RunSpec()


def test_a_link_says_what_differs_and_nothing_else():
    spec = RunSpec.parse({"dataset": "digits", "hidden": "64, 32", "batch_schedule": "3:full, 5:7"})
    assert experiment.encode(spec) == {
        "v": "1",
        "dataset": "digits",
        "hidden": "64-32",
        "batch_schedule": "3-full_5-7",
    }


def test_a_link_can_be_written_by_hand():
    spec = experiment.decode(
        {"batch_size": "full", "updates": "250", "hidden": "64,32", "batch_schedule": "3:8"}
    )
    assert (spec.batch_size, spec.budget_unit, spec.budget) == ("full", "updates", 250)
    assert (spec.hidden, spec.batch_schedule) == ((64, 32), ((3, 8),))


@pytest.mark.parametrize(("given", "names"), WORDS)
def test_nonsense_in_a_link_is_refused_as_everywhere(given, names):
    with pytest.raises(SpecError) as caught:
        experiment.decode(given)
    for name in names:
        assert name in str(caught.value)


@given(st.dictionaries(st.sampled_from([*RunSpec.model_fields, "v", "epochs"]), st.text(max_size=20)))
@settings(max_examples=200)
def test_any_text_is_a_set_up_or_an_error_for_people(parameters):
    try:
        assert isinstance(experiment.decode(parameters), RunSpec)
    except SpecError as error:
        assert str(error)  # noqa: PT017


def test_a_link_of_another_version_is_not_guessed_at():
    with pytest.raises(SpecError, match="version '2'; expected 1"):
        experiment.decode({"v": "2", "batch_size": "8"})


@pytest.mark.parametrize(
    ("misspelt", "meant"), [("batchsize", "batch_size"), ("batch-size", "batch_size"), ("epoch", "epochs")]
)
def test_a_misspelt_setting_is_not_passed_over(misspelt, meant):
    with pytest.raises(SpecError, match=f"'{misspelt}' in the link; expected '{meant}'"):
        experiment.decode({misspelt: "8"})


def test_names_that_others_add_to_links_are_passed_over():
    others = {"fbclid": "x" * 9000, "utm_source": "newsletter", "gclid": "1", "runs": "abcdefgh"}
    assert experiment.decode(others | {"batch_size": "8"}) == RunSpec(batch_size=8)


def test_two_budgets_are_one_too_many():
    with pytest.raises(SpecError, match="got epochs, updates; expected one of"):
        experiment.decode({"epochs": "3", "updates": "8"})
    with pytest.raises(SpecError, match="got epochs, budget"):
        experiment.decode({"epochs": "3", "budget": "8"})


def test_a_link_is_bounded_before_it_is_read():
    with pytest.raises(SpecError, match="65 parameters; expected at most 64"):
        experiment.decode({f"x{i}": "" for i in range(65)})
    with pytest.raises(SpecError, match="hidden: got 1,000,000 characters; expected at most"):
        experiment.decode({"hidden": "1" * 1_000_000})


@given(specs())
@settings(max_examples=50)
def test_no_set_up_outgrows_the_bounds(spec):
    parameters = experiment.encode(spec)
    assert len(parameters) <= limits.MAX_PARAMETERS
    assert max(map(len, parameters.values())) <= limits.MAX_VALUE_LENGTH


def test_the_longest_schedule_fits():
    schedule = [(9_980 + i, 100_000) for i in range(20)]
    spec = RunSpec.parse({"batch_schedule": schedule, "budget": 10_000, "batch_size": "full"})
    assert experiment.decode(experiment.encode(spec)) == spec


def test_runs_come_back_each_once_and_in_order():
    ids = ["AbCd_123-xyz", "zzzzzzzzzzzz", "aaaaaaaaaaaa"]
    assert list(experiment.decode_runs(experiment.encode_runs(ids))) == ids
    assert list(experiment.decode_runs(",".join(ids + ids))) == ids
    assert experiment.decode_runs("") == {}


@pytest.mark.parametrize(
    "text",
    [
        "abcdefgh~",
        "abcdefgh~0",
        "abcdefgh~01",
        "abcdefgh~-1",
        "abcdefgh~9999",
        "~3",
        "abcdefgh~2~2",
        "a",
        "abcdefgh,",
        "<script>",
        "abcdefgh abcdefgh",
        "x" * 17,
        "äbcdefgh",
        "abcdefg\n",
    ],
)
def test_what_is_no_id_is_refused(text):
    with pytest.raises(SpecError, match="expected ids of runs"):
        experiment.decode_runs(text)


def test_seeds_that_follow_a_run_are_named_by_it():
    runs = {"run000000001": 10, "run000000002": 1, "run000000003": 3}
    assert experiment.encode_runs(runs) == "run000000001~10,run000000002,run000000003~3"
    assert experiment.decode_runs(experiment.encode_runs(runs)) == runs
    with pytest.raises(SpecError, match=f"at most {MAX_RUNS_SHOWN}"):
        experiment.decode_runs(f"run000000001~{MAX_RUNS_SHOWN},run000000002")


def test_a_link_names_as_many_runs_as_a_chart_holds():
    ids = [f"run{i:09}" for i in range(MAX_RUNS_SHOWN)]
    assert list(experiment.decode_runs(experiment.encode_runs(ids))) == ids
    with pytest.raises(SpecError, match=f"at most {MAX_RUNS_SHOWN}"):
        experiment.decode_runs(experiment.encode_runs([*ids, "onetoomany"]))
    with pytest.raises(SpecError, match=f"at most {MAX_RUNS_SHOWN}"):
        experiment.decode_runs("x" * 1_000_000)
