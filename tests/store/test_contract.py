"""What any store must keep, on SQLite and (with BATCHVIZ_TEST_POSTGRES_URL) on PostgreSQL."""

import re
import time
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import func, select

from batchviz.errors import StoreError
from batchviz.experiment.records import RowCounts, Run, Status
from batchviz.experiment.series import SERIES, Series, join, length
from batchviz.experiment.spec import RunSpec
from batchviz.store import Cursor, StaleAttempt, Store, codec, series
from batchviz.store.tables import attempt as attempt_table
from batchviz.store.tables import series_chunk
from tests.store.reports import outcome, report, rows

SPEC = RunSpec()


def add(store: Store, owner: str = "ada", seed: int = 0, fingerprint: str = "here") -> Run:
    return store.queue.add([SPEC.replace(seed=seed)], owner, fingerprint)[0]


def running(store: Store, owner: str = "ada", seed: int = 0) -> Run:
    add(store, owner, seed)
    run = store.queue.claim("runner")
    assert run is not None
    return run


class TestAdding:
    def test_a_new_run_waits(self, store: Store) -> None:
        run = add(store)
        assert (run.status, run.attempt, run.spec, run.owner) == (Status.QUEUED, 1, SPEC, "ada")
        assert run.started is None
        assert store.runs.get(run.id) == run

    def test_ids_fit_into_links_and_cannot_be_guessed(self, store: Store) -> None:
        ids = [add(store, seed=seed).id for seed in range(50)]
        assert len(set(ids)) == 50
        assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{11}", run_id) for run_id in ids)

    def test_a_double_click_starts_nothing_twice(self, store: Store) -> None:
        first = add(store)
        assert add(store).id == first.id
        store.queue.claim("runner")
        assert add(store).id == first.id

    def test_two_visitors_have_a_run_each_while_it_is_unfinished(self, store: Store) -> None:
        assert add(store, "ada").id != add(store, "bob").id

    @pytest.mark.parametrize("status", [Status.DONE, Status.DIVERGED])
    def test_a_finished_run_answers_everybody_at_once(self, store: Store, status: Status) -> None:
        run = running(store)
        store.attempts.finish(run.id, 1, outcome(status))
        again = add(store, "bob")
        assert (again.id, again.status) == (run.id, status)

    @pytest.mark.parametrize("status", [Status.STOPPED, Status.FAILED])
    def test_a_run_that_did_not_reach_its_end_is_trained_anew(self, store: Store, status: Status) -> None:
        run = running(store)
        store.attempts.finish(run.id, 1, outcome(status))
        assert add(store).id != run.id

    def test_a_result_of_other_numerics_is_not_reused(self, store: Store) -> None:
        run = running(store)
        store.attempts.finish(run.id, 1, outcome())
        assert add(store, fingerprint="elsewhere").id != run.id

    def test_a_run_measured_at_epochs_ends_alone_answers_only_who_wants_no_more(self, store: Store) -> None:
        alone = store.queue.add([SPEC], "ada", "here", inside_epochs=False)[0]
        assert alone.measure_at is None
        inside = add(store)
        assert inside.id != alone.id
        assert inside.measure_at == ()
        assert add(store).id == inside.id
        # Whoever wants less finds either.
        assert store.queue.add([SPEC], "ada", "here", inside_epochs=False)[0].id in {alone.id, inside.id}

    def test_a_run_that_has_no_inside_of_an_epoch_answers_both(self, store: Store) -> None:
        full = SPEC.replace(batch_size="full")
        alone = store.queue.add([full], "ada", "here", inside_epochs=False)[0]
        assert store.queue.add([full], "ada", "here")[0].id == alone.id

    def test_a_run_that_is_being_stopped_is_not_handed_back(self, store: Store) -> None:
        run = running(store)
        store.queue.request_stop(run.id, "ada")
        assert add(store).id != run.id


