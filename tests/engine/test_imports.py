"""Who loads TensorFlow, and how. In processes of their own, because a module once imported stays."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def answer(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


WITHOUT_TENSORFLOW = [
    "batchviz.web.routes",
    "batchviz.store",
    "batchviz.engine.supervisor",
    "batchviz.engine.__main__",
    "batchviz.engine.cluster.backend",
]


@pytest.fixture(scope="module")
def loaded() -> dict[str, list[str]]:
    """What each module brought that is heavy: they are imported one after the other, by one process."""
    program = f"""
import importlib, json, sys
brought, before = {{}}, set()
for module in {WITHOUT_TENSORFLOW}:
    importlib.import_module(module)
    heavy = {{"tensorflow", "keras", "sklearn", "streamlit"}} & set(sys.modules)
    brought[module], before = sorted(heavy - before), heavy
print(json.dumps(brought))
"""
    brought: dict[str, list[str]] = json.loads(answer(program))
    return brought


@pytest.mark.parametrize("module", WITHOUT_TENSORFLOW)
def test_neither_the_web_process_nor_the_dispatcher_loads_tensorflow(
    module: str, loaded: dict[str, list[str]]
) -> None:
    assert loaded[module] == []


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
