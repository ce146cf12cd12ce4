"""A lesson's file, read: the shipped ones are whole, and a wrong one is refused in a sentence."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchviz import lessons
from batchviz.errors import SpecError
from batchviz.experiment.plan import plan_for
from batchviz.lessons import Lesson
from batchviz.lessons.limits import MAX_LESSON_LENGTH

FOLDER = Path(lessons.__file__).parent
BUDGETS = (FOLDER / "04-budgets.md").read_text()


def changed(old: str, new: str) -> str:
    assert old in BUDGETS
    return BUDGETS.replace(old, new, 1)


def test_every_file_of_the_folder_is_a_lesson() -> None:
    path = lessons.all()
    assert [lesson.number for lesson in path] == sorted({lesson.number for lesson in path})
    assert len(path) == len(list(FOLDER.glob("*.md")))


@pytest.mark.parametrize("lesson", lessons.all(), ids=lambda lesson: lesson.slug)
def test_every_shipped_lesson_can_be_run_and_asks_everything(lesson: Lesson) -> None:
    assert all(plan_for(spec).notes == () for spec in lesson.members)
    assert len(lesson.members) >= 2
    assert {spec.seed for spec in (*lesson.members, *lesson.further)} == set(range(lesson.seeds))
    further = [f"also{number}" for number in range(1, len(lesson.also) + 1)]
    assert [question.key for question in lesson.questions] == ["predict", "see", *further, "why", "check"]
    assert lesson.facts
    assert lesson.task.text


def test_a_lesson_says_what_its_race_is() -> None:
    lesson = lessons.load(BUDGETS, "budgets", 4)
    assert [spec.batch_size for spec in lesson.members] == [8, 64, 512]
    assert len(lesson.further) == 3 * (lesson.seeds - 1)
    assert lesson.task.base.budget_unit == "updates"
    assert lesson.task.link.free == ("batch_size", "budget")
    assert lessons.get("budgets") == lesson


def test_another_wording_is_another_lesson() -> None:
    lesson, other = lessons.load(BUDGETS), lessons.load(changed("Which run was lowest", "Who was lowest"))
    assert lesson.hash == lessons.load(BUDGETS).hash
    assert lesson.hash != other.hash


def test_answers_to_a_lesson_without_further_questions_are_found_under_the_name_they_had() -> None:
    lesson = lessons.load(BUDGETS.partition("[[also]]")[0] + "[why]" + BUDGETS.partition("[why]")[2])
    # What fields of later versions leave at their defaults is not part of the name.
    text = lesson.model_dump_json(exclude={"also": True, "ledger": True, "task": {"sweep"}})
    assert lesson.hash == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "A lesson begins with its set-up between two lines of +++; there are none here."),
        (changed("minutes = 6", "minutes = 6 6"), "The set-up between the lines of +++ is no TOML"),
        (changed("minutes = 6", ""), "minutes: field required."),
        (changed("minutes = 6", "minutes = 600"), "minutes: got 600; input should be less than or equal to 60."),
        (changed("minutes = 6", "minutes = 6\nseconds = 3"), "seconds: got 3; extra inputs are not permitted."),
        (changed('dataset = "digits"', 'dataset = "digit"'), "base: Data"),
        (changed("batch_size = 64", "batch_size = 0"), "race: Batch size"),
        (changed("batch_size = 64", "batchsize = 64"), "race: "),
        (changed('right = "updates"', 'right = "update"'), "why.right: got 'update'; expected one of updates"),
        (changed('key = "64"', 'key = "8"'), "predict.options: got two of the same key; expected each once."),
        (changed('kind = "order"', 'kind = "sort"'), "predict.kind: got 'sort'; input should be"),
        (changed('measure = "validation loss at the end"', 'measure = "luck"'), "predict.measure: got 'luck'"),
        (changed("## Why", "## Because"), "Got the heading 'Because'; expected Facts, Why, Try, each once."),
        (changed("## Why", "## Facts"), "Got the heading 'Facts'; expected Facts, Why, Try, each once."),
        (BUDGETS.partition("## Try")[0], "The text under the heading 'Try' is missing."),
        (changed('free = ["batch_size", "budget"]', 'free = ["batch"]'), "free: there is no control 'batch'"),
        (changed("[try]", "[try]\nsweep = { seeds = 0 }"), "try.sweep: Seeds"),
        (changed("[[also]]", "[also]"), "also: expected a list of tables, [[also]]."),
        ("x" * (MAX_LESSON_LENGTH + 1), "The lesson has 40,001 characters; expected at most 40,000."),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(SpecError) as refused:
        lessons.load(text)
    assert sentence in str(refused.value)


@given(st.text(max_size=40))
def test_nonsense_is_refused_too(words: str) -> None:
    for text in (words, f"+++\n{words}\n+++\n{words}"):
        with pytest.raises(SpecError):
            lessons.load(text)


def test_a_run_that_is_not_raced_cannot_decide_a_question() -> None:
    head, see, tail = BUDGETS.partition("[see]")
    with pytest.raises(SpecError, match=r"see\.options: '8' is none of the runs of the race\."):
        lessons.load(head + see + tail.replace("batch_size = 8 ", "batch_size = 9 ", 1))


def test_code_may_hold_what_looks_like_a_heading() -> None:
    assert "## no heading" in lessons.load(changed("## Why", "```\n## no heading\n```\n\n## Why")).facts


def test_a_name_of_no_lesson_is_told() -> None:
    with pytest.raises(SpecError, match=r"There is no lesson 'budget'; expected one of .*budgets"):
        lessons.get("budget")
