"""The form in three steps of depth: what is seen at first, what a closed step tells, what a question mark says."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.experiment.spec import RunSpec
from batchviz.links import experiment
from batchviz.text import hints
from tests.ui.link import opened
from tests.ui.notices import notes

ROOT = Path(__file__).parents[2]
MOST_CHARACTERS = 200
ANSWERED = ("field_", "batch_size_exact", "learning_rate_exact", "schedule_kind", "seeds", "race_")

pytestmark = pytest.mark.usefixtures("data_dir")


def controls(block: Any, closed: bool = True) -> Iterator[Any]:
    """What can be answered in a part of the page, that in closed steps only if asked for."""
    for child in block.children.values():
        if hasattr(child, "children"):
            if closed or child.type != "expander":
                yield from controls(child, closed)
        elif (getattr(child, "key", None) or "").startswith(ANSWERED):
            yield child


def told(app: AppTest) -> list[str]:
    """What the steps say is set in them."""
    return [note for note in notes(app.sidebar) if " changed: " in note]


def test_a_beginner_sees_four_settings_and_finds_all_others_in_two_steps() -> None:
    app = opened()
    assert [control.key for control in controls(app.sidebar, closed=False)] == [
        "field_dataset", "field_batch_size", "field_budget", "field_validation_split",
    ]  # fmt: skip
    second, third = app.sidebar.expander[:2]
    assert {"batch_size_exact", "field_optimizer", "field_learning_rate", "field_seed", "seeds"} <= {
        control.key for control in controls(second)
    }
    assert {"schedule_kind", "field_accumulation", "field_learning_rate_rule", "field_rows"} <= {
        control.key for control in controls(third)
    }
    assert not told(app)


def test_a_link_that_sets_what_is_out_of_sight_says_so() -> None:
    spec = RunSpec(optimizer="sgd", learning_rate=0.1, batch_schedule=((3, 64), (6, 256)))
    app = opened(**experiment.encode(spec), seeds="3")
    assert told(app) == ["3 changed: SGD, rate 0.1, 3 seeds", "1 changed: growing 32 to 256"]
    app.selectbox(key="schedule_kind").select("constant").run()
    assert told(app) == ["3 changed: SGD, rate 0.1, 3 seeds"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"v": "1", "budget_unit": "seconds", "budget": "2", "optimizer": "momentum"},
        {"v": "1", "dataset": "teacher", "batch_schedule": "3:64", "learning_rate_rule": "sqrt"},
    ],
    ids=["at first", "seconds", "schedule"],
)
def test_every_control_of_the_form_has_a_question_mark(query: dict[str, str]) -> None:
    app = opened(**query)
    asked = [*controls(app.sidebar), *(one for one in controls(app.main) if one.key != "race")]
    assert len(asked) > 18
    for control in asked:
        assert control.proto.help, f"{control.key} has no help."


@pytest.mark.parametrize(
    "text",
    [
        text
        for name, value in vars(hints).items()
        if name.isupper()
        for text in (value.values() if isinstance(value, Mapping) else [value])
    ],
)
def test_a_question_mark_answers_in_two_short_sentences(text: str) -> None:
    assert len(re.findall(r"[.;!?](?:\s|$)", text)) <= 3
    assert len(re.findall(r"[.!?](?:\s|$)", text)) == 2
    assert len(text) <= MOST_CHARACTERS


def test_the_memory_ledger_is_made_when_it_is_opened() -> None:
    app = opened()
    assert not app.sidebar.table
    app.session_state["ledger"] = True
    app.run()
    (table,) = app.sidebar.table
    assert "Optimiser slots" in table.value.to_string()
