"""Medium batches get there sooner than the smallest and the largest."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import log_spaced, plain
from batchviz.experiment.probes import Probe, Task

SMALL, MEDIUM, LARGE = "B = 1", "B = 32", "B = 800"
EPOCHS = {SMALL: 2, MEDIUM: 20, LARGE: 400}
CLOCK = "clock"


def _tasks(seed: int, data: str) -> dict[str, Task]:
    runs: dict[str, Task] = {
        name: plain(seed, data, rows=1000, batch_size=_size(name), epochs=epochs)
        for name, epochs in EPOCHS.items()
    }
    clock = Probe("seconds_an_update", plain(seed, data, rows=1000), tuple(map(_size, EPOCHS)))
    return runs | {CLOCK: clock}


def _size(name: str) -> int:
    return int(name.removeprefix("B = "))


def _judge(records: Records) -> Judged:
    targets = records.shared_target(tuple(EPOCHS))
    seconds = {}
    for name in EPOCHS:
        updates, each = records.to_target(name, targets, "updates"), records.number(CLOCK, name)
        seconds[name] = {seed: updates[seed] * each[seed] for seed in updates.keys() & each.keys()}
    pairs = [
        Pair(f"seconds to the same loss, {MEDIUM} / {other}", seconds[MEDIUM], seconds[other])
        for other in (SMALL, LARGE)
    ]
    beaten = [other for pair, other in zip(pairs, (SMALL, LARGE), strict=True) if pair.lower]
    verdict = {0: Verdict.DOES_NOT_HOLD, 2: Verdict.HOLDS}.get(len(beaten), Verdict.ONLY_IF)
    numbers = {f"seconds to the same loss, {name}": mean(values) for name, values in seconds.items()}
    return Judged(verdict, tuple(pairs), f"against {beaten[0]}" if beaten else "", numbers)


CLAIM = Claim(
    key="medium-is-best",
    sentence="A medium batch, of 32, gets there sooner than single examples and than all rows at once.",
    source=Source.ARTICLE,
    measured=f"Seconds until {SMALL}, {MEDIUM} and all rows reach the same validation loss at the same learning rate: "
    "updates times what an update takes on this machine.",
    data="teacher",
    tasks=_tasks,
    judge=_judge,
    moments=log_spaced(1600),
    place=9,
    seconds=16,
    lesson="time",
)
