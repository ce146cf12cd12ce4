"""Does anything grow? `python -m benchmarks.soak [--viewers 30] [--minutes 15]`; 60 minutes are the whole of it.

So many people watch one run that trains all the while; each presses Train once, and a visitor a minute comes and goes.
Sampled are the memory of the web process and of the engine, the files and sockets that the web process has open, and
the database with the log that is written before it. It ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import ENGINE, Store
from benchmarks.load import Load, Person
from benchmarks.row import Row
from benchmarks.server import running
from scripts.server import Server

LASTING = RunSpec.parse({"rows": 40_000, "hidden": "1024-1024", "batch_size": 32, "budget": 10})
MAX_EPOCHS_A_SECOND = 1
"""Of that run, on a quick machine: it must outlast the watching, and have no more epochs than a run may."""
ARRIVE_SECONDS = 20.0
SAMPLE_SECONDS = 5.0
MAX_GROWTH = 1.05


@dataclass
class Samples:
    """MB, but for descriptors."""

    web: list[float] = field(default_factory=list)
    engine: list[float] = field(default_factory=list)
    """Of the dispatcher and all below it; what they share counts once."""
    descriptors: list[int] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    log: list[float] = field(default_factory=list)

    def take(self, server: Server, dispatcher: int) -> None:
        """One of each."""
        web = psutil.Process(server.pid)
        self.web.append(web.memory_info().rss / 1e6)
        self.descriptors.append(web.num_fds())
        self.engine.append(sum(_shares(dispatcher)) / 1e6)
        for sizes, name in ((self.database, "batchviz.db"), (self.log, "batchviz.db-wal")):
            file = Path(server.data_dir / name)
            sizes.append(file.stat().st_size / 1e6 if file.exists() else 0.0)


def _shares(dispatcher: int) -> Iterator[int]:
    process = psutil.Process(dispatcher)
    for each in (process, *process.children(recursive=True)):
        try:
            yield each.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue


def soak(viewers: int, minutes: float) -> tuple[Load, Samples]:
    """Everybody is there for so many minutes."""
    load, samples, seconds = Load(), Samples(), 60 * minutes
    os.environ["BATCHVIZ_MAX_RUN_SECONDS"] = str(round(2 * seconds + 3600))  # the server's, which starts here
    with running() as server:
        store = Store(server.database)
        lasts = LASTING.replace(budget=round(MAX_EPOCHS_A_SECOND * (seconds + ARRIVE_SECONDS + 60)))
        live = store.queue.add([lasts], "teacher", "soak")[0].id
        while store.runs.get(live).status is not Status.RUNNING:
            time.sleep(0.1)
        dispatcher = next(each.pid for each in store.processes.all() if each.name == ENGINE)

        async def everybody() -> None:
            there = time.monotonic() + ARRIVE_SECONDS
            until = there + seconds
            people = [
                asyncio.create_task(
                    Person(server, number, load).watch(
                        f"v=1&runs={live}&seed={1000 + number}",
                        live,
                        ARRIVE_SECONDS * number / viewers,
                        until,
                        trains=True,
                    )
                )
                for number in range(viewers)
            ]
            await asyncio.sleep(ARRIVE_SECONDS + 10)
            number = viewers
            while time.monotonic() < until:
                samples.take(server, dispatcher)
                if len(samples.web) % round(60 / SAMPLE_SECONDS) == 1:
                    number += 1
                    passing = Person(server, number, load)
                    people.append(
                        asyncio.create_task(
                            passing.watch(f"v=1&runs={live}", live, 0.0, time.monotonic() + 15, trains=False)
                        )
                    )
                await asyncio.sleep(SAMPLE_SECONDS)
            await asyncio.gather(*people)

        try:
            asyncio.run(everybody())
        finally:
            store.queue.request_stop(live, "teacher")
            store.close()
    return load, samples


def growth(values: list[float] | list[int]) -> float:
    """The most of the last quarter as a multiple of the most of the first."""
    quarter = max(1, len(values) // 4)
    return max(values[-quarter:]) / max(1e-9, *values[:quarter])


def _rows(load: Load, samples: Samples) -> list[Row]:
    note = "the last quarter by the first"
    return [
        Row("soak: web process, memory", [growth(samples.web)], (), "times", "below", MAX_GROWTH, note),
        Row("soak: engine, memory", [growth(samples.engine)], (), "times", "below", MAX_GROWTH, note),
        Row("soak: descriptors", [growth(samples.descriptors)], (), "times", "below", MAX_GROWTH, note),
        Row("soak: write-ahead log", [max(samples.log)], (), "MB", "below", 64, "the most"),
        Row("soak: connections lost", [load.dropped], (), "lost", "below", 0),
        Row("soak: between updates", load.intervals, (), "s", "below", 1.0, "", "p95"),
    ]


def main() -> int:
    """Measure and print; the exit code is 1 if anything grows."""
    from benchmarks.__main__ import formatted

    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--viewers", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=15.0)
    arguments = parser.parse_args()
    load, samples = soak(arguments.viewers, arguments.minutes)
    table = _rows(load, samples)
    print(formatted(table))
    for name, values in vars(samples).items():
        steps = values[:: max(1, len(values) // 8)]
        print(f"{name}: " + ", ".join(f"{value:.1f}" for value in steps))
    return int(not all(row.reached for row in table))


if __name__ == "__main__":
    sys.exit(main())
