"""What any store must keep of classes, on SQLite and (with BATCHVIZ_TEST_POSTGRES_URL) on PostgreSQL."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from sqlalchemy import func, select, update

from batchviz.errors import StoreError
from batchviz.experiment.classroom import CODE_LENGTH, CODE_LETTERS, Arm, Classroom, Phase, Vote
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from batchviz.store.class_tables import class_answer, class_member, classroom
from batchviz.store.limits import MAX_CLASSES, MIN_SPLIT_ANSWERS
from batchviz.store.tables import metadata
from tests.store.reports import outcome

LATER = 10.0**10


def opened(store: Store, **options: Any) -> tuple[str, str]:
    found, secret = store.classes.open("teacher", "three-budgets", ends=LATER, **options)
    return found.code, secret


def vote(store: Store, code: str, count: int, kind: Vote = Vote.FIRST, first: int = 0) -> None:
    for number in range(first, first + count):
        store.class_answers.join(code, f"student {number}")
        store.class_answers.answer(code, f"student {number}", kind, json.dumps({"value": number % 2}))


def test_a_code_can_be_read_off_a_wall_and_typed_as_people_type(store: Store) -> None:
    code, secret = opened(store)
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(CODE_LETTERS)
    assert not set("IL1O0UV") - set("V") & set(CODE_LETTERS)
    assert store.classes.get(f" {code[:3].lower()}-{code[3:].lower()} ").code == code
    assert code not in secret


def test_a_class_that_does_not_exist_is_explained(store: Store) -> None:
    with pytest.raises(StoreError, match=r"no class 'K7P3M' here.*Ask the teacher"):
        store.classes.get("k7p3m")


def test_only_the_secret_leads_a_class(store: Store) -> None:
    code, secret = opened(store)
    assert store.classes.is_teacher(code, secret)
    for wrong in ("", code, "teacher", secret[:-1]):
        assert not store.classes.is_teacher(code, wrong)
        for act in (
            lambda: store.classes.lead(code, wrong, Phase.VOTING),  # noqa: B023
            lambda: store.classes.begin_round(code, wrong, "noise"),  # noqa: B023
            lambda: store.classes.end(code, wrong),  # noqa: B023
            lambda: store.classes.delete(code, wrong),  # noqa: B023
            lambda: store.class_points.begin(code, wrong, "{}"),  # noqa: B023
            lambda: store.class_answers.export(code, wrong),  # noqa: B023
        ):
            with pytest.raises(StoreError, match="teacher's own link"):
                act()
    assert store.classes.get(code).phase is Phase.OPEN


def test_a_class_goes_on_and_never_back(store: Store) -> None:
    code, secret = opened(store)
    lead = lambda to: store.classes.lead(code, secret, to).phase  # noqa: E731
    assert lead(Phase.VOTING) is Phase.VOTING
    assert lead(Phase.VOTING) is Phase.VOTING  # a second press
    assert lead(Phase.DISCUSSION) is Phase.DISCUSSION
    for back in (Phase.OPEN, Phase.VOTING):
        with pytest.raises(StoreError, match="cannot go to"):
            lead(back)
    assert lead(Phase.SECOND_VOTE) is Phase.SECOND_VOTE
    with pytest.raises(StoreError, match="begins when this one has been revealed"):
        store.classes.begin_round(code, secret, "noise")
    assert store.classes.lead(code, secret, Phase.REVEAL, ["AbCd"]).runs == ("AbCd",)
    for back in (Phase.OPEN, Phase.VOTING, Phase.DISCUSSION, Phase.SECOND_VOTE):
        with pytest.raises(StoreError, match="cannot go to"):
            lead(back)
    second = store.classes.begin_round(code, secret, "noise")
    assert (second.round, second.lesson, second.phase, second.runs) == (2, "noise", Phase.OPEN, ())


def test_what_was_answered_is_counted_and_changed_until_the_class_goes_on(store: Store) -> None:
    code, secret = opened(store)
    with pytest.raises(StoreError, match="not open now"):
        vote(store, code, 1)
    store.classes.lead(code, secret, Phase.VOTING)
    vote(store, code, 3)
    vote(store, code, 3)
    found = store.classes.get(code)
    assert (found.members, found.answered[Vote.FIRST], found.answered[Vote.SECOND]) == (3, 3, 0)
    store.class_answers.answer(code, "student 2", Vote.FIRST, '{"value": 7}')
    assert json.loads(store.class_answers.own(code, "student 2")[Vote.FIRST]) == {"value": 7}
    assert store.class_answers.own(code, "stranger") == {}
    with pytest.raises(StoreError, match="Join the class first"):
        store.class_answers.answer(code, "stranger", Vote.FIRST, "1")
    store.classes.lead(code, secret, Phase.REVEAL)
    with pytest.raises(StoreError, match="not open now"):
        store.class_answers.answer(code, "student 2", Vote.FIRST, '{"value": 8}')


@pytest.mark.parametrize("answer", ["no JSON", '"' + 3000 * "x" + '"'])
def test_an_answer_that_is_none_is_refused(store: Store, answer: str) -> None:
    code, secret = opened(store)
    store.classes.lead(code, secret, Phase.VOTING)
    store.class_answers.join(code, "ada")
    with pytest.raises(StoreError, match="answer"):
        store.class_answers.answer(code, "ada", Vote.FIRST, answer)
    assert store.classes.get(code).answered[Vote.FIRST] == 0


def hidden(store: Store, code: str, secret: str) -> bool:
    """Whether nothing tells what was answered: neither split nor pairs nor the teacher's export."""
    seen = [
        *(store.class_answers.split(code, each) for each in Vote),
        store.class_answers.pairs(code),
        *store.class_answers.export(code, secret),
    ]
    return not any(seen)


