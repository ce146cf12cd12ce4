"""Memory is that of the parameters and of a batch's inputs."""

from __future__ import annotations

from batchviz.claims.claim import Claim, Judged, Source, Verdict
from batchviz.claims.pairs import Pair
from batchviz.claims.records import Records, mean
from batchviz.claims.set_up import plain
from batchviz.experiment.plan import BYTES
from batchviz.experiment.probes import Probe, Task
from batchviz.experiment.spec import RunSpec

TIMES = 2.0
"""An input counted twice would still be the formula's."""


def _spec(seed: int, data: str) -> RunSpec:
    return plain(seed, data, hidden=(2048,))


def _tasks(seed: int, data: str) -> dict[str, Task]:
    return {"memory": Probe("peak_memory", _spec(seed, data))}


def _judge(records: Records) -> Judged:
    grown = records.number("memory", "bytes an example")
    inputs = records.number("memory", "inputs")
    formula = {seed: TIMES * BYTES * count for seed, count in inputs.items()}
    pair = Pair(f"peak memory an example / {TIMES:g} times its inputs", grown, formula)
    outputs = mean(records.number("memory", "outputs of layers"))
    numbers = {
        "bytes an example, measured": mean(grown),
        "bytes an example, its inputs": BYTES * mean(inputs),
        "bytes an example, outputs of all layers once": BYTES * outputs,
        "bytes an example, outputs of all layers twice": 2 * BYTES * outputs,
    }
    return Judged(Verdict.DOES_NOT_HOLD if pair.higher else Verdict.HOLDS, (pair,), numbers=numbers)


CLAIM = Claim(
    key="memory-inputs",
    sentence="Training needs memory for the parameters and for the inputs of a batch.",
    source=Source.ARTICLE,
    measured="What the peak of a process's memory grows by for each further example in the batch of an update, in a "
    "network of 2,048 hidden units; beside it the bytes of an example's inputs, and of what the layers put out.",
    data="teacher",
    tasks=_tasks,
    judge=_judge,
    place=11,
    seconds=5,
    lesson="time",
)
