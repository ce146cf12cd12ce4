"""Import as a person does it: files into the dialog, the batch size typed where it is missing, then the comparison."""

import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

import batchviz
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


def fit(folder: Path) -> None:
    """Somebody's own training. Among the other tests TensorFlow is loaded anyway, and comes up once."""
    import keras

    rows = np.random.default_rng(0).random((100, 3)).astype("float32")
    target = rows.sum(axis=1, keepdims=True)
    for size in (8, 32):
        keras.utils.set_random_seed(3)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(1)])
        model.compile("adam", "mse", metrics=["mae"])
        note = batchviz.Callback(f"{folder}/size{size}.batchviz.zip", experiment="Sums", seed=3)
        model.fit(rows, target, batch_size=size, epochs=4, validation_split=0.2, verbose=0, callbacks=[note])


def test_what_the_callback_wrote_in_plain_keras_opens_and_compares(
    playground: Playground, tmp_path: Path
) -> None:
    fit(tmp_path)
    page = playground.page
    page.goto(f"{playground.server.url}/runs")
    playground.idle()
    page.get_by_role("button", name="Import", exact=True).click()
    page.locator("input[type=file]").set_input_files(sorted(tmp_path.glob("*.batchviz.zip")))
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Import 2 runs").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("2 runs imported.")).to_be_visible()
    page.get_by_role("button", name="Compare them").click()
    expect(page.locator(".batchviz-statement")).to_contain_text("has the lowest validation MSE")
    expect(page.locator(".batchviz-statement")).to_contain_text("B = 8")
    playground.open(page.url.partition("/compare")[2])
    playground.drawn()  # every update and epoch, played back as a run of our own
    playground.until_status("done", count=2)
