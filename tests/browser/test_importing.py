"""Import as a person does it: files into the dialog, the batch size typed where it is missing, then the comparison."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Playground

pytestmark = pytest.mark.browser


def history(folder: Path, name: str, end: float) -> Path:
    losses = [1.0, 0.6, end]
    (folder / name).write_text(json.dumps({"loss": losses, "val_loss": losses}))
    return folder / name


def test_a_class_compares_its_own_training(playground: Playground, tmp_path: Path) -> None:
    page = playground.page
    page.goto(f"{playground.server.url}/runs")
    playground.idle()
    page.get_by_role("button", name="Import", exact=True).click()
    files = [history(tmp_path, f"batch_{size}_seed0.json", size / 100) for size in (8, 64)]
    files.append(history(tmp_path, "broken.json", -1))
    page.locator("input[type=file]").set_input_files(files)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("broken.json: “loss” is negative in epoch 3")).to_be_visible()
    dialog.get_by_label("Experiment", exact=True).fill("Lesson *3*")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Import 2 runs").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("2 runs imported.")).to_be_visible()
    page.get_by_role("button", name="Compare them").click()
    expect(page.get_by_text("Lesson *3*, B = 8 has the lowest validation MSE")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("order of examples are not known").first).to_be_visible()
