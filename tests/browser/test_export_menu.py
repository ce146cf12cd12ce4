"""The export menu as a person uses it: open it, press a format, have the file."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Playground

pytestmark = pytest.mark.browser


def test_a_trained_run_is_downloaded(playground: Playground, tmp_path: Path) -> None:
    playground.open("?v=1")
    export = playground.page.get_by_role("button", name="Export")
    expect(export).to_be_disabled()
    playground.press("Train")
    playground.until_status("done")
    export.click()
    with playground.page.expect_download() as download:
        playground.page.get_by_role("link", name="CSV, per epoch").click()
    menu = playground.page.get_by_test_id("stPopoverBody")
    expect(menu).to_have_count(0)  # a choice closes it, as do Escape and a press on the chart
    export.click()
    expect(menu).to_be_visible()
    playground.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    export.click()
    expect(menu).to_be_visible()
    playground.page.get_by_test_id("live-chart-loss").click(position={"x": 90, "y": 200})
    expect(menu).to_have_count(0)
    (run_id,) = playground.run_ids()
    assert download.value.suggested_filename == f"batchviz-{run_id}-csv-epochs.csv"
    download.value.save_as(tmp_path / "run.csv")
    rows = list(csv.DictReader((tmp_path / "run.csv").open(encoding="utf-8-sig", newline="")))
    assert [row["epoch"] for row in rows] == [str(epoch) for epoch in range(11)]
    assert float(rows[-1]["val_loss"]) < float(rows[0]["val_loss"])
