"""What a teacher adds to a link reads back as it was, is bounded, and old links keep opening."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchviz.errors import SpecError
from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.links.layout import OPTIONS, Layout
from batchviz.links.lesson import CONTROLS, LessonLink

LAYOUTS = st.builds(
    Layout,
    **{part: st.sampled_from(words) for part, words in OPTIONS.items()},
    every_update=st.booleans(),
    smoothing=st.integers(0, 95),
)
FRAMES = st.builds(
    LessonLink,
    title=st.text(max_size=120),
    text=st.text(max_size=600),
    free=st.none() | st.lists(st.sampled_from(CONTROLS)).map(tuple),
    hide=st.booleans(),
    seeds=st.integers(1, 10),
    layout=LAYOUTS,
)


@given(FRAMES)
def test_every_frame_comes_back_from_its_address(given_frame: LessonLink) -> None:
    query = urlencode(given_frame.encode())
    assert LessonLink.decode(dict(parse_qsl(query, strict_parsing=bool(query)))) == given_frame


@given(FRAMES)
def test_a_frame_changes_nothing_of_the_set_up_beside_it(given_frame: LessonLink) -> None:
    spec = RunSpec(batch_size=8, seed=3)
    beside = experiment.encode(spec) | given_frame.encode()
    assert len(beside) == len(experiment.encode(spec)) + len(given_frame.encode()), "no name is used twice"
    assert experiment.decode(beside) == spec
    assert LessonLink.decode(beside) == given_frame


@given(st.dictionaries(st.sampled_from([*experiment.NON_SPEC_PARAMETERS, "v"]), st.text(max_size=30)))
def test_any_text_is_a_frame_or_an_error_for_people(parameters: dict[str, str]) -> None:
    try:
        assert LessonLink.decode(parameters) == LessonLink.decode(LessonLink.decode(parameters).encode())
    except SpecError as error:
        assert len(str(error)) < 700  # noqa: PT017


def test_no_frame_needs_no_words() -> None:
    assert LessonLink().encode() == {}
    assert LessonLink.decode({"v": "1", "batch_size": "8"}) == LessonLink()


def test_a_frame_is_short() -> None:
    locked = LessonLink(
        title="Small batches", free=("budget", "batch_size"), hide=True, layout=Layout(scale="log")
    )
    assert locked.encode() == {
        "title": "Small batches",
        "free": "batch_size-budget",
        "hide": "1",
        "layout": "log",
    }


def test_a_frame_can_be_written_by_hand() -> None:
    read = LessonLink.decode({"free": "batch_size, epochs", "hide": "0", "layout": "log,updates,smooth50"})
    assert read == LessonLink(
        free=("batch_size", "budget"), layout=Layout(axis="updates", scale="log", smoothing=50)
    )


def test_without_free_controls_everything_is_locked() -> None:
    nothing = LessonLink.decode({"free": "none"})
    assert nothing.free == ()
    assert all(nothing.locks(control) for control in CONTROLS)


def test_without_a_word_on_controls_nothing_is_locked() -> None:
    assert not any(LessonLink().locks(control) for control in CONTROLS)
    assert LessonLink(free=CONTROLS, hide=True) == LessonLink()


def test_a_free_control_frees_what_its_change_sets_anew() -> None:
    assert [c for c in CONTROLS if not LessonLink(free=("dataset",)).locks(c)] == ["dataset", "rows"]
    assert [c for c in CONTROLS if not LessonLink(free=("rows",)).locks(c)] == ["rows"]
    assert [c for c in CONTROLS if not LessonLink(free=("model", "optimizer")).locks(c)] == [
        "model",
        "hidden",
        "optimizer",
        "momentum",
    ]


def test_the_text_keeps_its_lines_and_the_title_is_one() -> None:
    read = LessonLink(title=" Two\nlines \t here ", text="\n First \r\n\r\nSecond\x00\x1b[31m\ud800 ")
    assert read.title == "Two lines here"
    assert read.text == "First \n\nSecond[31m"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": "x" * 121}, "title: got 121 characters; expected at most 120"),
        ({"text": "x" * 601}, "text: got 601 characters; expected at most 600"),
        ({"text": "x" * 1_000_000}, "text: got 1,000,000 characters"),
        ({"free": "batchsize"}, "free: there is no control 'batchsize'; expected batch_size"),
        ({"free": "teapot"}, "there is no control 'teapot'; expected some of dataset, rows"),
        ({"free": "batch_size-" * 99}, "free: got 1,089 characters"),
        ({"hide": "yes"}, "hide: got 'yes'; expected 1 or 0"),
        ({"seeds": "0"}, "seeds: got 0; expected a whole number from 1 to 10"),
        ({"seeds": "11"}, "seeds: got 11"),
        ({"seeds": "9" * 5000}, "seeds: got 5,000 characters"),
        ({"seeds": "many"}, "seeds: got 'many'"),
        ({"layout": "logg"}, "layout: there is no 'logg'; expected 'log'"),
        ({"layout": "upside"}, "layout: there is no 'upside'; expected"),
        ({"layout": "log-linear"}, "layout: got 'linear' after 'log'; expected one of them"),
        ({"layout": "smooth99"}, "smoothing of 99 %; expected 0 to 95 %"),
        ({"layout": "-" * 81}, "layout: got 81 characters"),
        ({"v": "2", "title": "Later"}, "version '2'; expected 1"),
    ],
)
def test_nonsense_is_explained(given: dict[str, str], said: str) -> None:
    with pytest.raises(SpecError) as caught:
        LessonLink.decode(given)
    assert said in str(caught.value)


def test_a_layout_tells_the_chart_what_differs() -> None:
    assert Layout().chart == {}
    assert Layout.parse("chart").chart == {}
    assert Layout.parse("buttons-seconds-log-running-every-smooth5").chart == {
        "axis": "seconds",
        "scale": "log",
        "training": "running",
        "noise": True,
        "smoothing": 0.05,
    }


# As the first version of BatchViz wrote them. They open the same for ever: add rows, change none.
FIRST_LINKS: list[tuple[str, dict[str, object], list[str]]] = [
    ("", {}, []),
    ("v=1", {}, []),
    ("v=1&batch_size=128", {"batch_size": 128}, []),
    ("v=1&batch_size=full&budget=40&seed=7", {"batch_size": "full", "budget": 40, "seed": 7}, []),
    ("v=1&rows=20000&hidden=128-64&batch_size=1&budget=50",
     {"rows": 20000, "hidden": (128, 64), "batch_size": 1, "budget": 50}, []),
    ("v=1&dataset=digits&model=convnet&hidden=16-32&optimizer=sgd&learning_rate=0.3",
     {"dataset": "digits", "model": "convnet", "hidden": (16, 32), "optimizer": "sgd", "learning_rate": 0.3}, []),
    ("v=1&hidden=none&batch_schedule=3-64_6-full",
     {"hidden": (), "batch_schedule": ((3, 64), (6, "full"))}, []),
    ("v=1&budget_unit=updates&budget=250&accumulation=3&batch_norm=true&activation=tanh",
     {"budget_unit": "updates", "budget": 250, "accumulation": 3, "batch_norm": True, "activation": "tanh"}, []),
    ("v=1&updates=250", {"budget_unit": "updates", "budget": 250}, []),
    ("v=1&dataset=teacher&noise=0.35&learning_rate_rule=sqrt&base_batch_size=8&data_seed=4&validation_split=0.3",
     {"dataset": "teacher", "noise": 0.35, "learning_rate_rule": "sqrt", "base_batch_size": 8, "data_seed": 4,
      "validation_split": 0.3}, []),
    ("v=1&dropout=0.25&optimizer=nesterov&momentum=0.5",
     {"dropout": 0.25, "optimizer": "nesterov", "momentum": 0.5}, []),
    ("v=1&batch_size=64&runs=AbCd_123-xyz,zzzzzzzzzzzz", {"batch_size": 64}, ["AbCd_123-xyz", "zzzzzzzzzzzz"]),
    ("v=1&batch_size=64&runs=AbCd_123-xyz%2Czzzzzzzzzzzz", {"batch_size": 64}, ["AbCd_123-xyz", "zzzzzzzzzzzz"]),
    ("v=1&runs=AbCd_123-xyz&utm_source=mail", {}, ["AbCd_123-xyz"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "fields", "runs"), FIRST_LINKS, ids=[query for query, *_ in FIRST_LINKS])
def test_links_of_the_first_version_open_the_same_for_ever(
    query: str, fields: dict[str, object], runs: list[str]
) -> None:
    parameters = dict(parse_qsl(query))
    spec = experiment.decode(parameters)
    assert spec == RunSpec.parse(fields)
    assert list(experiment.decode_runs(parameters.get("runs", ""))) == runs
    assert LessonLink.decode(parameters) == LessonLink()
