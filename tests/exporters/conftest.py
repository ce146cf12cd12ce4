"""Scripts and a notebook are run once for all tests, in one kernel, and beside other tests where those only wait: most
of their time is TensorFlow's start, and its first look at each network."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from batchviz.exporters.codegen.notebook import notebook
from batchviz.exporters.codegen.script import script
from tests.exporters.programs import OWN_DATA, SETTINGS, run_programs, trained


@dataclass
class Reproduced:
    """What the programs gave: the scripts' final values by the name of their settings, and the executed notebook."""

    results: dict[str, dict[str, float]]
    notebook: nbformat.NotebookNode


@pytest.fixture(scope="session")
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Future[Reproduced] | None]:
    """The programs under way; None where no test asks what they gave."""
    if not any("reproduced" in getattr(item, "fixturenames", ()) for item in request.session.items):
        yield None
        return
    folder = tmp_path_factory.mktemp("programs")
    for name in SETTINGS:
        made = trained(name)
        own = OWN_DATA.get(made.spec.dataset)
        (folder / f"{made.id}.py").write_text(script(made, own))
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(_run, folder)


@pytest.fixture(scope="session")
def reproduced(running: Future[Reproduced]) -> Reproduced:
    return running.result()


def _run(folder: Path) -> Reproduced:
    executed = run_programs(notebook(trained("article")), folder)
    results = {name: json.loads((folder / f"{trained(name).id}.json").read_text()) for name in SETTINGS}
    return Reproduced(results, executed)
