"""Shelves, boards and uploads, on every kind of database."""

import time

import numpy as np
import pytest
from sqlalchemy import func, select

from batchviz.errors import StoreError
from batchviz.experiment import datasets
from batchviz.experiment.column_findings import LeftOut, Reason
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.query import Condition, Query, words
from batchviz.experiment.records import Progress, Run, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.table_findings import LeftOutColumns, NoHeadings
from batchviz.store import StaleAttempt, Store
from batchviz.store.tables import attempt, entry, run, series_chunk
from tests.store.reports import outcome, report, rows

SPEC = RunSpec()


def add(store: Store, owner: str = "ada", **changes: object) -> Run:
    return store.queue.add([SPEC.replace(**changes)], owner, "here")[0]


def finished(store: Store, owner: str = "ada", val_loss: float = 0.1, **changes: object) -> Run:
    added = add(store, owner, **changes)
    claimed = store.queue.claim("runner")
    assert claimed is not None
    assert claimed.id == added.id
    store.attempts.append(added.id, 1, report(epochs=2))
    store.attempts.finish(added.id, 1, outcome(val_loss=val_loss, seconds=val_loss * 10))
    return added


def ids(store: Store, owner: str | None = "ada", **query: object) -> list[str]:
    return [one.run.id for one in store.library.page(owner, Query(**query)).entries]


