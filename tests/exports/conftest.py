"""Scripts and a notebook are run once, side by side, for all tests: most of their time is TensorFlow's start."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import nbformat
import pytest

from batchviz.exports.notebook import notebook
from batchviz.exports.script import script
from tests.exports.programs import OWN, OWN_ARRAYS, SETTINGS, run_notebook, run_scripts, trained


@dataclass
class Reproduced:
    """What the programs gave: the scripts' final values by the name of their settings, and the executed notebook."""

    results: dict[str, dict[str, float]]
    notebook: nbformat.NotebookNode


@pytest.fixture(scope="session")
def reproduced(tmp_path_factory: pytest.TempPathFactory) -> Reproduced:
    folder = tmp_path_factory.mktemp("scripts")
    for name in SETTINGS:
        made = trained(name)
        own = OWN_ARRAYS if made.spec.dataset == OWN else None
        (folder / f"{made.id}.py").write_text(script(made, own))
    with ThreadPoolExecutor() as pool:
        executed = pool.submit(
            run_notebook, notebook(trained("article")), tmp_path_factory.mktemp("notebook")
        )
        run_scripts(folder)
    results = {name: json.loads((folder / f"{trained(name).id}.json").read_text()) for name in SETTINGS}
    return Reproduced(results, executed.result())
