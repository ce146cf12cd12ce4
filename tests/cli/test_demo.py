"""`batchviz demo`: a small grid, trained once, as a file; what cannot be done is refused before anything is trained."""

from __future__ import annotations

import base64
import gzip
import json
import shlex

import pytest

from batchviz.cli import demo as command
from batchviz.cli.__main__ import main
from batchviz.exporters.limits import MAX_DEMO_BYTES
from tests.exporters.test_html import Page

GRID = [
    "--data-sets=teacher", "--batch-sizes=5,full", "--learning-rates=0.003,0.03", "--rows=40", "--seeds=2",
    "--epochs=2", "--no-clock", "--link=https://example.org/?a=1&b=2",
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The file, the runs that were recorded for it, and what was said."""
    from batchviz.notebook import demo

    recorded, output = [], tmp_path_factory.mktemp("demo") / "out.html"
    with pytest.MonkeyPatch.context() as patch:
        record = demo.record

        def noted(*args, **kwargs):
            recorded.append(record(*args, **kwargs))
            return recorded[-1]

        patch.setattr(demo, "record", noted)
        assert main(["demo", f"--output={output}", *GRID]) == 0
    assert [path.name for path in output.parent.iterdir()] == ["out.html"]
    return output, recorded[0]


@pytest.fixture(scope="module")
def page(made):
    return Page(made[0].read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def told(page):
    return json.loads(gzip.decompress(base64.b64decode(page.texts["batchviz-demo"])))


def test_the_file_holds_the_runs_that_were_trained(made, told):
    output, recorded = made
    assert output.stat().st_size < MAX_DEMO_BYTES
    assert len(told["runs"]) == 2 * 2 * 2
    for entry in recorded.entries:
        rows = recorded.whole(entry.run.id, "epochs")
        inside = recorded.whole(entry.run.id, "measured")
        values = dict(zip(rows["updates"], rows["val_loss"], strict=True))
        values |= dict(zip(inside["updates"], inside["val_loss"], strict=True))
        epochs = told["runs"][entry.run.id]["epochs"]
        assert dict(zip(epochs["updates"], epochs["val_loss"], strict=True)) == pytest.approx(
            values, rel=1e-6
        )


def test_the_command_it_states_asks_for_the_same_grid(page):
    stated = shlex.split(page.texts["code"])
    assert stated[:2] == ["batchviz", "demo"]
    parser = command_parser()
    asked = parser.parse_args(["demo", "--output=x.html", *GRID])
    again = parser.parse_args(stated[1:])
    assert command.grid(again) == command.grid(asked)
    assert (again.link, again.no_clock, again.output) == (asked.link, True, "out.html")


def command_parser():
    from batchviz.cli.__main__ import _parser

    return _parser()


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        (
            ["--seeds=20", "--batch-sizes=1,2,4,8,16,32,64,128"],
            2,
            "The grid would be 1,280 runs; expected at most 600.",
        ),
        (
            ["--batch-sizes=1", "--epochs=250", "--rows=5000", "--data-sets=random"],
            2,
            "The grid would take 40,000,000",
        ),
        (["--data-sets=digits,nothing"], 2, "nothing"),
        (["--data-sets=digits,digits"], 2, "each once"),
        (["--seeds=many"], 2, "Seeds"),
        (["--link=javascript:alert(1)"], 1, "expected an address that begins with https://"),
        (["--title=" + "x" * 200], 1, "--title: got 200 characters"),
        (["--workers=0"], 1, "--workers"),
    ],
)
def test_what_cannot_be_made_is_refused_at_once_and_leaves_nothing(
    flags, code, said, tmp_path, capsys, monkeypatch
):
    from batchviz.notebook import demo

    monkeypatch.setattr(demo, "record", lambda *_, **__: pytest.fail("trained"))
    assert main(["demo", f"--output={tmp_path / 'out.html'}", *flags]) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_failure_after_the_training_leaves_the_file_that_was_there(tmp_path, capsys, monkeypatch):
    from batchviz.errors import BatchVizError
    from batchviz.notebook import demo

    def fails(*_, **__):
        raise BatchVizError("1 of 16 runs failed. The first said: no memory.")

    monkeypatch.setattr(demo, "record", fails)
    output = tmp_path / "out.html"
    output.write_text("before")
    assert main(["demo", f"--output={output}", *GRID]) == 1
    assert "no memory" in capsys.readouterr().err
    assert output.read_text() == "before"
    assert main(["demo", f"--output={tmp_path / 'none' / 'out.html'}", *GRID]) == 1
    assert "does not exist" in capsys.readouterr().err