class TestShelves:
    def test_what_is_asked_for_is_in_the_library_newest_first(self, store: Store) -> None:
        first, second = finished(store), finished(store, seed=1)
        add(store, "bob", seed=2)
        assert ids(store) == [second.id, first.id]
        assert store.library.page("ada").total == 2

    def test_an_answer_from_the_store_is_in_both_libraries(self, store: Store) -> None:
        mine = finished(store)
        assert add(store, "bob").id == mine.id
        assert ids(store, "bob") == ids(store) == [mine.id]

    def test_what_is_written_on_it_is_the_visitors_own(self, store: Store) -> None:
        mine = finished(store)
        add(store, "bob")
        store.library.annotate("ada", mine.id, name="Tiny", note="for class", tags=["a", "b"], favourite=True)
        store.library.annotate(
            "ada", mine.id, tags=["\u202ec"]
        )  # a mark that turns round what follows is left out
        one = store.library.entries("ada", [mine.id])[mine.id]
        assert (one.name, one.note, one.tags, one.favourite) == ("Tiny", "for class", ("c",), True)
        other = store.library.entries("bob", [mine.id])[mine.id]
        assert (other.name, other.note, other.tags, other.favourite) == ("", "", (), False)
        with pytest.raises(StoreError, match="not among yours"):
            store.library.annotate("eve", mine.id, name="mine now")

    @pytest.mark.parametrize(
        "written",
        [
            {"name": "x" * 81},
            {"note": "x" * 2001},
            {"tags": ["x" * 41]},
            {"tags": [*"abcdefghijklmnopqrstu"]},
        ],
    )
    def test_too_much_is_refused_and_nothing_lost(self, store: Store, written: dict[str, object]) -> None:
        mine = finished(store)
        store.library.annotate("ada", mine.id, name="kept")
        with pytest.raises(StoreError, match="expected at most"):
            store.library.annotate("ada", mine.id, **written)  # type: ignore[arg-type]
        assert store.library.entries("ada", [mine.id])[mine.id].name == "kept"

    def test_a_search_finds_words_anywhere_and_nothing_is_a_wildcard(self, store: Store) -> None:
        first, second = finished(store), finished(store, seed=1)
        store.library.annotate("ada", first.id, name="Straße 100%", note="tiny batches")
        # Long enough that no random id holds them by chance.
        store.library.annotate("ada", second.id, tags=["seventh_lesson", "class.room"])
        assert ids(store, words=words("BATCHES STRASSE")) == [first.id]
        assert ids(store, words=words("100%")) == [first.id]
        assert ids(store, words=words("%")) == [first.id]
        assert ids(store, words=words("seventh_lesson")) == [second.id]
        assert ids(store, words=words("class_room")) == []
        assert ids(store, words=words(second.id)) == [second.id]
        assert ids(store, words=words(second.id[:-1])) == []  # what is random is no text of the screen
        assert ids(store, tags=("class.room",)) == [second.id]
        assert ids(store, tags=("class",)) == []
        assert store.library.tags("ada") == ["class.room", "seventh_lesson"]

    def test_filters_and_orders(self, store: Store) -> None:
        slow = finished(store, val_loss=0.3, batch_size="full")
        fast = finished(store, val_loss=0.2, batch_size=8)
        waiting = add(store, dataset="teacher")
        assert ids(store, conditions=(Condition("batch_size", (800,)),)) == [
            slow.id
        ]  # full is the number of training rows
        assert ids(store, conditions=(Condition("dataset", ("teacher",)),)) == [waiting.id]
        assert ids(store, conditions=(Condition("status", (Status.DONE,)),)) == [fast.id, slow.id]
        assert ids(store, since=waiting.created) == [waiting.id]
        assert ids(store, until=waiting.created) == [fast.id, slow.id]
        store.library.annotate("ada", slow.id, name="a", favourite=True)
        assert ids(store, favourite=True) == [slow.id]
        expected = {
            "newest": [waiting, fast, slow],
            "oldest": [slow, fast, waiting],
            "name": [slow, waiting, fast],
            "batch_size": [fast, waiting, slow],
            "val_loss": [fast, slow, waiting],
            "seconds": [fast, slow, waiting],
            "favourite": [slow, waiting, fast],
        }
        assert {order: ids(store, order=order) for order in expected} == {
            order: [one.id for one in runs] for order, runs in expected.items()
        }

    def test_what_can_be_filtered_by_is_what_is_there(self, store: Store) -> None:
        finished(store, batch_size="full")
        finished(store, dataset="teacher", batch_size=8)
        finished(store, "bob", dataset="digits", batch_size=1)
        assert store.library.filter_options("ada") == (("random", "teacher"), (8, 800))
        assert store.library.filter_options(None).datasets == ("digits", "random", "teacher")

    def test_pages_hold_every_run_once(self, store: Store) -> None:
        made = {add(store, seed=seed).id for seed in range(7)}
        pages = [store.library.page("ada", Query(page=page, page_size=3)) for page in range(3)]
        assert [len(page.entries) for page in pages] == [3, 3, 1]
        assert {one.run.id for page in pages for one in page.entries} == made
        assert {page.total for page in pages} == {7}

    def test_the_storage_is_that_of_the_chunks(self, store: Store) -> None:
        finished(store)
        packed = finished(store, seed=1)
        store.series.compact(packed.id)
        with store.database.reading() as connection:
            size = connection.execute(select(func.sum(func.length(series_chunk.c.data)))).scalar_one()
        assert (store.library.usage("ada").runs, store.library.usage("ada").bytes) == (2, size)
        assert store.library.usage("bob").bytes == 0


