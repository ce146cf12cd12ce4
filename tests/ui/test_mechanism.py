"""What happens inside, on the page: the run's own, or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from batchviz.ui import resources
from tests.store.test_inspections import FOUND, claimed, finished


def drawn(name: str, changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The data of the components that a mechanism draws of the noise lesson's run, after changes."""

    def page(name, changes):  # type: ignore[no-untyped-def]  # Streamlit runs its source by itself
        from batchviz import lessons
        from batchviz.ui import mechanism

        getattr(mechanism, name)(lessons.get("noise").base.replace(**changes))

    app = AppTest.from_function(page, args=(name, changes), default_timeout=30).run()
    assert not app.exception
    return [json.loads(component.proto.json) for component in app.get("bidi_component")]


def test_gradients_are_drawn_for_the_run_they_were_recorded_of_at_any_batch_size_and_for_no_other() -> None:
    (told,) = drawn("draw_gradients", {"batch_size": 16})
    assert len(told["pictures"]) == 4
    assert all(picture.startswith("<svg") for picture in told["pictures"])
    assert drawn("draw_gradients", {"seed": 1}) == []
    assert drawn("draw_gradients", {"learning_rate": 0.1}) == []


def test_a_run_is_looked_into_whatever_its_id_looks_like(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batchviz.store.inserts.unguessable_id", lambda: "_Tf__3c-Fp3_")
    run = finished(resources.store())
    resources.store().inspections.add(run)
    resources.store().inspections.save(claimed(resources.store()), FOUND)

    def page(run_id):  # type: ignore[no-untyped-def]
        from batchviz.ui import resources
        from batchviz.ui.mechanism import inspection

        inspection._draw_run(resources.store().runs.get(run_id))

    app = AppTest.from_function(page, args=(run.id,), default_timeout=30).run()
    assert not app.exception
    assert len(app.get("bidi_component")) == 1


def test_rows_are_dealt_as_long_as_a_square_each_can_be_seen() -> None:
    (told,) = drawn("draw_dealing", {"batch_size": 100})
    assert [epoch["batchSize"] for epoch in told["epochs"]] == [100, 100]
    assert drawn("draw_dealing", {"dataset": "random", "rows": 5000}) == []
