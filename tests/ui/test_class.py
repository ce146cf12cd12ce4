"""The page Class through Streamlit's own test runner: a teacher, members without names, and a wall."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from batchviz import lessons
from batchviz.experiment.class_grid import ClassGrid
from batchviz.experiment.classroom import Phase, Vote
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Outcome, Progress, Report, Status
from batchviz.experiment.series import SERIES
from batchviz.lessons.twins import twins
from batchviz.ui import resources
from tests.ui.bare_words import bare
from tests.ui.notices import problems

PAGE = Path(__file__).parents[2] / "pages" / "class.py"
LESSON = lessons.get("batches")

pytestmark = pytest.mark.usefixtures("data_dir")


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    for name, value in parameters.items():
        app.query_params[name] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def address(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value if isinstance(value, str) else str(value[0])


def words(app: AppTest) -> str:
    """All that is on the page, the data of components among it."""
    return " ".join(
        [bare(one.proto.body) for one in app.get("html")]
        + [str(one.proto) for one in app.get("bidi_component")]
        + [one.value for one in (*app.markdown, *app.caption)]
    )


def teacher(**answers: Any) -> AppTest:
    app = opened()
    app.selectbox(key="class_lesson").set_value(LESSON.slug)
    if answers.get("measures"):
        app.toggle(key="class_measures").set_value(True)
    return press(app, "class_open")


def predict(app: AppTest, value: float) -> AppTest:
    """Answer the lesson's first question, which is a place."""
    [field] = app.number_input
    field.set_value(value).run()
    [sure] = [radio for radio in app.radio if radio.label == "How sure are you?"]
    sure.set_value("fairly").run()
    [button] = [each for each in app.button if each.label in ("Send", "Change")]
    button.click().run()
    assert not app.exception
    return app


def train() -> int:
    """What is queued, as a worker would; how many."""
    store, count = resources.store(), 0
    while (queued := store.queue.claim("worker")) is not None:
        count += 1
        plan = plan_for(queued.spec)
        epochs = np.arange(int(queued.spec.budget) + 1)
        loss = (np.exp(-epochs) + 0.01 * plan.first.batch_size + 0.001 * queued.spec.seed).astype(np.float32)
        rows = dict.fromkeys(SERIES["epochs"].names, loss)
        rows |= {
            "updates": (epochs * plan.first.updates).astype(np.float32),
            "examples": (epochs * plan.training_rows).astype(np.float32),
        }
        updates = int(epochs[-1]) * plan.first.updates
        progress = Progress(updates, int(epochs[-1]) * plan.training_rows, float(epochs[-1]), 0.1)
        every = {name: np.full(updates, 0.5, np.float32) for name in SERIES["updates"].names}
        store.attempts.append(queued.id, queued.attempt, Report(every, rows, progress))
        ended = Outcome(Status.DONE, "", {"val_loss": float(loss[-1])}, progress)
        store.attempts.finish(queued.id, queued.attempt, ended)
    return count


def test_a_class_is_opened_joined_led_and_revealed() -> None:
    app = teacher()
    code, secret = address(app, "code"), address(app, "teacher")
    assert code in words(app)
    assert "QR code of the link" in words(app)
    students = [opened(code=code.lower()) for _ in range(2)]
    assert LESSON.title in words(students[0])
    assert "You are in" in words(students[0])
    assert secret not in words(students[0])
    press(app, "class_to_voting")
    predict(run(students[0]), 13.0)
    assert "Your answer: 13 updates." in words(students[0])
    predict(students[0], 12.0)
    assert "Your answer: 12 updates." in words(students[0])
    assert resources.store().classes.get(code).answered[Vote.FIRST] == 1
    assert resources.store().classes.get(code).members == 2
    assert "12 updates" not in words(run(app))  # how many, not what
    press(app, "class_to_reveal")
    found = resources.store().classes.get(code)
    assert found.phase is Phase.REVEAL
    assert len(found.runs) == len(LESSON.members) * LESSON.seeds
    for screen in (*students, app, opened(code=code, view="screen")):
        assert found.runs[0] in words(run(screen))
    assert train() == len(found.runs)  # once, for all of them
    assert "Not this time" in words(run(students[0]))


def test_all_screens_of_a_reveal_follow_one_training_of_each_run() -> None:
    app = teacher()
    code, secret = address(app, "code"), address(app, "teacher")
    press(app, "class_to_voting")
    again = opened(code=code, teacher=secret)  # a second window of the teacher's
    press(app, "class_to_reveal")
    runs = resources.store().classes.get(code).runs
    press(again, "class_to_reveal")
    assert resources.store().classes.get(code).runs == runs
    assert train() == len(runs)


def test_nothing_on_any_screen_tells_an_answer_before_the_reveal() -> None:
    app = teacher()
    code = address(app, "code")
    press(app, "class_to_voting")
    store = resources.store()
    for number in range(9):
        store.class_answers.join(code, f"student {number}")
        store.class_answers.answer(code, f"student {number}", Vote.FIRST, '{"value": 777.0}')
    for screen in (run(app), opened(code=code), opened(code=code, view="screen")):
        assert "777" not in words(screen)
    press(app, "class_to_discussion")
    for screen in (app, opened(code=code), opened(code=code, view="screen")):
        assert "777" not in words(screen)


def test_the_second_vote_leaves_the_first_and_begins_empty() -> None:
    app = teacher()
    code = address(app, "code")
    press(app, "class_to_voting")
    student = predict(opened(code=code), 13.0)
    press(app, "class_to_discussion")
    assert "Talk with a neighbour" in words(run(student))
    press(app, "class_to_second_vote")
    predict(run(student), 50.0)
    answered = resources.store().classes.get(code).answered
    assert (answered[Vote.FIRST], answered[Vote.SECOND]) == (1, 1)