class TestDeleting:
    def test_a_deleted_run_is_hidden_everywhere_and_undone(self, store: Store) -> None:
        mine = finished(store)
        assert store.deletion.delete("ada", [mine.id]) == [mine.id]
        assert ids(store) == []
        assert store.runs.by_id([mine.id]) == {} == store.series.whole([mine.id])
        assert store.runs.visible([mine.id]) == set()
        with pytest.raises(StoreError, match="it was deleted"):
            store.runs.get(mine.id)
        assert store.deletion.restore("ada", [mine.id]) == [mine.id]
        assert ids(store) == [mine.id]
        assert len(store.series.whole([mine.id])[mine.id]["loss"]) == 2

    def test_asking_for_a_deleted_run_trains_it_anew(self, store: Store) -> None:
        mine = finished(store)
        store.deletion.delete("ada", [mine.id])
        assert add(store).id != mine.id

    def test_a_run_that_another_has_stays(self, store: Store) -> None:
        mine = finished(store)
        add(store, "bob")
        store.deletion.delete("ada", [mine.id])
        assert ids(store) == []
        assert ids(store, "bob") == [mine.id]
        assert store.runs.get(mine.id).id == mine.id

    def test_nobody_deletes_for_another_but_the_administrator(self, store: Store) -> None:
        mine = finished(store)
        assert store.deletion.delete("eve", [mine.id]) == []
        assert store.runs.get(mine.id)
        assert ids(store, None) == [mine.id]
        assert store.deletion.delete(None, [mine.id]) == [mine.id]
        assert store.runs.visible([mine.id]) == set()
        assert store.deletion.restore(None, [mine.id]) == [mine.id]
        assert ids(store) == [mine.id]

    def test_the_administrator_gives_back_no_more_than_was_taken(self, store: Store) -> None:
        mine = finished(store)
        add(store, "bob")
        store.deletion.delete("bob", [mine.id])
        store.deletion.delete(None, [mine.id])
        store.deletion.restore(None, [mine.id])
        assert (ids(store, "ada"), ids(store, "bob")) == ([mine.id], [])

    def test_a_visitor_does_not_undo_what_the_administrator_deleted(self, store: Store) -> None:
        mine = finished(store)
        add(store, "bob")
        store.deletion.delete("ada", [mine.id])
        store.deletion.delete(None, [mine.id])
        assert store.deletion.restorable("ada") == store.deletion.restorable("bob") == []
        for owner in ("ada", "bob"):
            assert store.deletion.restore(owner, [mine.id]) == []
            assert store.runs.visible([mine.id]) == set()
        assert [one.run_id for one in store.deletion.restorable(None)] == [mine.id]
        assert store.deletion.restore(None, [mine.id]) == [mine.id]
        assert ids(store, "bob") == [mine.id]

    def test_whoever_deleted_it_last_any_of_its_owners_brings_it_back(self, store: Store) -> None:
        mine = finished(store)
        add(store, "bob")
        store.deletion.delete("ada", [mine.id])
        store.deletion.delete("bob", [mine.id])
        assert store.deletion.restore("ada", [mine.id]) == [mine.id]
        assert (ids(store, "ada"), ids(store, "bob")) == ([mine.id], [])
        assert store.deletion.restore("bob", [mine.id]) == [mine.id]
        assert ids(store, "bob") == [mine.id]

    def test_what_can_be_brought_back_is_listed_by_deletion(self, store: Store) -> None:
        first, second, third = (finished(store, seed=seed) for seed in range(3))
        store.library.annotate("ada", first.id, name="Tiny")
        store.deletion.delete("ada", [first.id, second.id])
        store.deletion.delete("ada", [third.id])
        found = store.deletion.restorable("ada")
        assert [(one.run_id, one.name, one.batch_size) for one in found] == [
            (third.id, "", 32), (second.id, "", 32), (first.id, "Tiny", 32),
        ]  # fmt: skip
        assert found[0].at > found[1].at == found[2].at
        assert store.deletion.restorable("bob") == store.deletion.restorable(None) == []
        store.deletion.restore("ada", [third.id])
        assert [one.run_id for one in store.deletion.restorable("ada")] == [second.id, first.id]

    def test_it_is_known_what_stays_because_others_have_it(self, store: Store) -> None:
        shared, own = finished(store), finished(store, seed=1)
        add(store, "bob")
        assert store.deletion.kept_by_others("ada", [shared.id, own.id]) == {shared.id}
        store.deletion.delete("bob", [shared.id])
        assert store.deletion.kept_by_others("ada", [shared.id, own.id]) == set()

    def test_the_administrator_sees_every_run_once_also_when_its_maker_deleted_it(self, store: Store) -> None:
        mine = finished(store)
        for owner in ("bob", "cleo"):
            add(store, owner)
        assert ids(store, None) == [mine.id]
        assert store.library.usage(None).runs == 1
        store.deletion.delete("ada", [mine.id])
        store.deletion.purge(time.time() + 1)
        assert ids(store, None) == [mine.id]

    def test_a_deleted_run_that_waits_or_trains_is_stopped(self, store: Store) -> None:
        trains = add(store)
        store.queue.claim("runner")
        waits = add(store, seed=1)
        store.deletion.delete("ada", [trains.id, waits.id])
        assert store.queue.claim("runner") is None
        assert store.attempts.append(trains.id, 1, report())  # told to stop
        store.attempts.finish(trains.id, 1, outcome(Status.STOPPED))
        with pytest.raises(StaleAttempt):
            store.attempts.append(trains.id, 1, report())

    def test_purging_leaves_nothing_of_what_was_deleted_long_ago(self, store: Store) -> None:
        old, kept = finished(store), finished(store, seed=1)
        store.deletion.delete("ada", [old.id])
        assert store.deletion.purge(time.time() - 60) == 0
        assert store.deletion.purge(time.time() + 1) == 1
        assert store.deletion.restore("ada", [old.id]) == []
        assert ids(store) == [kept.id]
        with store.database.reading() as connection:
            for table in (run, attempt, entry):
                assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 1