def test_the_split_is_hidden_from_everybody_until_the_reveal(store: Store) -> None:
    code, secret = opened(store)
    store.classes.lead(code, secret, Phase.VOTING)
    vote(store, code, 30)
    assert hidden(store, code, secret)
    store.classes.lead(code, secret, Phase.DISCUSSION)
    assert hidden(store, code, secret)
    store.classes.lead(code, secret, Phase.SECOND_VOTE)
    vote(store, code, 30, Vote.SECOND)
    assert hidden(store, code, secret)
    store.classes.lead(code, secret, Phase.REVEAL)
    for each in (Vote.FIRST, Vote.SECOND):
        split = store.class_answers.split(code, each)
        assert split is not None
        assert sorted(json.loads(answer)["value"] for answer in split) == [0] * 15 + [1] * 15
    assert len(store.class_answers.export(code, secret)) == 60


def test_a_class_that_ends_before_its_reveal_stays_hidden(store: Store) -> None:
    code, secret = opened(store)
    store.classes.lead(code, secret, Phase.VOTING)
    vote(store, code, 30)
    store.classes.end(code, secret)
    assert hidden(store, code, secret)


def test_fewer_than_five_answers_are_never_shown(store: Store) -> None:
    assert MIN_SPLIT_ANSWERS == 5
    code, secret = opened(store)
    store.classes.lead(code, secret, Phase.VOTING)
    vote(store, code, 4)
    store.classes.lead(code, secret, Phase.REVEAL)
    assert hidden(store, code, secret)
    store.classes.begin_round(code, secret, "noise")
    assert hidden(store, code, secret)
    store.classes.end(code, secret)
    assert hidden(store, code, secret)


def test_of_two_votes_the_one_with_too_few_answers_stays_hidden(store: Store) -> None:
    code, secret = opened(store)
    store.classes.lead(code, secret, Phase.VOTING)
    vote(store, code, 6)
    store.classes.lead(code, secret, Phase.DISCUSSION)
    store.classes.lead(code, secret, Phase.SECOND_VOTE)
    vote(store, code, 4, Vote.SECOND)
    store.classes.lead(code, secret, Phase.REVEAL)
    assert len(store.class_answers.split(code, Vote.FIRST) or ()) == 6
    assert store.class_answers.split(code, Vote.SECOND) is None
    assert {row.vote for row in store.class_answers.export(code, secret)} == {Vote.FIRST}


