"""The page to choose from, as data: what is offered, that its numbers are the recorded ones, its verdicts those of
`analysis`, and its size. For its life see tests/browser/test_demo.py."""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from batchviz.analysis.comparison import compare
from batchviz.analysis.pace import Clocks, network
from batchviz.errors import BatchVizError
from batchviz.experiment import datasets
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.moments import moments
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Progress, Run, Source, Status
from batchviz.experiment.series import SERIES, Series, merged
from batchviz.experiment.spec import BatchSize, RunSpec
from batchviz.exporters import EXPORTS, demo
from batchviz.exporters.demo import Frame
from batchviz.exporters.limits import MAX_DEMO_BYTES
from batchviz.frontend.payload import about
from batchviz.text.comparison import sentences
from tests.analysis.recorded import clock
from tests.exporters.selection import MemorySelection, run, trained
from tests.exporters.test_html import HOSTILE, Page

SIZES: tuple[BatchSize, ...] = (8, 32, "full")
RATES = (0.001, 0.01)
MISSING = ("full", 0.01)
"""The point of the grid that was not trained."""


def grid(datasets: Sequence[str] = ("random", "teacher"), seeds: int = 3) -> MemorySelection:
    """Every seed a value of its own, lower for smaller batches and larger rates."""
    entries, rows = [], {}
    for dataset in datasets:
        for size in SIZES:
            for rate in RATES:
                for seed in range(seeds):
                    if (size, rate) == MISSING:
                        continue
                    spec = RunSpec(dataset=dataset, batch_size=size, learning_rate=rate, seed=seed, budget=2)
                    made = run(spec.hash[:12], spec)
                    rows[made.id] = _rows(made, seed)
                    entries.append(LibraryEntry(made))
    selection = MemorySelection(entries, rows)
    keys = {network(entry.run) or "" for entry in entries}
    selection.known = {ClockPath.LOOP: {key: clock(network=key) for key in keys}}
    return selection


def _rows(made: Run, seed: int) -> dict[str, Series]:
    rows = trained(epochs=3)
    updates = made.plan.first.updates
    rows["epochs"]["updates"] = np.arange(3, dtype=np.float32) * updates
    rows["epochs"]["examples"] = np.arange(3, dtype=np.float32) * made.plan.training_rows
    inside = np.array([1, 2, 3], np.float32)
    rows["measured"]["updates"] = np.minimum(inside, updates - 0.5).astype(np.float32)
    if updates > 3:
        rows["measured"]["updates"] = inside
        rows["measured"]["examples"] = inside * np.float32(made.plan.first.batch_size)
    else:
        rows["measured"] = {name: column[:0] for name, column in rows["measured"].items()}
    scale = np.float32((0.1 + updates**-0.3 / (1000 * made.spec.learning_rate) ** 0.1) * (1 + 0.01 * seed))
    for kind in ("epochs", "measured"):
        count = len(rows[kind]["updates"])
        rows[kind]["val_loss"] = (scale / np.arange(1, count + 1)).astype(np.float32)
    return rows


def written(selection: MemorySelection, frame: Frame = demo.NO_FRAME) -> str:
    return b"".join(demo.demo(selection, frame)).decode()


def document(text: str) -> dict[str, Any]:
    packed = base64.b64decode(Page(text).texts["batchviz-demo"])
    told: dict[str, Any] = json.loads(gzip.decompress(packed), parse_constant=pytest.fail)
    return told


@pytest.fixture(scope="module")
def selection() -> MemorySelection:
    return grid()


@pytest.fixture(scope="module")
def text(selection: MemorySelection) -> str:
    return written(selection)


@pytest.fixture(scope="module")
def told(text: str) -> dict[str, Any]:
    return document(text)


def test_exactly_what_was_recorded_is_offered(told: Mapping[str, Any]) -> None:
    assert told["setups"] == ["Random numbers", "Noisy teacher"]
    singles = [choice for choice in told["choices"] if choice["over"] == "nothing"]
    points = [(choice["setup"], choice["batch_size"], choice["learning_rate"]) for choice in singles]
    recorded = {(at, str(size), str(rate)) for at in (0, 1) for size in SIZES for rate in RATES}
    assert set(points) == recorded - {(at, str(MISSING[0]), str(MISSING[1])) for at in (0, 1)}
    assert len(points) == len(set(points))
    races = [choice for choice in told["choices"] if choice["over"] == "batch_size" and choice["setup"] == 0]
    assert [(race["learning_rate"], len(race["runs"])) for race in races] == [("0.001", 9), ("0.01", 6)]
    over_rates = [choice["batch_size"] for choice in told["choices"] if choice["over"] == "learning_rate"]
    assert over_rates == ["8", "32"] * 2, "full has one rate, which is no race"
    assert told["choices"][told["first"]]["over"] == "batch_size"


