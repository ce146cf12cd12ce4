"""Runs of many kinds, trained here once, and what their generated programs must give again."""

import functools
from pathlib import Path

import nbformat
import numpy as np
from nbclient import NotebookClient

from batchviz.experiment.own_data import OwnData
from batchviz.experiment.records import Run
from batchviz.experiment.spec import RunSpec
from tests.exporters.selection import run

_random = np.random.default_rng(0)
OWN = "own.AbCdEf12.120x5.3"
OWN_ARRAYS = OwnData(
    _random.normal(size=(120, 5)).astype("float32"),
    _random.integers(0, 3, 120).astype("int32"),
)
OWN_NUMBERS = "own.AbCdEf34.40x3.1"
OWN_NUMBERS_ARRAYS = OwnData(
    _random.normal(size=(40, 3)).astype("float32"),
    _random.normal(size=(40, 1)).astype("float32"),
)
OWN_GAPS = "own.AbCdEf78.40x3.1"
OWN_GAPS_DATA = OwnData(
    np.where(np.arange(120).reshape(40, 3) % 7, OWN_NUMBERS_ARRAYS.x, np.float32(np.nan)),
    OWN_NUMBERS_ARRAYS.y,
    np.array([True, False, True, True]),
)
"""As uploads are kept: with gaps, and standardised by each run over its training rows."""
OWN_ORDER = "own.AbCdEf90.40x3.1"
OWN_DATA = {
    OWN: OWN_ARRAYS,
    OWN_NUMBERS: OWN_NUMBERS_ARRAYS,
    OWN_GAPS: OWN_GAPS_DATA,
    OWN_ORDER: OWN_GAPS_DATA._replace(in_order=True),
}

SETTINGS = {
    "article": {},
    "convolutional network on digits": {
        "dataset": "digits", "rows": 60, "model": "convnet", "hidden": (4, 4), "batch_norm": True, "dropout": 0.2,
        "optimizer": "sgd", "learning_rate": 0.05, "batch_size": 16, "data_seed": 3, "budget": 2,
    },
    "diabetes with dropout, updates": {
        "dataset": "diabetes", "optimizer": "momentum", "learning_rate": 0.01, "dropout": 0.4, "seed": 5,
        "budget_unit": "updates", "budget": 25,
    },
    "schedule": {
        "dataset": "friedman", "noise": 0.5, "optimizer": "rmsprop", "batch_norm": True, "rows": 120, "batch_size": 8,
        "batch_schedule": ((2, 32), (4, "full")), "learning_rate_rule": "sqrt", "budget": 4,
    },
    "accumulation": {
        "rows": 103, "batch_size": 6, "accumulation": 4, "optimizer": "adamw", "budget_unit": "examples", "budget": 200,
    },
    "accumulation of micro-batches that matter": {
        "dataset": "teacher", "rows": 53, "batch_size": 6, "accumulation": 4, "hidden": (8, 8), "activation": "tanh",
        "batch_norm": True, "dropout": 0.2, "optimizer": "nesterov", "learning_rate": 0.05,
        "learning_rate_rule": "linear", "budget": 2,
    },
    "batch normalisation under Adam": {
        "hidden": (12, 6), "batch_norm": True, "activation": "tanh", "learning_rate": 0.01, "budget": 5,
    },
    "accumulated by AdamW under a schedule": {
        "dataset": "digits", "rows": 130, "hidden": (16,), "batch_norm": True, "optimizer": "adamw",
        "learning_rate": 0.01, "learning_rate_rule": "sqrt", "batch_size": 8, "accumulation": 3,
        "batch_schedule": ((2, 20), (3, "full")), "budget_unit": "examples", "budget": 300,
    },
    "larger than the rows, no validation": {
        "rows": 100, "validation_split": 0, "hidden": (), "batch_size": 5000, "budget": 3,
        "learning_rate_rule": "linear",
    },
    "own classes, seconds": {
        "dataset": OWN, "rows": 100, "data_seed": 1, "budget_unit": "seconds", "budget": 0.005,
    },
    "own numbers, gaps": {"dataset": OWN_GAPS, "rows": 37, "data_seed": 4, "validation_split": 0.3, "budget": 2},
    "own numbers in order": {"dataset": OWN_ORDER, "rows": 30, "validation_split": 0.5, "budget": 2},
    "diverged": {"rows": 100, "optimizer": "sgd", "learning_rate": 1000, "budget": 3},
}  # fmt: skip


@functools.cache
def trained(name: str) -> Run:
    """The run of these settings, as a worker records it."""
    from batchviz.training import run_spec

    spec = RunSpec.parse(SETTINGS[name])
    outcome = run_spec(
        spec, fetch_own=lambda identity: next(OWN_DATA[name] for name in OWN_DATA if identity in name)
    )
    return run(
        f"run_{list(SETTINGS).index(name):03}", spec,
        status=outcome.status, reason=outcome.reason, final=outcome.final, progress=outcome.progress,
    )  # fmt: skip


def recorded(made: Run) -> float | None:
    """The loss that the program must give again; None where it was not finite."""
    return made.final.get("val_loss" if made.plan.validation_rows else "train_loss")


SCRIPTS = """
import json, pathlib, runpy
for path in sorted(pathlib.Path(".").glob("run_*.py")):
    values = runpy.run_path(str(path), run_name="__main__")["final"]
    path.with_suffix(".json").write_text(json.dumps(values))
"""
SAID = "import sys\nprint(final['loss'], 'batchviz' in sys.modules)"


def run_programs(text: str, folder: Path) -> nbformat.NotebookNode:
    """The notebook, executed by a kernel of this environment, which then runs every script in the folder.

    `run_X.json` are the scripts' results. The notebook's last cell says its own, and that BatchViz was not loaded.
    """
    made = nbformat.reads(text, as_version=4)
    cells = list(made.cells)
    said = nbformat.v4.new_code_cell(SAID)
    made.cells = [*cells, nbformat.v4.new_code_cell(SCRIPTS), said]
    NotebookClient(made, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    made.cells = [*cells, said]
    return made
