"""TensorBoard: its own reader finds every run, tag, step, value and time in the zip."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Progress, Source, Status
from batchviz.experiment.spec import RunSpec
from batchviz.exporters import EXPORTS, scalars
from batchviz.exporters.tensorboard import folder
from tests.exporters.selection import MemorySelection, run, trained


def opened(selection: MemorySelection, path: Path) -> dict[str, EventAccumulator]:
    """The reader of each folder, by name."""
    with zipfile.ZipFile(io.BytesIO(b"".join(EXPORTS["tensorboard"].write(selection)))) as archive:
        assert archive.testzip() is None
        archive.extractall(path)
    readers = {name.name: EventAccumulator(str(name), {"scalars": 0}) for name in sorted(path.iterdir())}
    for reader in readers.values():
        reader.Reload()
    return readers


def test_every_number_comes_back_at_its_step(tmp_path: Path) -> None:
    selection = MemorySelection.from_entries(
        LibraryEntry(run("first1")), LibraryEntry(run("second", RunSpec(seed=1)))
    )
    readers = opened(selection, tmp_path)
    assert list(readers) == ["B = 32, seed 0 (first1)", "B = 32, seed 1 (second)"]
    for run_id, reader in zip(("first1", "second"), readers.values(), strict=True):
        rows = selection.rows[run_id]
        for column, tag in (("val_loss", "epoch/loss/validation"), ("train_metric", "epoch/mae/train")):
            events = reader.Scalars(tag)
            assert [event.step for event in events] == [0, 1, 2]
            assert np.array_equal(np.float32([event.value for event in events]), rows["epochs"][column])
        running = reader.Scalars("epoch/loss/running_mean")
        assert [event.step for event in running] == [1, 2]
        updates = reader.Scalars("update/loss")
        assert [event.step for event in updates] == list(range(1, 51))
        assert np.array_equal(np.float32([event.value for event in updates]), rows["updates"]["loss"])


def test_time_is_the_start_plus_training_seconds(tmp_path: Path) -> None:
    selection = MemorySelection.from_entries(LibraryEntry(run(started=1_700_000_010.0)))
    (reader,) = opened(selection, tmp_path).values()
    events = reader.Scalars("epoch/loss/validation")
    assert [event.wall_time for event in events] == pytest.approx(
        [1_700_000_010 + t for t in (0, 0.025, 0.05)], abs=1e-6
    )
    update = reader.Scalars("update/loss")[9]
    assert (update.step, update.wall_time) == (10, pytest.approx(1_700_000_010.010, abs=1e-6))


def test_a_setting_is_written_where_it_changes(tmp_path: Path) -> None:
    selection = MemorySelection.from_entries(LibraryEntry(run()))
    selection.rows["AbCdEf12345"]["updates"]["batch_size"][:] = [32] * 30 + [64] * 20  # type: ignore[index]
    (reader,) = opened(selection, tmp_path).values()
    assert [(event.step, event.value) for event in reader.Scalars("update/batch_size")] == [(1, 32), (31, 64)]


def test_divergence_is_kept_and_what_was_never_measured_has_no_curve(tmp_path: Path) -> None:
    selection = MemorySelection.from_entries(LibraryEntry(run(status=Status.DIVERGED)))
    rows = selection.rows["AbCdEf12345"]["epochs"]
    rows["train_loss"][:] = [1, np.inf, np.nan]
    rows["val_loss"][:] = rows["val_metric"][:] = np.nan
    (reader,) = opened(selection, tmp_path).values()
    assert [event.value for event in reader.Scalars("epoch/loss/train")] == pytest.approx(
        [1, np.inf, np.nan], nan_ok=True
    )
    assert "epoch/loss/validation" not in reader.Tags()["scalars"]


def test_the_settings_that_differ_are_hyperparameters(tmp_path: Path) -> None:
    from tensorboard.plugins.hparams import plugin_data_pb2

    full = LibraryEntry(run("first1", RunSpec(batch_size="full", hidden=(8, 4))))
    for reader, size, hidden in zip(
        opened(MemorySelection.from_entries(full, LibraryEntry(run("second"))), tmp_path).values(),
        (32, 800),
        ("[16]", "[8, 4]"),
        strict=True,
    ):
        content = reader.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
        settings = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info.hparams
        assert set(settings) == {"batch_size", "hidden", "learning_rate", "optimizer", "seed"}
        assert settings["batch_size"].number_value == size
        assert settings["hidden"].string_value == hidden


def test_a_history_without_times_and_updates_can_be_read(tmp_path: Path) -> None:
    entry = LibraryEntry(run("history", source=Source.HISTORY, title="Keras, Monday", started=None))
    selection = MemorySelection([entry], {"history": trained(3, 0)})
    for name in ("updates", "examples", "seconds"):
        selection.rows["history"]["epochs"][name][:] = np.nan  # type: ignore[index]
    ((name, reader),) = opened(selection, tmp_path).items()
    assert name == "Keras, Monday (history)"
    assert [event.wall_time for event in reader.Scalars("epoch/loss/validation")] == [1_700_000_000] * 3


def test_of_a_very_long_run_every_so_many_updates_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scalars, "MAX_UPDATES", 10)
    entry = LibraryEntry(run(progress=Progress(updates=50)))
    (reader,) = opened(MemorySelection.from_entries(entry), tmp_path).values()
    assert [event.step for event in reader.Scalars("update/loss")] == [1, *range(5, 51, 5)]


@pytest.mark.parametrize(
    "name", ["../../etc", "a/b\\c", "CON:", "<img src=x>", "\x00", "…", " . ", "x" * 200]
)
def test_no_name_leaves_its_folder(name: str) -> None:
    made = folder(LibraryEntry(run("first1"), name=name))
    assert made.endswith(" (first1)")
    assert len(made) <= 70
    assert not set(made) & set('/\\:*?"<>|\x00')
    assert not made.startswith((".", " "))


def test_runs_are_handed_on_one_after_the_other() -> None:
    entries = [LibraryEntry(run(f"run_{number:03}")) for number in range(5)]
    rows = trained(epochs=2, updates=9000)
    selection = MemorySelection(entries, dict.fromkeys((entry.run.id for entry in entries), rows), piece=3000)
    body = EXPORTS["tensorboard"].write(selection)
    while sum(len(part) for part in [next(body) for _ in range(3)]) < 1000:
        pass
    assert {run_id for run_id, *_ in selection.read} == {"run_000"}
