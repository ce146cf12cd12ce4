"""Modules as one file: that it means what they mean, run by Node."""

import subprocess
from pathlib import Path

import pytest

from batchviz.frontend.bundle import Bundler
from tests.frontend.node import NODE

MODULES = {
    "src/start.js": 'import { twice } from "./core/twice.js";\nimport * as all from "./core/count.js";\n\n'
    "console.log(twice(all.START), all.next(), (await all.later()).name);\n",
    "src/core/twice.js": 'import {\n  START as begin,\n  next,\n} from "./count.js";\n\n'
    "export function twice(x) {\n  next();\n  return 2 * x + begin;\n}\n",
    "src/core/count.js": "export const START = 3;\nlet count = 0;\nexport const next = () => ++count;\n"
    'export async function later() {\n  const { Far } = await import("../far.js");\n  return Far;\n}\n',
    "src/far.js": "export class Far {}\n",
    "src/nearer.js": 'import { START } from "./core/count.js";\nexport class Far {\n  static from = START;\n}\n',
    "src/circle.js": 'import { a } from "./circle.js";\nexport const a = 1;\n',
    "src/other.js": "export { a };\n",
}


def run(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.mjs").write_text(text)
    done = subprocess.run([NODE, folder / f"{name}.mjs"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_program_of_many_modules_runs_as_they_would(tmp_path: Path) -> None:
    assert run(tmp_path, one=Bundler(MODULES.__getitem__).program("src/start.js")) == "9 2 Far\n"


def test_what_two_files_share_is_there_once(tmp_path: Path) -> None:
    bundler = Bundler(MODULES.__getitem__)
    one = bundler.program("src/start.js", shared=True)
    shared = bundler.in_order(["src/start.js"])[:-1]
    rest = bundler.bundle({"twice": "src/core/twice.js", "nearer": "src/nearer.js"}, shared, "./one.mjs")
    assert "START = 3" not in rest
    use = 'import { twice, nearer } from "./rest.mjs";\nconsole.log(twice.twice(1), nearer.Far.from);\n'
    assert run(tmp_path, one=one, rest=rest, use=use) == "9 2 Far\n5 3\n"


def test_a_module_can_stand_in_place_of_another() -> None:
    instead = {**MODULES, "src/offline/far.js": "export class Far {}\n"}
    text = Bundler(instead.__getitem__, {"src/far.js": "src/offline/far.js"}).program("src/start.js")
    assert "$src_offline_far" in text
    assert "$src_far" not in text


@pytest.mark.parametrize("name", ["src/circle.js", "src/other.js"])
def test_what_cannot_be_put_into_one_file_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Bundler(MODULES.__getitem__).bundle({"it": name})
