"""Any selection as TensorBoard event files: a zip with a folder a run, written without TensorFlow.

    unzip batchviz-3-runs-tensorboard.zip -d logs && tensorboard --logdir logs

What the steps and times of its points are: exporters.scalars. The HPARAMS tab shows what differs.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Set
from itertools import chain
from typing import TYPE_CHECKING

from batchviz.experiment.library import LibraryEntry
from batchviz.experiment.records import Run
from batchviz.exporters.columns import run_title, settings
from batchviz.exporters.scalars import Scalars, epoch_scalars, start, update_scalars
from batchviz.exporters.selection import Selection
from batchviz.exporters.streaming import zipped

if TYPE_CHECKING:
    from tensorboardX.proto.event_pb2 import Event

ALWAYS = frozenset({"batch_size", "learning_rate", "optimizer", "seed"})
"""Hyperparameters to show beside those that differ between the runs; all twenty would bury them."""
EVENTS_AT_ONCE = 2048
_NOT_IN_A_PATH = re.compile(r"[^\w .,=()+-]+")


def tensorboard(selection: Selection) -> Iterator[bytes]:
    """The zip, one run after the other."""
    every = [settings(entry.run) for entry in selection.entries]
    names = {name for settings_of_run in every for name in settings_of_run}
    columns = ALWAYS | {
        name for name in names if len({str(settings_of_run.get(name)) for settings_of_run in every}) > 1
    }
    return zipped(
        (f"{folder(entry)}/events.out.tfevents.{began:.0f}.batchviz", began, _file(selection, entry, columns))
        for entry in selection.entries
        for began in [start(entry.run)]
    )


def folder(entry: LibraryEntry) -> str:
    """The name that TensorBoard shows: readable, unique by the id at its end, and safe on every file system."""
    return f"{_NOT_IN_A_PATH.sub('_', run_title(entry))[:60].strip(' .') or 'run'} ({entry.run.id})"


def _file(selection: Selection, entry: LibraryEntry, columns: Set[str]) -> Iterator[bytes]:
    from tensorboardX.proto.event_pb2 import Event

    epochs = selection.whole(entry.run.id, "epochs")
    opening = Event(wall_time=start(entry.run), file_version="brain.Event:2")
    rows = list(epoch_scalars(entry.run, epochs))
    names = dict.fromkeys(name for row in rows for name in row.values if name.endswith("/validation"))
    events = chain(
        [opening],
        _settings(entry.run, columns, list(names)),
        map(_event, chain(rows, update_scalars(selection, entry, epochs))),
    )
    return _records(events)


def _event(scalars: Scalars) -> Event:
    from tensorboardX.proto.event_pb2 import Event

    event = Event(wall_time=scalars.moment, step=scalars.step)
    for name, value in scalars.values.items():
        event.summary.value.add(tag=name, simple_value=value)
    return event


def _settings(run: Run, columns: Set[str], measures: list[str]) -> Iterator[Event]:
    """What the HPARAMS tab shows of a run: its settings beside these measures."""
    from tensorboardX.proto.event_pb2 import Event
    from tensorboardX.summary import hparams

    plain = {
        name: value if isinstance(value, bool | int | float) else str(value)
        for name, value in settings(run).items()
        if name in columns
    }
    plain["batch_size"] = run.plan.first.batch_size  # a number also where it is "full", for its axes
    for summary in hparams(plain, dict.fromkeys(measures)):
        yield Event(wall_time=start(run), summary=summary)


def _records(events: Iterable[Event]) -> Iterator[bytes]:
    """Events in TensorFlow's record format: length, its checksum, content, its checksum."""
    from tensorboardX.record_writer import masked_crc32c

    waiting: list[bytes] = []
    for event in events:
        content = event.SerializeToString()
        length = struct.pack("<Q", len(content))
        for part in (length, content):
            waiting += [part, struct.pack("<I", masked_crc32c(part))]
        if len(waiting) >= 4 * EVENTS_AT_ONCE:
            yield b"".join(waiting)
            waiting = []
    yield b"".join(waiting)