def test_a_reload_and_a_browser_opened_again_find_the_class_as_it_is() -> None:
    app = teacher()
    code, secret = address(app, "code"), address(app, "teacher")
    press(app, "class_to_voting")
    for found in (opened(code=code, teacher=secret), opened(code=code, view="screen"), opened(code=code)):
        assert "class_to_reveal" in {button.key for button in found.button} or secret not in words(found)
    assert {"class_to_reveal", "class_to_discussion"} <= {
        button.key for button in opened(code=code, teacher=secret).button
    }


def test_a_wrong_secret_opens_a_member_s_view_and_a_wrong_code_the_way_in() -> None:
    code = address(teacher(), "code")
    app = opened(code=code, teacher="guessed")
    assert "not the teacher's link" in " ".join(problems(app))
    assert "class_to_voting" not in {button.key for button in app.button}
    app = opened(code="ZZZZZ")
    assert "There is no class 'ZZZZZ' here" in " ".join(problems(app))
    assert app.button(key="class_join")


def test_a_code_is_typed_to_join() -> None:
    code = address(teacher(), "code")
    app = opened()
    app.text_input(key="class_typed").set_value(f" {code.lower()} ").run()
    assert address(app, "code") == code
    assert resources.store().classes.get(code).members == 1


def test_the_class_trains_a_grid_point_by_point_and_one_chart_collects_it() -> None:
    app = teacher()
    code = address(app, "code")
    app.pills(key="class_sizes").set_value([8, 64, "full"]).run()
    press(app, "class_grid")
    students = [opened(code=code) for _ in range(3)]
    for student in (*students, *students):
        press(student, "class_train")
    grid = ClassGrid.read(resources.store().classes.get(code).sweep)
    points = resources.store().class_points.points(code)
    specs = [run.spec for run in resources.store().runs.by_id([point.run for point in points]).values()]
    assert sorted((str(spec.batch_size), spec.seed) for spec in specs) == sorted(
        (str(size), seed) for size in (8, 64, "full") for seed in (101, 102)
    )
    assert [points[number].number for number in range(6)] == list(range(6))
    assert len({point.member for point in points}) == 3
    assert train() == 6
    assert "6 points of the class" in words(run(app))
    assert "class_train" in {button.key for button in run(students[0]).button}
    assert "Yours: batch size 8, seed 102" in words(students[0])
    resources.store().class_points.receive(code, "ada", 0, {"loss": 0.2}, batch_size=32)
    assert "6 points of the class, 1 training from elsewhere" in words(run(app))
    assert "trained elsewhere: told, not checked" in words(app)
    assert grid.spec(0).batch_size == 8


def test_a_member_copies_what_a_notebook_sends_to_the_class() -> None:
    app = teacher()
    code = address(app, "code")
    press(app, "class_grid")
    first, second = (opened(code=code).code[0].value for _ in range(2))
    assert f'/c/{code}"' in first
    assert "RemoteMonitor(" in first
    assert first != second  # a path each


def test_a_class_that_measures_asks_before_and_after_and_says_its_gain() -> None:
    app = teacher(measures=True)
    code = address(app, "code")
    before, after = twins(LESSON)
    wrong, right = (json.dumps({"value": value}) for value in ("cannot tell", after.right))
    store = resources.store()
    student = opened(code=code)
    assert before.text in {radio.label for radio in student.radio}
    for number in range(20):
        store.class_answers.join(code, f"student {number}")
        store.class_answers.answer(code, f"student {number}", Vote.BEFORE, wrong)
    press(app, "class_to_voting")
    press(app, "class_to_reveal")
    assert after.text in {radio.label for radio in run(student).radio}
    for number in range(20):
        answer = right if number < 15 else wrong
        store.class_answers.answer(code, f"student {number}", Vote.AFTER, answer)
    assert "The class gained" not in words(run(app))
    press(app, "class_stop")
    assert "The class gained: 0 % were right before, 75 % after (20 members answered both)" in words(app)
    assert "Who predicted first" in words(run(student))


def test_without_a_gain_it_says_so() -> None:
    app = teacher(measures=True)
    code = address(app, "code")
    store = resources.store()
    for number in range(6):
        store.class_answers.join(code, f"student {number}")
        store.class_answers.answer(code, f"student {number}", Vote.BEFORE, '{"value": "cannot tell"}')
    press(app, "class_to_voting")
    press(app, "class_to_reveal")
    for number in range(6):
        store.class_answers.answer(code, f"student {number}", Vote.AFTER, '{"value": "cannot tell"}')
    press(app, "class_stop")
    assert "Not distinguishable from no gain" in words(app)
    assert "Who predicted first" not in words(app)  # three members of each


def test_a_teacher_deletes_a_class_with_all_answers() -> None:
    app = teacher()
    code = address(app, "code")
    press(app, "class_delete")
    assert "code" not in app.query_params
    assert "There is no class" in " ".join(problems(opened(code=code)))


def test_the_next_lesson_begins_with_the_same_members() -> None:
    app = teacher()
    code = address(app, "code")
    student = opened(code=code)
    press(app, "class_to_voting")
    press(app, "class_to_reveal")
    other = next(lesson for lesson in lessons.all() if lesson.slug != LESSON.slug)
    app.selectbox(key="class_lesson").set_value(other.slug).run()
    press(app, "class_next")
    assert other.title in words(run(student))
    assert resources.store().classes.get(code).members == 1
