"""What Python tells and what the scripts take in is one thing: both are held to one recorded answer."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path

import pytest
from pydantic import ConfigDict, TypeAdapter, with_config

from batchviz.analysis.downsampling import UPDATE_MEASURES
from batchviz.experiment.series import SERIES
from batchviz.frontend.payload import EpochRows, FeedPayload, UpdateRows
from tests.frontend.feed import RECORDED, written
from tests.frontend.node import NODE
from tests.frontend.test_scripts import FRONTEND

TSC = FRONTEND / "node_modules" / "typescript" / "bin" / "tsc"


def test_the_recorded_answer_is_what_python_tells_today() -> None:
    assert RECORDED.read_text(encoding="utf-8") == written(), "python -m tests.frontend.feed writes it anew"


def test_the_recorded_answer_has_exactly_the_fields_that_python_declares() -> None:
    strict = with_config(ConfigDict(strict=True, extra="forbid"))(FeedPayload)
    TypeAdapter(strict).validate_json(RECORDED.read_bytes())


def test_every_recorded_column_has_its_place_in_a_message() -> None:
    assert set(EpochRows.__annotations__) == {"from", "stride", "recorded", "number", *SERIES["epochs"].names}
    ends = (f"{measure}{end}" for measure in UPDATE_MEASURES for end in ("", "_min", "_max"))
    assert set(UpdateRows.__annotations__) == {"from", "stride", *ends}


@pytest.mark.skipif(not TSC.exists(), reason="node_modules is not installed")
def test_the_recorded_answer_has_exactly_the_fields_that_the_scripts_declare(tmp_path: Path) -> None:
    answer = json.loads(RECORDED.read_text(encoding="utf-8"))
    lacking, adding = copy.deepcopy(answer), copy.deepcopy(answer)
    del lacking["runs"][0]["plan"]["epochs"]
    adding["runs"][0]["progress"]["eta"] = 1
    types = (FRONTEND / "src" / "core" / "payload.d.ts").as_posix()
    for name, feed in {"recorded": answer, "lacking": lacking, "adding": adding}.items():
        text = f'import type {{ Feed }} from "{types}";\nexport const feed: Feed = {json.dumps(feed)};\n'
        (tmp_path / f"{name}.ts").write_text(text, encoding="utf-8")
    options = [
        "--noEmit",
        "--strict",
        "--lib",
        "es2022",
        "--moduleResolution",
        "bundler",
        "--module",
        "es2022",
    ]
    command = [NODE, TSC, *options, "recorded.ts", "lacking.ts", "adding.ts"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    assert {line.split("(")[0] for line in told.splitlines() if ": error " in line} == {
        "lacking.ts",
        "adding.ts",
    }