class TestClaiming:
    def test_a_run_is_handed_out_once(self, store: Store) -> None:
        run = add(store)
        claimed = store.queue.claim("runner")
        assert claimed is not None
        assert (claimed.id, claimed.status) == (run.id, Status.RUNNING)
        assert claimed.started is not None
        assert store.queue.claim("runner") is None

    def test_an_empty_queue_says_so(self, store: Store) -> None:
        assert not store.queue.anything_queued()
        add(store)
        assert store.queue.anything_queued()
        store.queue.claim("runner")
        assert not store.queue.anything_queued()

    def test_the_visitor_with_fewest_running_comes_first(self, store: Store) -> None:
        for seed in range(5):
            add(store, "greedy", seed)
        add(store, "late")
        assert owners(store, 3) == ["greedy", "late", "greedy"]

    def test_fewest_running_counts_before_longest_waiting(self, store: Store) -> None:
        for owner, count in (("ada", 2), ("bob", 1)):
            for seed in range(count):
                running(store, owner, seed)
        for owner in ("ada", "bob"):  # ada was served longer ago, but has two runs under way
            add(store, owner, seed=9)
        assert owners(store, 1) == ["bob"]

    def test_among_equals_the_least_recently_served_comes_first(self, store: Store) -> None:
        for owner in ("ada", "bob"):
            for seed in range(2):
                add(store, owner, seed)
        order = []
        for _ in range(4):
            run = store.queue.claim("runner")
            assert run is not None
            order.append(run.owner)
            store.attempts.finish(run.id, 1, outcome())
        assert order == ["ada", "bob", "ada", "bob"]

    def test_of_one_visitor_the_oldest_comes_first(self, store: Store) -> None:
        ids = [add(store, seed=seed).id for seed in range(3)]
        claimed = [store.queue.claim("runner") for _ in ids]
        assert [run.id for run in claimed if run] == ids

    def test_queue_positions_are_the_order_of_the_claims(self, store: Store) -> None:
        for seed in range(3):
            add(store, "ada", seed)
        for owner in ("bob", "cleo"):
            add(store, owner)
        announced = sorted(store.queue.places().items(), key=lambda item: item[1].ahead)
        assert [place.ahead for _, place in announced] == [0, 1, 2, 3, 4]
        claimed = [store.queue.claim("runner") for _ in announced]
        assert [run.id for run in claimed if run] == [run_id for run_id, _ in announced]

    def test_what_is_queued_in_the_background_waits_behind_everybodys_others(self, store: Store) -> None:
        first, *rest = store.queue.add(
            [SPEC.replace(seed=0)], "ada", "here", background=[SPEC.replace(seed=seed) for seed in (1, 2)]
        )
        assert [run.spec.seed for run in (first, *rest)] == [0, 1, 2], "the answer is in the order of asking"
        for seed in range(3):
            add(store, "bob", seed)
        later = add(store, "ada", 9)
        assert owners(store, 5) == ["ada", "bob", "ada", "bob", "bob"]
        assert store.runs.get(later.id).status is Status.RUNNING
        assert owners(store, 2) == ["ada", "ada"]

    def test_long_runs_leave_a_worker_for_short_ones_whoever_asked(self, store: Store) -> None:
        long = SPEC.replace(budget_unit="seconds", budget=60.0)
        store.queue.add([long.replace(seed=seed) for seed in range(2)], "ada", "here")
        store.queue.add([long.replace(seed=seed) for seed in range(2)], "bob", "here")
        first = store.queue.claim("runner", most_long=1)
        assert first is not None
        assert store.queue.claim("runner", most_long=1) is None
        short = add(store, "eve")
        claimed = store.queue.claim("runner", most_long=1)
        assert claimed is not None
        assert claimed.id == short.id
        store.attempts.finish(first.id, 1, outcome())
        following = store.queue.claim("runner", most_long=1)
        assert following is not None
        assert following.owner == "bob"

    def test_a_run_of_the_background_that_is_asked_for_by_itself_comes_to_the_front(
        self, store: Store
    ) -> None:
        [waiting] = store.queue.add([], "ada", "here", background=[SPEC.replace(seed=1)])
        add(store, "bob")
        assert add(store, "ada", 1).id == waiting.id
        assert owners(store, 2) == ["ada", "bob"]


def owners(store: Store, count: int) -> list[str]:
    return [run.owner for _ in range(count) if (run := store.queue.claim("runner"))]


