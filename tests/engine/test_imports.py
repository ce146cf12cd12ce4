"""Who loads TensorFlow, and how. Each in a process of its own, because a module once imported stays."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def answer(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "module",
    [
        "batchviz.web.routes",
        "batchviz.store",
        "batchviz.engine.supervisor",
        "batchviz.engine.__main__",
        "batchviz.engine.cluster.backend",
    ],
)
def test_neither_the_web_process_nor_the_dispatcher_loads_tensorflow(module: str) -> None:
    heavy = "{'tensorflow', 'keras', 'sklearn', 'streamlit'}"
    assert answer(f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))") == "[]"


def test_the_preload_imports_tensorflow_but_runs_nothing() -> None:
    program = """
import sys
import batchviz.engine.preload
from tensorflow.python.eager import context
print("tensorflow" in sys.modules, "keras" in sys.modules, context.context()._initialized)
import sklearn
print(sklearn.__name__)
"""
    assert answer(program).splitlines() == ["True True False", "sklearn"]
