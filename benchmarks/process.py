"""A measurement in a process of its own, with a worker's environment and threads.

`python -m benchmarks.process module function '{"argument": 1}'` prints the function's result as one line of
JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from batchviz.engine.environment import tensorflow_environment

ROOT = Path(__file__).parents[1]


def fresh(function: str, data_dir: Path, **arguments: Any) -> Any:
    """The result of `module.function(**arguments)` in a new process; XLA's disk cache is that of `data_dir`."""
    module, name = function.rsplit(".", 1)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **tensorflow_environment(data_dir)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.process", module, name, json.dumps(arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{function} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def warm_worker(*, threads: int = 1) -> None:
    """What a worker of the engine does before its first run: load TensorFlow, train a net of another shape once."""
    import tensorflow as tf

    import batchviz.engine.preload  # noqa: F401  with what its process keeps from the garbage collector

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    from batchviz.engine.worker import WARM_UP
    from batchviz.training import run_spec

    run_spec(WARM_UP)


if __name__ == "__main__":
    _, module, name, arguments = sys.argv
    result = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    print(json.dumps(result))