def test_the_numbers_are_those_that_were_recorded(
    told: Mapping[str, Any], selection: MemorySelection
) -> None:
    assert list(told["runs"]) == [entry.run.id for entry in selection.entries]
    for entry in selection.entries:
        rows, run_told = selection.rows[entry.run.id], told["runs"][entry.run.id]
        every = merged(rows["epochs"], rows["measured"])
        for name in ("updates", "train_loss", "val_loss", "val_metric"):
            assert np.allclose(run_told["epochs"][name], every[name], rtol=1e-6), "to seven digits"
        updates = np.frombuffer(base64.b64decode(run_told["updates"]["loss"]), "<f4")
        assert np.array_equal(updates, rows["updates"]["loss"] if entry.run.spec.seed == 0 else [])


def test_the_verdicts_are_those_of_the_analysis(told: Mapping[str, Any], selection: MemorySelection) -> None:
    runs = {entry.run.id: entry.run for entry in selection.entries}
    series = {run_id: merged(rows["epochs"], rows["measured"]) for run_id, rows in selection.rows.items()}
    clocks = Clocks(ClockPath.LOOP, selection.known[ClockPath.LOOP])
    units = set()
    for choice in told["choices"]:
        chosen = [runs[run_id] for run_id in choice["runs"]]
        for verdict in choice["findings"]:
            unit = None if verdict["unit"] == "end" else verdict["unit"]
            comparison = compare(chosen, series, unit=unit, clocks=clocks)
            assert " ".join([verdict["headline"], verdict["evidence"]]).strip() == " ".join(
                sentences(comparison)
            )
            assert verdict["at"] == (None if unit is None else comparison.budget)
            units.add(verdict["unit"])
    assert units == {"end", "updates", "seconds"}
    assert told["choices"][0]["findings"][0]["headline"].startswith("After 2 epochs, B = 8 has the lowest")


def test_runs_look_in_each_choice_as_on_the_page(told: Mapping[str, Any]) -> None:
    race = next(choice for choice in told["choices"] if choice["over"] == "batch_size")
    assert [look["label"] for look in race["looks"].values()] == ["B = 8", "B = 32", "B = full"]
    rates = next(choice for choice in told["choices"] if choice["over"] == "learning_rate")
    assert [look["label"] for look in rates["looks"].values()] == ["lr 0.001", "lr 0.01"]
    assert len({look["color"]["light"] for look in rates["looks"].values()}) == 2


def test_what_is_trained_in_the_page_is_what_was_recorded(told: Mapping[str, Any]) -> None:
    spec = RunSpec(dataset="teacher", budget=2)
    x, y = datasets.load(spec.dataset, spec.rows, spec.noise, spec.data_seed)
    setup = told["trainable"][1]
    assert np.array_equal(np.frombuffer(base64.b64decode(setup["x"]), "<f4"), x.ravel())
    assert np.array_equal(np.frombuffer(base64.b64decode(setup["y"]), "<f4"), y.ravel())
    assert (setup["task"], setup["widths"], setup["training_rows"]) == ("regression", [10, 16, 1], 800)
    assert (setup["optimizer"], setup["amount"]) == ("adam", "3 seeds, 2 epochs each")
    assert list(setup["seeds"]) == ["0", "1", "2"], "those that were recorded"
    sizes = {size["name"]: size for size in setup["sizes"]}
    assert list(sizes)[:6] == ["1", "2", "3", "4", "6", "8"]
    assert sizes["full"]["examples"] == 800
    assert sizes["24"]["plan"] == about(run("a", spec.replace(batch_size=24)))["plan"]
    assert sizes["24"]["moments"] == list(moments(plan_for(spec.replace(batch_size=24))))
    [race] = [c for c in told["choices"] if c["over"] == "batch_size" and c["setup"] == 1][:1]
    looks = {look["label"].removeprefix("B = "): look["color"] for look in race["looks"].values()}
    assert {name: sizes[name]["color"] for name in looks} == looks, "a batch size has one colour"