class TestRecording:
    def test_rows_come_back_in_order_and_equal_length(self, store: Store) -> None:
        run = running(store)
        store.attempts.append(run.id, 1, report(0, 0, epochs=1))
        store.attempts.append(run.id, 1, report(0, 7))
        store.attempts.append(run.id, 1, report(7, 13, first_epoch=1, epochs=2))
        points = store.series.since({run.id: Cursor()})[run.id]
        same(points.updates, rows(SERIES["updates"].names, 0, 20))
        same(points.epochs, rows(SERIES["epochs"].names, 0, 3))
        assert points.complete
        assert points.run.progress.updates == 20

    @pytest.mark.parametrize("had", range(21))
    def test_only_what_is_new_is_sent(self, store: Store, had: int) -> None:
        run = running(store)
        for first in (0, 5, 10, 15):
            store.attempts.append(run.id, 1, report(first, 5))
        points = store.series.since({run.id: Cursor(1, 0, had)})[run.id]
        assert points.first["updates"] == had
        same(points.updates, rows(SERIES["updates"].names, had, 20 - had))

    def test_a_limit_gives_the_rows_in_portions(self, store: Store) -> None:
        run = running(store)
        for first in range(0, 100, 10):
            store.attempts.append(run.id, 1, report(first, 10))
        have, seen, complete = Cursor(), [], False
        while not complete:
            points = store.series.since({run.id: have}, limit=7)[run.id]
            assert len(points.updates["loss"]) <= 7
            seen.append(points.updates["loss"])
            have, complete = Cursor(1, 0, have.updates + len(seen[-1])), points.complete
        assert np.array_equal(np.concatenate(seen), rows(SERIES["updates"].names, 0, 100)["loss"])

    @pytest.mark.parametrize("have", [Cursor(7, 0, 5), Cursor(1, 0, 5000)])
    def test_who_has_something_else_gets_everything(self, store: Store, have: Cursor) -> None:
        run = running(store)
        store.attempts.append(run.id, 1, report(0, 10))
        points = store.series.since({run.id: have})[run.id]
        assert (points.first["updates"], len(points.updates["loss"])) == (0, 10)

    def test_many_runs_are_read_together(self, store: Store) -> None:
        runs = [running(store, seed=seed) for seed in range(5)]
        for index, run in enumerate(runs):
            store.attempts.append(run.id, 1, report(100 * index, 10))
        points = store.series.since({run.id: Cursor() for run in runs} | {"nobody": Cursor()})
        assert list(points) == [run.id for run in runs]
        for index, run in enumerate(runs):
            same(points[run.id].updates, rows(SERIES["updates"].names, 100 * index, 10))

    def test_series_are_whole(self, store: Store) -> None:
        run = running(store)
        store.attempts.append(run.id, 1, report(0, 10, epochs=2))
        same(store.series.whole([run.id], "updates")[run.id], rows(SERIES["updates"].names, 0, 10))
        same(store.series.whole([run.id])[run.id], rows(SERIES["epochs"].names, 0, 2))

    def test_a_report_that_cannot_be_packed_leaves_nothing_behind(self, store: Store) -> None:
        run = running(store)
        broken = report(0, 5, epochs=2)
        broken.epochs["loss"] = np.zeros(1, np.float32)
        with pytest.raises(ValueError, match="equally long"):
            store.attempts.append(run.id, 1, broken)
        assert len(store.series.since({run.id: Cursor()})[run.id].updates["loss"]) == 0

    def test_not_a_number_survives(self, store: Store) -> None:
        run = running(store)
        strange = report(0, 3)
        strange.updates["loss"][:] = [np.nan, np.inf, -np.inf]
        store.attempts.append(run.id, 1, strange)
        stored = store.series.whole([run.id], "updates")[run.id]["loss"]
        assert np.array_equal(stored, strange.updates["loss"], equal_nan=True)

    def test_a_finished_run_keeps_its_outcome(self, store: Store) -> None:
        run = running(store)
        store.attempts.finish(
            run.id, 1, outcome(Status.DIVERGED, "The loss is not finite.", loss=0.5, val_loss=float("nan"))
        )
        finished = store.runs.get(run.id)
        assert (finished.status, finished.reason) == (Status.DIVERGED, "The loss is not finite.")
        assert finished.final["loss"] == 0.5
        assert np.isnan(finished.final["val_loss"])
        assert finished.finished is not None
        assert finished.progress.updates == 10

    def test_packing_changes_nothing_that_can_be_read(self, store: Store) -> None:
        run = running(store)
        for first in range(0, 50, 5):
            store.attempts.append(run.id, 1, report(first, 5, first_epoch=first, epochs=1))
        store.attempts.finish(run.id, 1, outcome())
        before = [store.series.since({run.id: Cursor(1, 3, had)})[run.id] for had in (0, 7, 50)]
        store.series.compact(run.id)
        for had, old in zip((0, 7, 50), before, strict=True):
            new = store.series.since({run.id: Cursor(1, 3, had)})[run.id]
            same(new.updates, old.updates)
            same(new.epochs, old.epochs)

    def test_a_run_is_packed_once_it_is_over(self, store: Store) -> None:
        # Not before: what a worker appends meanwhile would be lost.
        run = running(store)
        for first in range(0, 50, 5):
            store.attempts.append(run.id, 1, report(first, 5))
        store.series.compact(run.id)
        assert chunks(store) == 10
        store.attempts.finish(run.id, 1, outcome())
        store.series.compact(run.id)
        assert chunks(store) == 1

    def test_a_long_run_is_packed_chunk_by_chunk(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody holds all of it, and nobody who writes waits for all of it."""
        monkeypatch.setattr(codec, "CHUNK_ROWS", 20)
        run = running(store)
        for first in range(0, 50, 5):
            store.attempts.append(run.id, 1, report(first, 5, first_epoch=first, epochs=1))
        store.attempts.finish(run.id, 1, outcome())
        before = store.series.since({run.id: Cursor()})[run.id]
        lengths = []

        def noted(parts: Iterable[Series], kind: str) -> Series:
            whole = join(parts, kind)
            lengths.append(length(whole))
            return whole

        monkeypatch.setattr(series, "join", noted)
        store.series.compact(run.id)
        monkeypatch.undo()
        assert max(lengths) == 20
        packed = chunks(store)
        assert packed == 4, "20, 20 and 10 updates, 10 epochs"
        after = store.series.since({run.id: Cursor()})[run.id]
        same(after.updates, before.updates)
        same(after.epochs, before.epochs)
        with store.database.reading() as connection:
            counted, stored = connection.execute(
                select(
                    attempt_table.c.bytes,
                    select(func.sum(func.length(series_chunk.c.data))).scalar_subquery(),
                )
            ).one()
        assert counted == stored
        store.series.compact(run.id)
        assert chunks(store) == packed, "nothing is left to do"

    def test_a_run_of_few_pieces_is_left_as_it_is(self, store: Store) -> None:
        run = running(store)
        for first in range(0, 10, 5):
            store.attempts.append(run.id, 1, report(first, 5))
        store.attempts.finish(run.id, 1, outcome())
        store.series.compact(run.id)
        assert chunks(store) == 2

    def test_rows_that_come_with_the_end_are_there_once(self, store: Store) -> None:
        run = running(store)
        store.attempts.append(run.id, 1, report(0, 10, epochs=1))  # the answer of which was lost
        both = report(0, 10, epochs=1).followed_by(report(10, 5, first_epoch=1, epochs=1))
        store.attempts.finish(run.id, 1, outcome(), both, RowCounts())
        points = store.series.since({run.id: Cursor()})[run.id]
        same(points.updates, rows(SERIES["updates"].names, 0, 15))
        same(points.epochs, rows(SERIES["epochs"].names, 0, 2))
        assert points.run.status == Status.DONE


def chunks(store: Store) -> int:
    with store.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(series_chunk)).scalar_one()


class TestFence:
    def test_nobody_writes_to_a_run_that_waits(self, store: Store) -> None:
        refused(store, add(store).id, 1)

    def test_nobody_writes_to_a_run_that_is_over(self, store: Store) -> None:
        run = running(store)
        store.attempts.finish(run.id, 1, outcome())
        refused(store, run.id, 1)

    def test_an_earlier_attempt_writes_no_more(self, store: Store) -> None:
        run = running(store)
        store.attempts.worker_crashed(run.id, 1, "its worker was killed")
        refused(store, run.id, 1)
        assert store.queue.claim("runner") is not None
        refused(store, run.id, 1)
        assert store.attempts.append(run.id, 2, report()) is False

    def test_an_unknown_run_is_explained(self, store: Store) -> None:
        for ask in (
            store.runs.get,
            store.series.compact,
            lambda run_id: store.attempts.append(run_id, 1, report()),
        ):
            with pytest.raises(StoreError, match="There is no run 'nobody'"):
                ask("nobody")


def refused(store: Store, run_id: str, attempt: int) -> None:
    before = store.runs.get(run_id)
    for write in (
        lambda: store.attempts.append(run_id, attempt, report()),
        lambda: store.attempts.finish(run_id, attempt, outcome(Status.FAILED)),
        lambda: store.attempts.heartbeat(run_id, attempt, "host:1"),
        lambda: store.attempts.stop_requested(run_id, attempt),
        lambda: store.attempts.worker_crashed(run_id, attempt, "no cause"),
        lambda: store.attempts.release(run_id, attempt, "no cause"),
    ):
        with pytest.raises(StaleAttempt):
            write()
    assert store.runs.get(run_id) == before


class TestStopping:
    def test_a_waiting_run_stops_at_once(self, store: Store) -> None:
        run = store.queue.request_stop(add(store).id, "ada")
        assert (run.status, run.reason) == (Status.STOPPED, "Stopped before it began.")
        assert store.queue.claim("runner") is None

    def test_a_running_one_is_told_with_its_next_report(self, store: Store) -> None:
        run = running(store)
        assert store.attempts.append(run.id, 1, report()) is False
        assert store.queue.request_stop(run.id, "ada").status == Status.RUNNING
        assert store.attempts.append(run.id, 1, report(10)) is True
        assert store.attempts.stop_requested(run.id, 1) is True
        assert store.attempts.heartbeat(run.id, 1, "host:1") is True

    def test_a_run_that_is_over_stays_as_it_is(self, store: Store) -> None:
        run = running(store)
        store.attempts.finish(run.id, 1, outcome())
        before = store.runs.get(run.id)
        assert store.queue.request_stop(run.id, "ada") == before

    def test_a_stranger_cannot_stop_it(self, store: Store) -> None:
        run = running(store)
        with pytest.raises(StoreError, match="Only the visitor who started"):
            store.queue.request_stop(run.id, "eve")
        assert store.attempts.append(run.id, 1, report()) is False


class TestLosing:
    def test_the_first_time_it_waits_again_and_says_why(self, store: Store) -> None:
        run = running(store)
        assert store.attempts.worker_crashed(run.id, 1, "its worker was killed") == Status.QUEUED
        again = store.queue.claim("runner")
        assert again is not None
        assert (again.id, again.attempt) == (run.id, 2)
        assert again.reason == "Started again, because its worker was killed."

    def test_the_second_time_it_fails_and_says_why(self, store: Store) -> None:
        run = running(store)
        store.attempts.worker_crashed(run.id, 1, "its worker was killed")
        store.queue.claim("runner")
        assert store.attempts.worker_crashed(run.id, 2, "its worker was killed") == Status.FAILED
        failed = store.runs.get(run.id)
        assert failed.status == Status.FAILED
        assert "its worker was killed, for the second time" in failed.reason
        assert failed.finished is not None

    def test_an_interruption_is_not_held_against_it(self, store: Store) -> None:
        run = running(store)
        for attempt in (1, 2, 3):
            assert store.attempts.release(run.id, attempt, "the server was stopped") == Status.QUEUED
            store.queue.claim("runner")
        assert store.attempts.worker_crashed(run.id, 4, "its worker was killed") == Status.QUEUED

    def test_a_run_that_is_being_stopped_is_not_started_again(self, store: Store) -> None:
        run = running(store)
        store.queue.request_stop(run.id, "ada")
        assert store.attempts.worker_crashed(run.id, 1, "its worker was killed") == Status.STOPPED
        assert store.queue.claim("runner") is None

    def test_the_reason_stays_when_the_second_attempt_succeeds(self, store: Store) -> None:
        run = running(store)
        store.attempts.worker_crashed(run.id, 1, "its worker was killed")
        store.queue.claim("runner")
        store.attempts.finish(run.id, 2, outcome(reason="All went well."))
        assert store.runs.get(run.id).reason == "Started again, because its worker was killed. All went well."

    def test_what_was_recorded_stays_on_show_until_overtaken(self, store: Store) -> None:
        run = running(store)
        store.attempts.append(run.id, 1, report(0, 20, epochs=2))
        store.attempts.worker_crashed(run.id, 1, "its worker was killed")
        store.queue.claim("runner")
        store.attempts.append(run.id, 2, report(0, 10, epochs=1))
        shown = store.series.since({run.id: Cursor(1, 0, 5)})[run.id]
        assert (shown.attempt, shown.first["updates"], len(shown.updates["loss"])) == (1, 5, 15)
        assert shown.run.progress.updates == 20
        store.attempts.append(run.id, 2, report(10, 15, first_epoch=1, epochs=1))
        shown = store.series.since({run.id: Cursor(1, 0, 20)})[run.id]
        assert (shown.attempt, shown.first["updates"]) == (2, 0)
        same(shown.updates, rows(SERIES["updates"].names, 0, 25))

    @pytest.mark.parametrize("status", [Status.STOPPED, Status.FAILED])
    def test_one_that_ends_before_it_has_caught_up_loses_no_point(self, store: Store, status: Status) -> None:
        run = started_again(store, 40)
        store.attempts.append(run.id, 2, report(0, 10, epochs=1))
        store.attempts.finish(run.id, 2, outcome(status, "It ended.", val_loss=0.5, seconds=9.0))
        store.series.compact(run.id)
        points = store.series.since({run.id: Cursor()})[run.id]
        same(points.updates, rows(SERIES["updates"].names, 0, 40))
        same(points.epochs, rows(SERIES["epochs"].names, 0, 2))
        # Whatever else is said agrees with these points.
        assert (points.attempt, points.run.status) == (1, status)
        assert points.run.progress == report(0, 40).progress
        assert points.run.final == {}
        (found,) = store.library.page("ada").entries
        assert found.run == points.run
        assert points.run.reason == (
            "Started again, because its worker was killed. It ended. "
            "The points are from before the new start, which did not come as far."
        )
        assert chunks(store) == 2, "those of the second attempt are not kept unseen"

    @pytest.mark.parametrize("status", [Status.STOPPED, Status.FAILED])
    def test_one_that_ends_after_it_has_caught_up_is_shown(self, store: Store, status: Status) -> None:
        run = started_again(store, 40)
        store.attempts.append(run.id, 2, report(0, 40, epochs=2))
        store.attempts.finish(run.id, 2, outcome(status, val_loss=0.5))
        points = store.series.since({run.id: Cursor()})[run.id]
        assert (points.attempt, points.run.final) == (2, {"val_loss": 0.5})
        assert points.run.reason == "Started again, because its worker was killed."

    @pytest.mark.parametrize("status", [Status.DONE, Status.DIVERGED])
    def test_one_that_comes_to_its_end_is_shown_whole(self, store: Store, status: Status) -> None:
        # Within a budget of seconds a second attempt may take fewer updates.
        run = started_again(store, 40)
        store.attempts.append(run.id, 2, report(0, 10, epochs=1))
        store.attempts.finish(run.id, 2, outcome(status, val_loss=0.5))
        points = store.series.since({run.id: Cursor()})[run.id]
        same(points.updates, rows(SERIES["updates"].names, 0, 10))
        assert (points.attempt, points.run.final) == (2, {"val_loss": 0.5})
        assert points.run.progress.updates == 10

    def test_points_of_a_run_given_up_are_kept(self, store: Store) -> None:
        run = running(store)
        store.attempts.append(run.id, 1, report(0, 20))
        store.attempts.worker_crashed(run.id, 1, "its worker was killed")
        store.queue.claim("runner")
        store.attempts.append(run.id, 2, report(0, 5))
        store.attempts.worker_crashed(run.id, 2, "its worker was killed")
        assert len(store.series.whole([run.id], "updates")[run.id]["loss"]) == 20


def started_again(store: Store, updates: int) -> Run:
    """A run whose first attempt recorded so many updates and 2 epochs, at its second attempt."""
    run = running(store)
    store.attempts.append(run.id, 1, report(0, updates, epochs=2))
    store.attempts.worker_crashed(run.id, 1, "its worker was killed")
    again = store.queue.claim("runner")
    assert again is not None
    return again


class TestLists:
    def test_runs_come_in_the_order_asked_for_without_the_unknown(self, store: Store) -> None:
        ids = [add(store, seed=seed).id for seed in range(3)]
        assert list(store.runs.by_id([ids[2], "nobody", ids[0]])) == [ids[2], ids[0]]

    def test_the_seeds_from_a_run_on_are_found_the_finished_ones_before_others(self, store: Store) -> None:
        lead, stopped, third, _ = [running(store, seed=seed) for seed in range(4)]
        store.attempts.finish(stopped.id, 1, outcome(Status.STOPPED))
        anew = running(store, "bob", 1)
        assert anew.id != stopped.id
        store.attempts.finish(anew.id, 1, outcome())
        add(store, "bob", 1, "elsewhere")
        store.queue.request_stop(third.id, "ada")
        store.attempts.finish(third.id, 1, outcome(Status.STOPPED))
        waiting = add(store, "ada", 2)
        found = store.runs.seeds_from({lead.id: 3, "unknown00000": 5, stopped.id: 1})
        assert found[:3] == [lead.id, anew.id, waiting.id]
        assert found[3:] == ["unknown00000", stopped.id]
        assert store.runs.seeds_from({"unknown00000": 1}) == ["unknown00000"], "nothing is looked for"

    def test_the_runs_that_finished_last_are_told(self, store: Store) -> None:
        first, second = add(store, "ada", 0), add(store, "ada", 1)
        assert store.runs.last_done("here", 5) == []
        for each in (first, second):
            assert store.queue.claim("one") is not None
            store.attempts.finish(each.id, 1, outcome())
        add(store, "ada", 2)
        assert [done.id for done in store.runs.last_done("here", 5)] == [second.id, first.id]
        assert [done.id for done in store.runs.last_done("here", 1)] == [second.id]
        assert store.runs.last_done("elsewhere", 5) == []


class TestProcesses:
    def test_one_leads(self, store: Store) -> None:
        assert store.processes.take_leadership("a", "host", 1, instead_of=None)
        assert not store.processes.take_leadership("b", "host", 2, instead_of=None)
        assert store.processes.heartbeat("engine", "a", "ready")
        assert not store.processes.heartbeat("engine", "b", "ready")
        assert store.processes.engine_state() == "ready"

    def test_only_a_holder_that_did_not_beat_meanwhile_is_replaced(self, store: Store) -> None:
        store.processes.take_leadership("a", "host", 1, instead_of=None)
        (seen,) = store.processes.all()
        store.processes.heartbeat("engine", "a", "ready")
        assert not store.processes.take_leadership("b", "host", 2, instead_of=seen)
        (seen,) = store.processes.all()
        assert store.processes.take_leadership("b", "host", 2, instead_of=seen)
        assert not store.processes.heartbeat("engine", "a", "ready")

    def test_without_a_beat_the_engine_is_down(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        assert store.processes.engine_state() == "down"
        store.processes.take_leadership("a", "host", 1, instead_of=None)
        assert store.processes.engine_state() == "warming"
        now = store.processes.all()[0].beat
        monkeypatch.setattr("batchviz.store.processes.time.time", lambda: now + 6)
        assert store.processes.engine_state() == "down"

    def test_a_clock_that_jumped_makes_no_engine_dead_and_no_dead_one_alive(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.processes.take_leadership("a", "host", 1, instead_of=None)
        clocks = {"wall": time.time(), "own": time.monotonic()}
        monkeypatch.setattr("batchviz.store.processes.time.monotonic", lambda: clocks["own"])
        monkeypatch.setattr("batchviz.store.processes.time.time", lambda: clocks["wall"])
        for jump in (3600.0, -7200.0):
            clocks["wall"] += jump
            for _ in range(2):
                clocks["own"] += 2
                clocks["wall"] += 60  # the clock of the machine that beats
                store.processes.heartbeat("engine", "a", "ready")
                clocks["wall"] -= 58
                state = store.processes.engine_state()
            assert state == "ready"
        clocks["own"] += 6
        clocks["wall"] += 6
        assert store.processes.engine_state() == "down"

    def test_a_web_process_comes_and_goes(self, store: Store) -> None:
        store.processes.register("web 1", "token", "host", 1)
        store.processes.register("web 1", "token", "host", 1)
        assert [runner.name for runner in store.processes.all()] == ["web 1"]
        store.processes.unregister("web 1", "another")
        assert len(store.processes.all()) == 1
        store.processes.unregister("web 1", "token")
        assert store.processes.all() == []

    def test_held_runs_show_who_holds_them(self, store: Store) -> None:
        run = running(store)
        add(store, "bob")
        (held,) = store.attempts.running()
        assert (held.id, held.attempt, held.worker) == (run.id, 1, "runner")
        store.attempts.heartbeat(run.id, 1, "host:99")
        (after,) = store.attempts.running()
        assert after.worker == "host:99"
        assert after.beat > held.beat
        assert replace(after, worker=held.worker, beat=held.beat) == held


def same(series: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert list(series) == list(expected)
    for name, column in expected.items():
        assert column.dtype == series[name].dtype == np.float32
        assert np.array_equal(series[name], column), name