def imported(store: Store, spec: RunSpec = SPEC) -> Run:
    return store.runs.add_imported(
        "ada",
        spec,
        source=Source.ARCHIVE,
        title="From afar",
        status=Status.DONE,
        reason="",
        final={"val_loss": 0.2},
        progress=Progress(10, 320, 0.4, 0.1),
        epochs=rows(
            (
                "updates",
                "examples",
                "seconds",
                "loss",
                "metric",
                "train_loss",
                "train_metric",
                "val_loss",
                "val_metric",
            ),
            0,
            3,
        ),
        updates=rows(("loss", "metric", "batch_size", "learning_rate"), 0, 10),
        name="mine",
    )


class TestImported:
    def test_it_is_read_like_any_other(self, store: Store) -> None:
        taken = imported(store)
        assert (taken.source, taken.title, taken.status) == (Source.ARCHIVE, "From afar", Status.DONE)
        assert store.runs.get(taken.id) == taken
        assert store.series.whole([taken.id], "updates")[taken.id]["loss"].tolist() == list(range(10))
        assert store.library.entries("ada", [taken.id])[taken.id].name == "mine"
        assert ids(store, words=words("afar")) == [taken.id]

    def test_it_answers_nobody(self, store: Store) -> None:
        taken = imported(store)
        assert store.queue.add([SPEC], "bob", "imported")[0].id != taken.id


class TestBoards:
    def board(self, store: Store, runs: list[str], **changes: object) -> object:
        given = {"name": "B", "text": "t", "runs": runs, "names": {runs[0]: "Tiny"}, "view": {"x": "updates"}}
        return store.boards.save("ada", **(given | changes))  # type: ignore[arg-type]

    def test_a_board_is_read_by_anybody_who_has_its_id(self, store: Store) -> None:
        mine = finished(store)
        saved = self.board(store, [mine.id])
        assert store.boards.get(saved.id) == saved
        assert saved.runs == (mine.id,)
        assert saved.names == {mine.id: "Tiny"}
        assert store.boards.owned_by("ada") == [saved]
        assert store.boards.owned_by("bob") == []

    def test_only_its_author_changes_it(self, store: Store) -> None:
        first, second = finished(store), finished(store, seed=1)
        saved = self.board(store, [first.id])
        changed = self.board(store, [second.id, first.id], name="C", board_id=saved.id)
        assert (changed.id, changed.name, changed.runs) == (saved.id, "C", (second.id, first.id))
        for wrong in (
            lambda: store.boards.save(
                "eve", name="x", text="", runs=["a"], names={}, view={}, board_id=saved.id
            ),
            lambda: store.boards.delete("eve", saved.id),
        ):
            with pytest.raises(StoreError, match="not yours"):
                wrong()

    def test_deleting_it_is_undone(self, store: Store) -> None:
        mine = finished(store)
        saved = self.board(store, [mine.id])
        store.boards.delete("ada", saved.id)
        assert store.boards.showing([mine.id]) == {}
        with pytest.raises(StoreError, match="There is no board"):
            store.boards.get(saved.id)
        store.boards.restore("ada", saved.id)
        assert store.boards.get(saved.id) == saved

    def test_it_is_known_which_boards_show_a_run_and_a_board_outlives_its_runs(self, store: Store) -> None:
        first, second = finished(store), finished(store, seed=1)
        saved = self.board(store, [first.id])
        assert store.boards.showing([first.id, second.id]) == {first.id: [saved]}
        store.deletion.delete("ada", [first.id])
        store.deletion.purge(time.time() + 1)
        assert store.boards.get(saved.id).runs == (first.id,)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": " "},
            {"name": "x" * 121},
            {"text": "x" * 5001},
            {"runs": [str(i) for i in range(MAX_RUNS_SHOWN + 1)]},
        ],
    )
    def test_what_is_no_board_is_refused(self, store: Store, wrong: dict[str, object]) -> None:
        with pytest.raises(StoreError, match="expected"):
            self.board(store, **({"runs": ["a"]} | wrong))  # type: ignore[arg-type]


