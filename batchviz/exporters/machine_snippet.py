"""A program of plain Keras that times this network wherever it is run, and prints one line to paste back.

It needs keras and numpy alone, takes about ten seconds, and what it prints is what `analysis.sweep.machine.read` takes.
"""

from __future__ import annotations

from batchviz.experiment import datasets
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.codegen import model

_PROGRAM = '''"""What one update of this network costs on this machine: t(B) = a + b B seconds over B examples.

Run it where you will train, and paste the last line that it prints into the sweep. Needs keras and numpy; takes
about ten seconds once Keras is loaded.
"""

import time

import keras
import numpy as np

INPUTS, CLASSES = {inputs}, {classes}
SIZES = (1, 4, 16, 64, 256, 1024)
SECONDS = {seconds}  # of timing


{build}


def examples(size):
    """Inputs and targets of some updates."""
    updates = min(100, max(4, 1_000_000 // (INPUTS * size)))
    random = np.random.default_rng(0)
    x = random.random((updates * size, INPUTS), dtype="float32")
    return x, random.integers(0, CLASSES, len(x)) if CLASSES else random.random((len(x), 1), dtype="float32")


def seconds_an_update(model, size, x, y):
    """Of one call of fit, in the mean."""
    begun = time.perf_counter()
    model.fit(x, y, batch_size=size, shuffle=False, verbose=0)
    return (time.perf_counter() - begun) * size / len(x)


def line(sizes, times):
    """a and b of least squares in relative error, neither below zero."""
    columns = np.stack([1 / times, sizes / times], axis=1)
    both = np.linalg.lstsq(columns, np.ones(len(times)), rcond=None)[0]
    return both if both.min() >= 0 else columns.sum(axis=0) / (columns**2).sum(axis=0) * (both > 0)


model = build()
sizes = np.array(SIZES, float)
data = [examples(size) for size in SIZES]
for size, (x, y) in zip(SIZES, data):
    seconds_an_update(model, size, x, y)  # compiles
rounds, until = [], time.perf_counter() + SECONDS
while not rounds or time.perf_counter() < until:  # sizes take turns: other work of the machine hits all alike
    rounds.append([seconds_an_update(model, size, x, y) for size, (x, y) in zip(SIZES, data)])
times = np.min(rounds, axis=0)
a, b = line(sizes, times)
errors = []  # at each size, of the line through all others
for i in range(len(sizes)):
    others = np.arange(len(sizes)) != i
    left_a, left_b = line(sizes[others], times[others])
    errors.append(abs((left_a + left_b * sizes[i]) / times[i] - 1))
same = ("Activation", "Dropout", "Flatten", "Reshape")  # counted with the layer before
kept = [layer for layer in model.layers if type(layer).__name__ not in same]
outputs = 4 * sum(int(np.prod(layer.output.shape[1:])) for layer in kept)  # float32, kept once
print(f"batchviz-machine a={{a:.4g}} b={{b:.4g}} bytes={{outputs}} error={{max(errors):.3g}}")
'''


def machine_snippet(spec: RunSpec, seconds: float = 8.0) -> str:
    """The program for a spec's network; `seconds` are spent on timing six batch sizes in turn."""
    data = datasets.find(spec.dataset)
    classes = data.outputs if data.task == "classification" else 0
    build = model.section(spec).code
    return _PROGRAM.format(inputs=data.inputs, classes=classes, seconds=seconds, build=build)