def test_nobody_s_answer_is_found_by_subtracting(store: Store) -> None:
    """After the reveal nothing comes in, and what is asked then is seen once it is closed, too."""
    code, secret = opened(store)
    vote(store, code, 6, Vote.BEFORE)
    store.classes.lead(code, secret, Phase.VOTING)
    store.classes.lead(code, secret, Phase.REVEAL)
    before = store.class_answers.split(code, Vote.BEFORE)
    assert before is not None
    assert len(before) == 6
    with pytest.raises(StoreError, match="not open now"):
        vote(store, code, 1, Vote.BEFORE, first=6)
    vote(store, code, 6, Vote.AFTER)
    with pytest.raises(StoreError, match="answered once"):
        vote(store, code, 1, Vote.AFTER)
    assert store.class_answers.split(code, Vote.AFTER) is None
    assert store.class_answers.pairs(code) is None
    store.classes.end(code, secret)
    pairs = store.class_answers.pairs(code)
    assert pairs is not None
    assert [before == after for _, before, after in pairs] == [True] * 6
    with pytest.raises(StoreError, match="has ended"):
        vote(store, code, 1, Vote.AFTER, first=6)


def test_an_export_has_no_names_and_no_order_of_coming(store: Store) -> None:
    code, secret = opened(store)
    store.classes.lead(code, secret, Phase.VOTING)
    for number in range(12):
        store.class_answers.join(code, f"student {number}")
        store.class_answers.answer(code, f"student {number}", Vote.FIRST, str(number))
    store.classes.lead(code, secret, Phase.REVEAL)
    rows = store.class_answers.export(code, secret)
    assert sorted(row.answer for row in rows) == sorted(map(str, range(12)))
    assert "student" not in repr(rows)
    orders = {tuple(row.answer for row in store.class_answers.export(code, secret)) for _ in range(5)}
    assert len(orders) > 1
    assert {row.member for row in rows} == set(range(1, 13))


def test_who_joins_late_or_again_is_in(store: Store) -> None:
    code, secret = opened(store)
    ada = store.class_answers.join(code, "ada")
    assert store.class_answers.member(code, "ada") == ada == store.class_answers.join(code, "ada")
    assert store.class_answers.member(code, "bob") is None
    store.classes.lead(code, secret, Phase.VOTING)
    store.class_answers.join(code, "bob")
    store.class_answers.answer(code, "bob", Vote.FIRST, "1")
    assert store.classes.get(code).members == 2


def test_who_predicts_is_drawn_by_lot_in_equal_parts_where_the_teacher_has_it_so(store: Store) -> None:
    code, secret = opened(store, measures=True)
    arms = [store.class_answers.join(code, f"student {number}").arm for number in range(30)]
    assert arms.count(Arm.PREDICT) == arms.count(Arm.WATCH) == 15
    assert arms != [Arm.PREDICT, Arm.WATCH] * 15  # one in 32,768
    assert arms != [Arm.WATCH, Arm.PREDICT] * 15
    store.classes.lead(code, secret, Phase.VOTING)
    with pytest.raises(StoreError, match="watch first"):
        store.class_answers.answer(code, f"student {arms.index(Arm.WATCH)}", Vote.FIRST, "1")
    usual, _ = opened(store)
    assert {store.class_answers.join(usual, f"student {number}").arm for number in range(10)} == {Arm.PREDICT}


def test_a_restart_loses_nothing(store: Store, url: str) -> None:
    code, secret = opened(store)
    store.classes.lead(code, secret, Phase.VOTING)
    vote(store, code, 6)
    store.close()
    again = Store(url)
    assert again.classes.get(code).answered[Vote.FIRST] == 6
    assert again.classes.is_teacher(code, secret)
    assert [(found.code, kept) for found, kept in again.classes.owned_by("teacher")] == [(code, secret)]
    again.classes.lead(code, secret, Phase.REVEAL, ["AbCd"])
    assert store.classes.get(code).runs == ("AbCd",)
    again.close()


def rows(store: Store, table: Any) -> int:
    with store.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_class_is_deleted_by_its_teacher_or_when_its_time_is_over(store: Store) -> None:
    for ends_by_itself in (False, True):
        code, secret = opened(store, sweep="{}")
        vote(store, code, 3, Vote.BEFORE)
        store.class_points.fill(code, store.class_points.take(code, "student 0"), "AbCd")
        store.class_points.receive(code, "laptop", 0, {"loss": 1.0})
        if ends_by_itself:
            with store.database.writing() as connection:
                connection.execute(update(classroom).values(ends=time.time() - 1))
            with pytest.raises(StoreError, match="no class"):
                store.classes.get(code)
            assert store.classes.purge() == 1
        else:
            store.classes.delete(code, secret)
        of_classes = [table for name, table in metadata.tables.items() if name.startswith("class")]
        assert {table.name: rows(store, table) for table in of_classes} == {
            table.name: 0 for table in of_classes
        }
    assert rows(store, class_member) == rows(store, class_answer) == 0


