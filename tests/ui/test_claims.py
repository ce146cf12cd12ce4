"""The page Claims without a browser: a press tests a claim in a process of its own, and its verdict stays."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.claims.registry import claim, claims
from batchviz.claims.report import judged
from batchviz.claims.statement import statement, to_json
from batchviz.engine.claim_tests import REPORT, ClaimTest, ClaimTests
from batchviz.engine.limits import MAX_CLAIM_TESTS
from batchviz.errors import BatchVizError
from batchviz.exporters.claims import markdown, page
from batchviz.ui import resources
from tests.claims.made import SEEDS, made

PAGE = Path(__file__).parents[2] / "pages/claims.py"


def found(key="wrong-labels", seeds=SEEDS):
    tested = claim(key)
    records = made(tested, loss=lambda name, updates, epochs: 0.5 if "full" in name else 1.0, seeds=seeds)
    return statement(judged(tested, tested.data, records, seeds, 12.0))


@pytest.fixture
def tests(tmp_path, monkeypatch):
    """Tests whose process says what `answer` holds, once the file `go` is there."""
    made_up = ClaimTests(tmp_path)
    made_up.answer, made_up.code = to_json([found()]), 0

    def launch(test):
        folder = tmp_path / "claims"
        folder.mkdir(exist_ok=True)
        code = (
            "import pathlib, sys, time\n"
            f"while not pathlib.Path({str(tmp_path / 'go')!r}).exists(): time.sleep(0.01)\n"
            f"print({made_up.answer!r}); print('No room left.', file=sys.stderr); sys.exit({made_up.code})"
        )
        with (folder / "result.part").open("wb") as out, (folder / "errors.txt").open("wb") as wrong:
            return subprocess.Popen([sys.executable, "-c", code], stdout=out, stderr=wrong)

    monkeypatch.setattr(made_up, "_launch", launch)
    monkeypatch.setattr(resources, "claim_tests", lambda: made_up)
    yield made_up
    made_up.stop()


def ended(tests, tmp_path, key):
    (tmp_path / "go").touch()
    until = time.monotonic() + 20
    while tests.waits(key) is not None and time.monotonic() < until:
        time.sleep(0.02)


def opened():
    app = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert not app.exception
    return app


def texts(app):
    return " ".join(str(element.proto.body) for element in app.get("html"))


@pytest.mark.usefixtures("data_dir")
def test_every_claim_has_a_card_and_its_verdict_once_it_was_tested(tests, tmp_path):
    app = opened()
    labels = {button.key: button.label for button in app.button}
    assert {key for key in labels if key.startswith("test_")} == {f"test_{c.key}" for c in claims()} | {
        "test_all"
    }
    app.button(key="test_wrong-labels").click().run()
    assert tests.under_way() == ClaimTest("wrong-labels")
    assert "test_wrong-labels" not in {button.key for button in app.button}
    ended(tests, tmp_path, "wrong-labels")
    app = opened()
    assert "Does not hold." in texts(app)
    assert "Seeds 0 to 9, data mislabelled, 12 s on this machine." in texts(app)
    app.button(key="seeds_wrong-labels").click().run()
    assert not app.exception
    assert tests.failure("wrong-labels") == ""


def test_tests_wait_for_each_other_and_are_not_begun_twice(tests, tmp_path):
    tests.start(ClaimTest("wrong-labels"))
    tests.start(ClaimTest("wrong-labels"))
    tests.start(ClaimTest("noise-law"))
    assert (tests.waits("wrong-labels"), tests.waits("noise-law"), tests.waits("linear-rule")) == (0, 1, None)
    for seed in range(MAX_CLAIM_TESTS - 1):
        tests.start(ClaimTest("linear-rule", seed))
    with pytest.raises(BatchVizError, match="claims wait to be tested"):
        tests.start(ClaimTest("linear-rule", 99))


def test_the_last_result_is_what_a_claim_shows_and_the_report_is_another(tests, tmp_path):
    tests.start(ClaimTest("wrong-labels"))
    ended(tests, tmp_path, "wrong-labels")
    assert tests.result("wrong-labels") == (found(),)
    tests.answer = to_json([found(seeds=range(10, 20))])
    tests.start(ClaimTest("wrong-labels", 10))
    ended(tests, tmp_path, "wrong-labels")
    assert tests.result("wrong-labels")[0].seeds[0] == 10
    assert tests.result(REPORT) == ()


def test_a_test_that_fails_says_why_and_leaves_the_last_result(tests, tmp_path):
    tests.start(ClaimTest("wrong-labels"))
    ended(tests, tmp_path, "wrong-labels")
    tests.code = 1
    tests.start(ClaimTest("wrong-labels", 10))
    ended(tests, tmp_path, "wrong-labels")
    assert tests.failure("wrong-labels") == "No room left."
    assert tests.result("wrong-labels") == (found(),)


def test_progress_is_read_from_the_file(tests, tmp_path):
    assert tests.progress() == (0.0, "")
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims/progress.json").write_text(json.dumps({"share": 0.25, "claim": "noise-law"}))
    assert tests.progress() == (0.25, "noise-law")


def test_the_report_is_a_page_without_a_script_and_a_table():
    html = page([found()]).decode()
    assert "<script" not in html
    assert "The noise of small batches keeps a network from memorising wrong labels." in html
    assert "Does not hold." in html
    assert "@media print" in html
    table = markdown([found()]).decode().splitlines()
    assert len(table) == 3
    assert "| Does not hold. |" in table[2]
    assert "10 of 10 seeds, clear" in table[2]