@pytest.mark.parametrize(
    "spec",
    [
        RunSpec(dataset="digits", model="convnet"),
        RunSpec(dropout=0.1),
        RunSpec(batch_norm=True),
        RunSpec(batch_schedule=((3, 64),)),
        RunSpec(accumulation=2),
        RunSpec(learning_rate_rule="linear"),
        RunSpec(budget_unit="seconds", budget=1),
        RunSpec(budget_unit="examples", budget=1000),
        RunSpec(rows=50_000),
        RunSpec(hidden=(512, 512)),
        RunSpec(dataset=f"own.{'a' * 16}.442x10.1", rows=442),
    ],
    ids=lambda spec: spec.group[:6],
)
def test_what_the_page_cannot_train_alike_is_not_offered(spec: RunSpec) -> None:
    assert demo.trainable.trainable([run("a", RunSpec())])
    assert demo.trainable.trainable([run("a", spec)]) is None


def test_a_history_from_elsewhere_is_not_trained_again() -> None:
    assert demo.trainable.trainable([run("a", RunSpec(), source=Source.HISTORY, title="Theirs")]) is None


def test_the_page_says_what_recorded_it_and_asks_for_nothing(text: str) -> None:
    assert "Recorded on 14 November 2023 with TensorFlow 2.21.0, Keras 3.15.1 and NumPy 2.4.6" in text
    assert "connect-src &#39;none&#39;" in text
    assert "default-src &#39;none&#39;" in text


def test_the_authors_words_are_text_and_the_link_a_picture() -> None:
    frame = Frame(HOSTILE, HOSTILE, "https://example.org/?a=1&b=<2>", f"batchviz demo --title {HOSTILE}")
    page, plain = (
        Page(written(grid(["random"], 1), frame)),
        Page(written(grid(["random"], 1), Frame("a", "b", "c", "d"))),
    )
    assert page.tags == plain.tags
    assert "svg" in page.tags
    assert page.texts["h1"].startswith(HOSTILE)


def test_long_trainings_are_told_in_fewer_buckets_until_the_file_is_small_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long, rng = grid(["random"], 1), np.random.default_rng(0)
    for entry in long.entries:
        object.__setattr__(entry.run, "progress", Progress(2500))
        long.rows[entry.run.id] = {  # type: ignore[index]
            **long.rows[entry.run.id],
            "updates": {name: rng.random(2500, np.float32) for name in SERIES["updates"].names},
        }
    whole = len(written(long))
    monkeypatch.setattr(demo, "MAX_DEMO_BYTES", whole - 20_000)
    smaller = written(long)
    assert whole < MAX_DEMO_BYTES
    assert len(smaller) <= whole - 20_000
    monkeypatch.setattr(demo, "MAX_DEMO_BYTES", 100_000)
    with pytest.raises(BatchVizError, match=r"The file would have 0\.\d+ MB; expected at most 0\.1\."):
        written(long)


def test_runs_from_elsewhere_unfinished_and_empty_ones_can_be_chosen_as_well() -> None:
    own, broken, note = RunSpec(), RunSpec(seed=1), "Recorded in May."
    entries = [
        LibraryEntry(run("own", own)),
        LibraryEntry(run("running", RunSpec(batch_size=8), status=Status.RUNNING, finished=None)),
        LibraryEntry(run("failed", broken, status=Status.FAILED, reason="No memory.", finished=None)),
        LibraryEntry(run("theirs", own, source=Source.HISTORY, title="From a notebook", finished=None)),
        LibraryEntry(run("archived", own, source=Source.ARCHIVE, title="A colleague's", finished=None), note=note),
    ]  # fmt: skip
    selection = MemorySelection.from_entries(*entries)
    selection.rows["failed"] = {kind: SERIES[kind].empty() for kind in SERIES}  # type: ignore[index]
    text = written(selection)
    told = document(text)
    assert told["setups"] == ["Random numbers", "From a notebook", "A colleague's"]
    assert {run_id for choice in told["choices"] for run_id in choice["runs"]} == set(told["runs"])
    assert told["runs"]["running"]["status"] == "stopped"
    assert told["choices"][0]["findings"][0]["headline"]
    assert note in text


def test_it_is_in_the_menu() -> None:
    assert EXPORTS["demo"].write is demo.demo
