"""Lists of runs: sorted, filtered, searched and grouped as plain Python does it over what the page shows."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from batchviz.experiment.columns import COLUMNS, FLAGS, MEASURED, NUMBERS, SETTINGS, differing
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.query import ORDERS, Condition, Query
from batchviz.experiment.records import Progress, Source, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.store import Store
from batchviz.store.tables import HEAD, listing
from batchviz.text.numbers import number
from batchviz.text.run_columns import HEADINGS, value_text
from batchviz.text.run_search import read_search
from batchviz.ui.runs.columns import values

RUNS = 200
ADA = "ada"
EVERYTHING = Query(page_size=10 * RUNS)


def random_spec(chance: random.Random) -> RunSpec:
    """One of some hundred experiments, in every field of which some differ."""
    while True:
        given: dict[str, Any] = {
            "dataset": chance.choice(["random", "teacher", "digits"]),
            "batch_size": chance.choice([1, 8, 32, 80, "full"]),
            "batch_schedule": chance.choice(["", "", "3:64", "3:128, 5:full", "2:64, 4:2"]),
            "accumulation": chance.choice([1, 1, 4]),
            "optimizer": chance.choice(["sgd", "momentum", "adam"]),
            "learning_rate": chance.choice([0.01, 0.001, 0.015]),
            "learning_rate_rule": chance.choice(["fixed", "linear"]),
            "hidden": chance.choice(["16", "64, 32"]),
            "dropout": chance.choice([0, 0, 0.5]),
            "batch_norm": chance.choice([False, True]),
            "budget": chance.choice([10, 20]),
            "seed": chance.randrange(4),
        }
        few = chance.random() < 0.7  # so that there are groups of several seeds
        if few:
            given = {"batch_size": given["batch_size"], "dataset": given["dataset"], "seed": given["seed"]}
        return RunSpec.parse(given)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[LibraryEntry]]]:
    """A few hundred runs of all kinds, and everything that the store tells of them."""
    chance = random.Random(0)
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('listing') / 'batchviz.db'}")
    for place in range(RUNS):
        source = chance.choice([Source.ARCHIVE, Source.ARCHIVE, Source.HISTORY])
        status = chance.choice([Status.DONE] * 5 + [Status.STOPPED, Status.DIVERGED, Status.FAILED])
        loss = 10 ** chance.uniform(-3, 3)
        final = {"val_loss": loss, "train_loss": loss / 2, "val_metric": loss**0.5, "train_metric": loss}
        if chance.random() < 0.2:
            final = {}
        run = store.runs.add_imported(
            ADA, random_spec(chance), source=source, title=chance.choice(["", "École", "from school"]), status=status,
            reason="", final=final, progress=Progress(chance.randrange(5000), 8000, 10, 10 * chance.random()),
            name=chance.choice(["", "", "Straße", f"try {place}"]),
            epochs=SERIES["epochs"].empty(), updates=SERIES["updates"].empty(),
        )  # fmt: skip
        if chance.random() < 0.2:
            store.library.annotate(ADA, run.id, note="a longer look", tags=["week 3"], favourite=True)
    entries = list(store.library.page(ADA, EVERYTHING).entries)
    assert len(entries) == RUNS
    yield store, entries
    store.close()


def ids(entries: Any) -> list[str]:
    return [entry.run.id for entry in entries]


def found(store: Store, **query: Any) -> list[str]:
    return ids(store.library.page(ADA, replace(EVERYTHING, **query)).entries)


def in_python(entries: list[LibraryEntry], order: str, *, reverse: bool) -> list[str]:
    """Newest first within equals, what has no value last."""
    keys: dict[str, Callable[[LibraryEntry], Any]] = {
        "name": lambda entry: entry.name.lower() or None,
        "favourite": lambda entry: not entry.favourite,
    }
    key = keys.get(order, lambda entry: values(entry)[order])
    having = [entry for entry in entries if key(entry) is not None]
    lacking = [entry for entry in entries if key(entry) is None]
    return ids([*sorted(having, key=key, reverse=reverse), *lacking])


@pytest.mark.parametrize("reverse", [False, True], ids=["", "reversed"])
@pytest.mark.parametrize("order", [order for order in ORDERS if order not in ("newest", "oldest")])
def test_every_column_sorts(library: tuple[Store, list[LibraryEntry]], order: str, reverse: bool) -> None:
    store, entries = library
    if reverse:  # Python keeps equals in their order either way
        keys = in_python(entries, order, reverse=True)
        assert found(store, order=order, reverse=True) == keys
    else:
        assert found(store, order=order) == in_python(entries, order, reverse=False)


def test_newest_and_oldest_are_each_others_reverse(library: tuple[Store, list[LibraryEntry]]) -> None:
    store, entries = library
    assert found(store) == ids(entries) == found(store, order="oldest", reverse=True)
    assert found(store, order="oldest") == ids(entries)[::-1] == found(store, reverse=True)


@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_column_filters(library: tuple[Store, list[LibraryEntry]], data: st.DataObject) -> None:
    store, entries = library
    told = [values(entry) for entry in entries]
    conditions = []
    for column in data.draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=3, unique=True)):
        occurring = sorted({row[column] for row in told} - {None}, key=str)
        if column in NUMBERS and data.draw(st.booleans()):
            low, high = sorted(data.draw(st.tuples(*[st.sampled_from(occurring)] * 2)))
            conditions.append(Condition(column, low=low, high=high))
        else:
            chosen = data.draw(st.lists(st.sampled_from([*occurring, None]), min_size=1, max_size=3))
            conditions.append(Condition(column, tuple(chosen)))

    def meets(row: dict[str, Any]) -> bool:
        return all(
            row[one.column] in one.values if one.values
            else row[one.column] is not None and one.low <= row[one.column] < one.high
            for one in conditions
        )  # fmt: skip

    expected = [entry.run.id for entry, row in zip(entries, told, strict=True) if meets(row)]
    assert found(store, conditions=tuple(conditions)) == expected


def searched(store: Store, words: str) -> list[str]:
    return found(store, words=read_search(words, store.library.experiments(ADA)))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("growing", lambda entry, row: value_text("batch_schedule", row["batch_schedule"]).startswith("growing")),
        ("Shrinking", lambda entry, row: value_text("batch_schedule", row["batch_schedule"]).startswith("shrinking")),
        ("TEACHER", lambda entry, row: "teacher" in value_text("dataset", row["dataset"]).lower()),
        ("nesterov adam", lambda entry, row: False),
        ("momentum", lambda entry, row: row["optimizer"] == "momentum"),
        ("dropout", lambda entry, row: bool(row["dropout"])),
        ("accumulation sgd", lambda entry, row: row["accumulation"] == 4 and row["optimizer"] in ("sgd", "momentum")),
        ("full", lambda entry, row: bool(row["full_batch"]) or str(row["batch_schedule"]).endswith("full")),
        ("diverged", lambda entry, row: row["status"] == "diverged"),
        ("ecole", lambda entry, row: entry.run.title == "École"),
        ("STRASSE", lambda entry, row: entry.name == "Straße"),
        ("week 3 longer", lambda entry, row: "week 3" in entry.tags),
        ("history", lambda entry, row: entry.run.source is Source.HISTORY),
    ],
)  # fmt: skip
def test_words_are_found_as_the_page_shows_them(
    library: tuple[Store, list[LibraryEntry]], words: str, meant: Callable[[LibraryEntry, Any], bool]
) -> None:
    store, entries = library
    expected = [entry.run.id for entry in entries if meant(entry, values(entry))]
    assert searched(store, words) == expected


def test_no_part_of_an_id_is_found_and_a_whole_one_is(library: tuple[Store, list[LibraryEntry]]) -> None:
    store, entries = library
    for entry in entries[:20]:
        assert searched(store, entry.run.id) == [entry.run.id]
        assert searched(store, entry.run.id[:9]) == []


@given(st.floats(1e-3, 1e4, allow_nan=False), st.integers(0, 4))
@settings(max_examples=150)
def test_a_typed_number_finds_the_measured_ones_that_show_it(value: float, decimals: int) -> None:
    typed = f"{value:.{decimals}f}"
    [word] = read_search(typed, [])
    [loss] = [one for one in word.conditions if one.column == "val_loss"]
    assert loss.high is not None
    assert loss.low is not None
    target = float(typed)
    for candidate in (target, *(target * (1 + step / 2000) for step in range(-60, 61, 4))):
        rounded = float(number(candidate).replace(",", "").replace("−", "-"))
        finest = 1.0 if target >= 100 else 10.0 ** (math.floor(math.log10(target)) - 2) if target else 1e-12
        start = round(target / finest) * finest if target else 0.0
        step = max(finest, 10.0**-decimals if decimals else 0.0)
        edge = min(abs(candidate - loss.low), abs(candidate - loss.high)) < finest / 50
        crosses = number(candidate) != number(target) and (rounded < 1e-4 or "e" in number(candidate))
        other_digits = (candidate >= 100) != (target >= 100) or math.floor(
            math.log10(candidate or 1)
        ) != math.floor(math.log10(target or 1))
        if edge or crosses or other_digits:
            continue  # at a boundary of rounding, or shown with other digits
        assert (loss.low <= candidate < loss.high) == (
            start - finest / 4 <= rounded < start + step - finest / 4
        )


@pytest.mark.parametrize("typed", ["8", "0.01", "32", "64", "0.5", "1,000", "3"])
def test_a_number_of_the_settings_is_found_whole(
    library: tuple[Store, list[LibraryEntry]], typed: str
) -> None:
    store, entries = library
    value = float(typed.replace(",", ""))
    settings_only = [name for name in SETTINGS if name in NUMBERS]

    def says(entry: LibraryEntry) -> bool:
        row = values(entry)
        if any(row[name] == value for name in settings_only):
            return True
        texts = [value_text(name, row[name]) for name in ("hidden", "batch_schedule")]
        if any(typed in text.replace(",", " ").split() for text in texts):
            return True
        if row["updates"] == value or typed in f"{entry.run.title} {entry.name} {entry.note} {entry.tags}":
            return True
        measured = [
            number(float(row[name])) for name in MEASURED if name != "updates" and row[name] is not None
        ]
        return any(text == typed or ("." in typed and text.startswith(typed)) for text in measured)

    assert searched(store, typed) == [entry.run.id for entry in entries if says(entry)]


def grouped(entries: list[LibraryEntry]) -> dict[tuple[Any, ...], list[LibraryEntry]]:
    groups: dict[tuple[Any, ...], list[LibraryEntry]] = {}
    for entry in entries:
        key = (entry.run.spec.replace(seed=0), entry.run.source, entry.run.title)
        groups.setdefault(key, []).append(entry)
    return groups


@pytest.mark.parametrize("order", ORDERS)
def test_groups_are_those_of_one_experiment_with_means_over_what_is_done(
    library: tuple[Store, list[LibraryEntry]], order: str
) -> None:
    store, entries = library
    page = store.groups.page(ADA, replace(EVERYTHING, order=order))
    expected = {ids(group)[0]: group for group in grouped(entries).values()}
    assert (page.total, page.runs) == (len(expected), RUNS)
    assert {group.newest.run.id for group in page.groups} == set(expected)
    assert max(group.runs for group in page.groups) > 3
    for group in page.groups:
        runs = expected[group.newest.run.id]
        done = [values(entry) for entry in runs if entry.run.status is Status.DONE]
        assert (group.runs, group.done) == (len(runs), len(done))
        assert group.seeds == len({entry.run.spec.seed for entry in runs})
        for column in MEASURED:
            measured = [row[column] for row in done if row[column] is not None]
            spread = group.spreads.get(column)
            assert (spread is None) == (not measured)
            if spread:
                assert spread.mean == pytest.approx(statistics.fmean(measured))
                assert (spread.low, spread.high) == (min(measured), max(measured))
    if order in MEASURED:
        means = [group.spreads[order].mean for group in page.groups if order in group.spreads]
        assert means == sorted(means)
        assert all(order not in group.spreads for group in page.groups[len(means) :])
    elif order in SETTINGS and order not in (*FLAGS, "seed"):
        shared = [values(group.newest)[order] for group in page.groups]
        there = [value for value in shared if value is not None]
        assert shared == [*sorted(there), *[None] * (len(shared) - len(there))]


def test_the_members_of_a_group_are_those_that_are_found(library: tuple[Store, list[LibraryEntry]]) -> None:
    store, entries = library
    query = replace(EVERYTHING, conditions=(Condition("status", ("done",)),))
    done = [entry for entry in entries if entry.run.status is Status.DONE]
    page = store.groups.page(ADA, query)
    members = store.groups.members(ADA, query, [group.experiment for group in page.groups])
    assert sorted(members.values()) == sorted(ids(group) for group in grouped(done).values())
    assert page.runs == len(done)


def test_settings_are_told_once_an_experiment(library: tuple[Store, list[LibraryEntry]]) -> None:
    store, entries = library
    told = store.library.experiments(ADA)
    assert len(told) == len(grouped(entries))
    names = [name for name in SETTINGS if name != "seed"]

    def texts(rows: Any) -> set[tuple[str, ...]]:
        return {tuple(str(row[name]) for name in names) for row in rows}

    assert texts(told) == texts(map(values, entries))
    assert {"batch_size", "optimizer", "batch_schedule", "budget"} <= set(differing(told))
    assert differing([row for row in told if row["optimizer"] == "adam" and row["batch_size"] == 8][:1]) == []


def test_every_field_of_a_spec_is_a_column() -> None:
    assert set(RunSpec.model_fields) <= set(SETTINGS)
    assert set(SETTINGS) <= set(listing.c.keys())
    assert set(HEADINGS) == set(COLUMNS)


def test_rows_of_another_reading_are_made_anew(store: Store, url: str) -> None:
    run = store.queue.add([RunSpec(learning_rate=0.25)], ADA, "here")[0]
    with store.database.writing() as connection:
        connection.execute(update(listing).values(version=-1, learning_rate=9.0))
    again = Store(url)
    with again.database.reading() as connection:
        assert connection.execute(select(listing.c.learning_rate)).scalars().all() == [0.25]
    with store.database.writing() as connection:
        connection.execute(text("DELETE FROM listing"))
    assert again.library.page(ADA).total == 0
    again.close()
    once_more = Store(url)
    assert ids(once_more.library.page(ADA).entries) == [run.id]
    once_more.close()


def test_an_old_database_is_listed_too(tmp_path: Path) -> None:
    old = Path(__file__).parent / "old/0.1.0.db"
    path = tmp_path / "batchviz.db"
    path.write_bytes(old.read_bytes())
    store = Store(f"sqlite:///{path}")
    assert HEAD >= "0006"
    for entry in store.library.page(ADA, EVERYTHING).entries:
        assert entry.run.id in searched(store, entry.run.id)
        assert entry.run.id not in searched(store, entry.run.id[:9])
        seed = Condition("seed", (entry.run.spec.seed,))
        assert entry.run.id in found(store, conditions=(seed,))
    store.close()
