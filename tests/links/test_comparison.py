"""A comparison's link says what differs from the default, reads back as the same view, and is never trusted."""

from __future__ import annotations

from typing import get_args
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchviz.errors import SpecError
from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.links.comparison import Means, View
from batchviz.links.limits import MAX_SMOOTHING

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
RUN = st.just("") | st.from_regex(experiment.RUN_ID, fullmatch=True)


def names(field: str) -> st.SearchStrategy[str]:
    return st.sampled_from(get_args(View.model_fields[field].annotation))


VIEWS = st.builds(
    View.parse,
    st.fixed_dictionaries(
        {name: names(name) for name in ("x", "measure", "layout", "equal", "log", "color", "panels")}
        | {"smoothing": st.floats(0, MAX_SMOOTHING), "seeds": st.booleans(), "noise": st.booleans()}
        | {"first": RUN, "second": RUN, "title": TEXT, "text": TEXT}
    ),
)


@given(VIEWS)
@settings(max_examples=200)
def test_every_view_comes_back_from_its_link(view):
    assert View.decode(dict(parse_qsl(urlencode(view.encode()), strict_parsing=True))) == view


@given(VIEWS)
@settings(max_examples=50)
def test_a_link_says_what_differs_and_nothing_else(view):
    default = View().model_dump()
    assert set(view.encode()) == {"v"} | {k for k, v in view.model_dump().items() if v != default[k]}


def test_an_empty_link_is_the_default_view():
    assert View().encode() == {"v": "1"}
    assert View.decode({}) == View.decode({"v": "1"}) == View()


def test_runs_stand_beside_the_view():
    assert View.decode({"runs": "AbCd_1234567", "x": "updates"}) == View(x="updates")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"x": "miles"}, "X-axis: got 'miles'; expected one of epochs, updates, examples, seconds."),
        ({"equal": "yes"}, "Equal budget: got 'yes'; expected one of off, epochs"),
        ({"measure": "<script>"}, "Measure: got '<script>'; expected one of val_loss"),
        ({"smoothing": "1"}, "Smoothing: got '1'; expected a number from 0 to 0.99."),
        ({"smoothing": "nan"}, "Smoothing: got 'nan'"),
        ({"seeds": "perhaps"}, "Single seeds: got 'perhaps'; expected true or false."),
        ({"title": "x" * 121}, "expected text of at most 120 characters"),
        ({"text": "x" * 1_000_000}, "text: got 1,000,000 characters; expected at most 600"),
        ({"first": "../../etc"}, "First of the verdict: got '../../etc'; expected the id of a run."),
        ({"measur": "val_loss"}, "Unknown setting 'measur' in the link; expected 'measure'."),
        ({"v": "9"}, "The link is of version '9'; expected 1."),
        ({f"p{i}": "" for i in range(65)}, "65 parameters; expected at most 64"),
    ],
)
def test_what_is_no_view_is_explained(given, said):
    with pytest.raises(SpecError) as error:
        View.decode(given)
    assert said in str(error.value)


def test_every_mistake_is_named_at_once():
    with pytest.raises(SpecError, match=r"X-axis: got 'a'.*Layout: got 'b'"):
        View.decode({"x": "a", "layout": "b"})


def test_what_resembles_no_setting_is_passed_over():
    assert View.decode({"utm_source": "mail", "fbclid": "1"}) == View()


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=8))
@settings(max_examples=100)
def test_any_parameters_are_a_view_or_explained(parameters):
    try:
        view = View.decode(parameters)
    except SpecError:
        return
    assert View.decode(view.encode()) == view


def test_a_hostile_title_stays_text_without_control_characters():
    assert View(title="<b>x</b>\x00\x1b[1m").title == "<b>x</b>[1m"


def test_any_field_of_a_run_but_its_seed_can_have_the_colour():
    fields = set(RunSpec.model_fields) - {"seed"}
    assert set(get_args(Means)) == {"auto"} | fields
    view = View(color="learning_rate", dash="none", panels="optimizer")
    assert view.encode() == {"v": "1", "color": "learning_rate", "dash": "none", "panels": "optimizer"}
    assert View.decode(view.encode()) == view
    with pytest.raises(SpecError, match="Colour by: got 'seed'; expected"):
        View.decode({"v": "1", "color": "seed"})


# As the first version wrote them, in links and in boards. They look the same for ever: add rows, change none.
FIRST_VIEWS: list[tuple[str, dict[str, object]]] = [
    ("", {}),
    ("v=1", {}),
    ("v=1&runs=AbCd_123-xyz%2Czzzzzzzzzzzz&utm_source=mail", {}),
    ("v=1&x=updates", {"x": "updates"}),
    ("v=1&x=examples&equal=examples", {"x": "examples", "equal": "examples"}),
    ("v=1&x=seconds&measure=train_loss&equal=seconds", {"x": "seconds", "measure": "train_loss", "equal": "seconds"}),
    ("v=1&measure=loss&equal=epochs&log=y", {"measure": "loss", "equal": "epochs", "log": "y"}),
    ("v=1&measure=val_metric&equal=updates&log=x", {"measure": "val_metric", "equal": "updates", "log": "x"}),
    ("v=1&measure=train_metric&layout=multiples&log=both",
     {"measure": "train_metric", "layout": "multiples", "log": "both"}),
    ("v=1&measure=metric&smoothing=0.97&seeds=true&noise=true",
     {"measure": "metric", "smoothing": 0.97, "seeds": True, "noise": True}),
    ("v=1&smoothing=0.99", {"smoothing": 0.99}),
    ("v=1&first=AbCd_123-xyz&second=zzzzzzzzzzzz", {"first": "AbCd_123-xyz", "second": "zzzzzzzzzzzz"}),
    ("v=1&title=Small+batches&text=First.%0ASecond.", {"title": "Small batches", "text": "First.\nSecond."}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "fields"), FIRST_VIEWS, ids=[query for query, _ in FIRST_VIEWS])
def test_views_of_the_first_version_look_the_same_for_ever(query, fields):
    parameters = dict(parse_qsl(query))
    default = {
        "x": "epochs", "measure": "val_loss", "layout": "overlay",
        "color": "auto", "dash": "auto", "panels": "auto", "equal": "off", "clock": "loop", "log": "none",
        "smoothing": 0.0, "seeds": False, "noise": False, "first": "", "second": "", "title": "", "text": "",
    }  # fmt: skip
    assert View.decode(parameters).model_dump() == default | fields
