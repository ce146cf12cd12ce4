"""The page Lessons without a browser: the path opens step by step, and what was answered stays."""

import random
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from batchviz import lessons
from batchviz.errors import SpecError, StoreError
from batchviz.experiment.spec import RunSpec
from batchviz.lessons import CANNOT_TELL, Answer, Lesson, own
from batchviz.store.limits import MAX_LESSON_ANSWERS
from batchviz.store.tables import lesson_answer
from batchviz.ui import resources
from batchviz.ui.lessons import state
from tests.ui.bare_words import bare
from tests.ui.notices import problems

PAGE = Path(__file__).parents[2] / "pages/lessons.py"

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture(autouse=True)
def ada(monkeypatch: pytest.MonkeyPatch) -> None:
    """One visitor, whichever tab."""
    monkeypatch.setattr("batchviz.ui.session.visitor", lambda: "ada")


def opened(slug: str = "") -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    if slug:
        app.query_params["lesson"] = slug
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return bare(" ".join(str(element.proto.body) for element in app.get("html")))


def keys(app: AppTest) -> dict[str, Any]:
    return {button.key: button for button in app.button}


def play(lesson: Lesson) -> None:
    """Answer everything at once."""
    for question in lesson.questions:
        state.save(lesson, question, Answer(value=CANNOT_TELL))


def test_the_next_lesson_opens_when_one_is_done() -> None:
    first, second, third, *_ = lessons.all()
    buttons = keys(opened())
    assert not buttons[f"open_{first.slug}"].disabled
    assert buttons[f"open_{second.slug}"].disabled
    play(first)
    buttons = keys(opened())
    assert buttons[f"open_{first.slug}"].label == "Look again"
    assert not buttons[f"open_{second.slug}"].disabled
    assert buttons[f"open_{third.slug}"].disabled


def test_the_next_lesson_opens_when_one_is_skipped_which_stays_open() -> None:
    first, second, *_ = lessons.all()
    app = opened()
    app.button(key=f"skip_{first.slug}").click().run()
    buttons = keys(app)
    assert not buttons[f"open_{second.slug}"].disabled
    assert not buttons[f"open_{first.slug}"].disabled
    assert "Skipped" in texts(app)


def test_a_link_opens_a_lesson_wherever_the_path_is() -> None:
    app = opened("budgets")
    assert lessons.get("budgets").predict.text in texts(app)
    assert app.query_params["lesson"] == "budgets"


def test_a_link_to_no_lesson_is_explained_and_shows_the_path() -> None:
    app = opened("nope<b>")
    assert any("There is no lesson" in problem for problem in problems(app))
    assert f"open_{lessons.all()[0].slug}" in keys(app)


def order(app: AppTest, lesson: Lesson, places: list[int]) -> None:
    for option, place in zip(lesson.predict.options, places, strict=True):
        app.selectbox(key=f"{lesson.slug}_predict_{option.key}").set_value(place).run()


def test_a_prediction_takes_a_place_for_each_and_how_sure_and_then_stays() -> None:
    lesson = lessons.get("budgets")
    app, other_tab = opened("budgets"), opened("budgets")
    button = "budgets_predict_answer"
    assert app.button(key=button).disabled
    order(app, lesson, [0, 0, 2])
    assert app.button(key=button).disabled
    app.radio(key="budgets_predict_sure").set_value("sure").run()
    app.button(key=button).click().run()
    assert "B = 8 and B = 64 alike, then B = 512 (sure)" in texts(app)
    assert "lesson_run" in keys(app)
    # A second tab learns of it, and what it would have said comes too late.
    state.save(lesson, lesson.predict, Answer(value=CANNOT_TELL))
    other_tab.run()
    assert "B = 8 and B = 64 alike, then B = 512 (sure)" in texts(other_tab)
    assert "B = 8 and B = 64 alike, then B = 512 (sure)" in texts(opened("budgets"))


def test_cannot_tell_is_an_answer() -> None:
    app = opened("budgets")
    app.checkbox(key="budgets_predict_cannot").check().run()
    app.button(key="budgets_predict_answer").click().run()
    assert "I cannot tell" in texts(app)


def test_a_press_queues_every_seed_of_every_member_once() -> None:
    lesson = lessons.get("budgets")
    state.save(lesson, lesson.predict, Answer(value=CANNOT_TELL))
    app = opened("budgets")
    app.button(key="lesson_run").click().run()
    run_ids = state.Progress().runs(lesson)
    specs = [run.spec for run in resources.store().runs.by_id(run_ids).values()]
    assert set(specs) == {*lesson.members, *lesson.further}
    assert "are over" in texts(app)
    assert "lesson_run" not in keys(opened("budgets"))


def test_begin_anew_forgets_this_lesson_alone() -> None:
    first, second, *_ = lessons.all()
    play(first)
    play(second)
    app = opened(first.slug)
    app.button(key="lesson_anew").click().run()
    progress = state.Progress()
    assert not progress.begun(first)
    assert progress.done(second)


