"""What our scripts answer, without a browser."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from batchviz.frontend.assets import HERE

NODE = Path(sysconfig.get_path("scripts")) / "node"
HEAD = f"""
import {{ readFileSync }} from "node:fs";
const input = JSON.parse(readFileSync(0, "utf8"));
const src = {json.dumps((HERE / "src").as_uri())};
"""


def node(program: str, values: Any) -> Any:
    """What a module writes that is handed `input`; `src` is the address of our scripts."""
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", HEAD + program],
        input=json.dumps(values),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