def test_a_teacher_has_so_many_open_classes(store: Store) -> None:
    for _ in range(MAX_CLASSES):
        code, secret = opened(store)
    with pytest.raises(StoreError, match=f"{MAX_CLASSES} of your classes are open"):
        opened(store)
    store.classes.end(code, secret)
    opened(store)


# What a class trains


def trained(store: Store, seed: int) -> str:
    run = store.queue.add([RunSpec(rows=50, budget=1, seed=seed)], "ada", "here")[0]
    store.queue.claim("runner")
    store.attempts.finish(run.id, run.attempt, outcome(Status.DONE))
    return run.id


def test_points_are_handed_out_in_turn_and_those_given_back_first(store: Store) -> None:
    code, secret = opened(store)
    store.class_answers.join(code, "ada")
    with pytest.raises(StoreError, match="does not train a grid"):
        store.class_points.take(code, "ada")
    store.class_points.begin(code, secret, '{"sizes": [8, 32]}')
    with pytest.raises(StoreError, match="Join"):
        store.class_points.take(code, "stranger")
    assert [store.class_points.take(code, "ada") for _ in range(3)] == [0, 1, 2]
    store.class_points.fill(code, 0, trained(store, 1))
    store.class_points.give_back(code, 0)  # it trains: it stays
    store.class_points.give_back(code, 1)
    assert [store.class_points.take(code, "ada") for _ in range(2)] == [1, 3]
    assert [point.number for point in store.class_points.points(code)] == [0]
    found = store.classes.get(code)
    assert (found.points, found.trained) == (4, 1)


def test_a_grid_is_chosen_once(store: Store) -> None:
    code, secret = opened(store)
    store.class_points.begin(code, secret, "one")
    store.class_points.begin(code, secret, "one")
    with pytest.raises(StoreError, match="already"):
        store.class_points.begin(code, secret, "another")


def test_what_other_programs_send_is_kept_epoch_by_epoch(store: Store) -> None:
    code, _ = opened(store)
    for epoch in range(3):
        store.class_points.receive(code, "a", epoch, {"loss": 1.0 - epoch / 10}, batch_size=32, seed=3)
        store.class_points.receive(code, "b", epoch, {"loss": 2.0}, batch_size=8)
    store.class_points.receive(code, "a", 0, {"loss": 5.0})
    sent = store.class_points.elsewhere(code)
    assert [(one.sender, one.batch_size, one.seed, len(one.epochs)) for one in sent] == [
        ("a", 32, 3, 3),
        ("b", 8, None, 3),
        ("a", None, None, 1),
    ]
    assert [epoch["loss"] for epoch in sent[0].epochs] == [1.0, 0.9, 0.8]
    assert store.classes.get(code).elsewhere == 3


@pytest.mark.parametrize("epoch", [0, 2, 9, -1])
def test_epochs_that_do_not_follow_are_refused(store: Store, epoch: int) -> None:
    code, _ = opened(store)
    store.class_points.receive(code, "a", 0, {"loss": 1.0})
    store.class_points.receive(code, "a", 1, {"loss": 1.0})
    if epoch == 2:
        store.class_points.receive(code, "a", 2, {"loss": 1.0})
    elif epoch:
        with pytest.raises(StoreError, match="Two programs that send at once need a path each"):
            store.class_points.receive(code, "a", epoch, {"loss": 1.0})


def test_a_class_is_a_value_without_secret_and_visitors(store: Store) -> None:
    code, secret = opened(store)
    store.class_answers.join(code, "visitor-of-ada")
    found = store.classes.get(code)
    assert isinstance(found, Classroom)
    assert secret not in repr(found)
    assert "visitor-of-ada" not in repr((found, store.class_answers.member(code, "visitor-of-ada")))