class TestUploads:
    def upload(self, store: Store, owner: str = "ada", outputs: int = 1) -> object:
        x = np.arange(12, dtype=np.float32).reshape(4, 3)
        y = (
            np.arange(4, dtype=np.float32)[:, None]
            if outputs == 1
            else np.arange(4, dtype=np.int32) % outputs
        )
        about = {"explanation": ["a"], "columns": ["x", "y", "z"], "target": "t", "classes": ["no", "yes"]}
        return store.uploads.add(owner, "mine", x, y, outputs=outputs, **about)  # type: ignore[arg-type]

    def test_what_was_done_with_its_columns_comes_back_as_it_was_told(self, store: Store) -> None:
        done = ("An older sentence.", NoHeadings(), LeftOutColumns((LeftOut("id", Reason.COUNTS_ROWS),)))
        x, y = np.zeros((4, 3), np.float32), np.zeros((4, 1), np.float32)
        kept = store.uploads.add(
            "ada", "mine", x, y, outputs=1, explanation=done, columns=["x", "y", "z"], target="t"
        )
        assert kept.explanation == store.uploads.get(kept.id).explanation == done

    @pytest.mark.parametrize(("outputs", "shape", "kind"), [(1, (4, 1), np.float32), (2, (4,), np.int32)])
    def test_arrays_come_back_bit_for_bit(
        self, store: Store, outputs: int, shape: tuple[int, ...], kind: type
    ) -> None:
        kept = self.upload(store, outputs=outputs)
        x, y, *rule = store.uploads.arrays(kept.id)
        assert rule == [None, False], "what says nothing of it is as older data"
        assert x.tolist() == np.arange(12).reshape(4, 3).tolist()
        assert (x.dtype, y.dtype, y.shape) == (np.float32, kind, shape)
        data = datasets.find(kept.dataset)
        assert (data.rows, data.inputs, data.outputs, data.origin) == (4, 3, outputs, "own")

    def test_how_a_run_standardises_it_comes_back(self, store: Store) -> None:
        x, y = np.full((4, 3), np.nan, np.float32), np.zeros((4, 1), np.float32)
        kept = store.uploads.add(
            "ada", "mine", x, y, outputs=1, explanation=(), columns=["x", "y", "z"], target="t",
            standardised=(True, False, False, True), in_order=True,
        )  # fmt: skip
        assert (kept.over_training_rows, kept.in_order) == (True, True)
        data = store.uploads.arrays(kept.id)
        assert data.standardised is not None
        assert (data.standardised.tolist(), data.in_order) == ([True, False, False, True], True)
        assert np.isnan(data.x).all()

    def test_it_is_its_visitors_until_deleted(self, store: Store) -> None:
        kept = self.upload(store)
        assert store.uploads.owned_by("ada") == [kept]
        assert store.uploads.owned_by("bob") == []
        with pytest.raises(StoreError, match="not among yours"):
            store.uploads.delete("bob", kept.id)
        store.uploads.delete("ada", kept.id)
        assert store.uploads.owned_by("ada") == []
        for gone in (store.uploads.get, store.uploads.arrays):
            with pytest.raises(StoreError, match="not here any more"):
                gone(kept.id)
        store.uploads.restore("ada", kept.id)
        assert store.uploads.get(kept.id) == kept
