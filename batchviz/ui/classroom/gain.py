"""Whether it taught: the gain from the question before to its twin after, once nothing more is taken."""

from __future__ import annotations

from batchviz.analysis.gain import Gain, gain
from batchviz.experiment.classroom import Arm
from batchviz.lessons.question import Question
from batchviz.lessons.split import read
from batchviz.lessons.twins import twins
from batchviz.store.limits import MIN_SPLIT_ANSWERS
from batchviz.text import classroom as words
from batchviz.ui import resources
from batchviz.ui.classroom.state import Opened
from batchviz.ui.components import html


def draw_gain(opened: Opened) -> None:
    """Draw it, for everybody alike; nothing as long as it is hidden. Raises StoreError."""
    if not opened.classroom.measures or opened.classroom.open:
        return
    html.heading("Did it teach?", style="section")
    pairs = resources.store().class_answers.pairs(opened.code)
    if pairs is None:
        html.paragraph(words.NO_GAIN, "question", testid="class-gain")
        return
    before, after = twins(opened.lesson)
    right = [(arm, _right(before, first), _right(after, second)) for arm, first, second in pairs]
    whole = gain([(first, second) for _, first, second in right])
    assert whole is not None
    html.paragraph(words.gained(whole), "question", testid="class-gain")
    arms = {arm: [(first, second) for own, first, second in right if own is arm] for arm in Arm}
    if all(len(part) >= MIN_SPLIT_ANSWERS for part in arms.values()):
        for arm, part in arms.items():
            measured = gain(part)
            assert isinstance(measured, Gain)
            html.paragraph(f"{words.ARMS[arm]}: {words.gained(measured)}", "quiet")


def _right(question: Question, text: str) -> bool:
    answer = read(question, text)
    return answer is not None and answer.value == question.right