def test_an_answer_to_an_earlier_wording_is_asked_again() -> None:
    lesson = lessons.get("budgets")
    store = resources.store().lesson_answers
    for text in ('{"value": "other"}', "nonsense", '{"value": [["8"], ["9"]]}'):
        store.replace("ada", "budgets", "predict", text)
        assert state.Progress().answer(lesson, lesson.predict) is None


def test_too_many_answers_are_refused_with_a_sentence() -> None:
    store = resources.store().lesson_answers
    lesson = lessons.get("budgets")
    with store._database.writing() as connection:
        rows = [
            {"owner": "ada", "lesson": f"own{number}", "question": "see", "answer": "{}", "answered": 0.0}
            for number in range(MAX_LESSON_ANSWERS)
        ]
        connection.execute(lesson_answer.insert(), rows)
    with pytest.raises(StoreError, match="You have given 2,000 answers, the most that are kept"):
        store.save("ada", lesson.slug, "see", "{}")
    store.save("grace", lesson.slug, "see", "{}")


HOSTILE = """<script>window.broken = 1</script> [press](javascript:alert(1)) ![x](http://example.org/x.png)"""


def own_lesson(**changes: str) -> str:
    text = own.begun(RunSpec(dataset="digits", optimizer="sgd"), (8, "full"))
    for old, new in changes.items():
        text = text.replace({"facts": "What a learner must know beforehand.", "title": "My lesson"}[old], new)
    return text


def test_a_lesson_is_begun_with_the_playgrounds_set_up_and_checked_as_it_is_typed() -> None:
    app = opened()
    app.button(key="lesson_write").click().run()
    assert not app.exception
    draft = app.text_area(key="lesson_draft")
    assert "lesson_play" in keys(app)
    draft.set_value(draft.value.replace("minutes = 5", "minutes = 500")).run()
    assert "lesson_play" not in keys(app)
    assert "minutes: got 500" in texts(app)
    draft = app.text_area(key="lesson_draft")
    draft.set_value(draft.value.replace("minutes = 500", "minutes = 5").replace("My lesson", "Mine")).run()
    app.button(key="lesson_play").click().run()
    assert "Mine" in texts(app)
    assert own.unpacked(app.query_params["own"]) == draft.value


def test_a_link_holds_a_lesson_of_ones_own_and_unsafe_text_does_nothing() -> None:
    text = own_lesson(facts=HOSTILE, title="A [link](javascript:alert(1))")
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    app.query_params["own"] = own.packed(text)
    app.run()
    assert not app.exception
    body = texts(app)
    assert "&lt;script&gt;" in body
    assert "<script" not in body
    assert "<img" not in body
    assert "<a" not in body
    assert not app.markdown


@pytest.mark.parametrize("value", ["", "x", "eJw", "%%%", "A" * 7000, own.packed("no lesson")])
def test_a_damaged_link_is_explained(value: str) -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    app.query_params["own"] = value
    app.run()
    assert not app.exception
    assert problems(app)
    assert f"open_{lessons.all()[0].slug}" in keys(app)


@pytest.mark.parametrize("name", ["mine.md", "mine.txt", "mine"])
def test_a_lessons_file_opens_whatever_its_name(name: str) -> None:
    app = opened()
    data = b"\xef\xbb\xbf" + own_lesson(title="Mine").encode()  # as Windows' Editor writes it
    app.file_uploader(key="lesson_upload").set_value((name, data, "application/octet-stream")).run()
    app.button(key="lesson_open_file").click().run()
    assert not problems(app)
    assert "Mine" in texts(app)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"\x89PNG\r\n\x1a\n", "The file holds no text"), (b"no lesson", "A lesson begins with")],
)
def test_a_file_that_is_no_lesson_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    app = opened()
    app.file_uploader(key="lesson_upload").set_value(("mine.md", data, "text/markdown")).run()
    app.button(key="lesson_open_file").click().run()
    assert not app.exception
    assert sentence in str(problems(app))


def test_answers_to_ones_own_lesson_are_kept_by_what_it_says() -> None:
    lesson = lessons.load(own_lesson())
    state.save(lesson, lesson.see, Answer(value="8"))
    assert state.Progress().answer(lesson, lesson.see) == Answer(value="8")
    other = lessons.load(own_lesson(title="Another"))
    assert state.Progress().answer(other, other.see) is None


def test_a_link_that_would_be_too_long_is_refused_and_what_unpacks_to_much_more_too() -> None:
    noise = "".join(chr(33 + (number * 7919) % 90) for number in range(20_000))
    with pytest.raises(SpecError, match="hand on its file"):
        own.packed("".join(random.Random(1).sample(noise, 20_000)))
    with pytest.raises(SpecError, match="The link is damaged"):
        own.unpacked(own.packed("x" * 400_000))
