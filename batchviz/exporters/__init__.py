"""Recorded runs as files of other programs: pure, streamed, and of any selection of runs.

`EXPORTS` is the one table: `api/export/NAME`, the export menu and `batchviz export` read it. To add a
format, write a function from a Selection to pieces of bytes and add its row. A writer reads one run after the
other and hands on what it has, so that no selection is in memory whole.

Texts of users (names, titles) go into files that other programs open: each writer guards against what its
programs would execute (formulas in CSV, markup in HTML).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from batchviz.experiment.limits import MAX_RUNS_EXPORTED, MAX_RUNS_SHOWN
from batchviz.exporters import archive, csv, demo, html, parquet, tensorboard
from batchviz.exporters.codegen import bundle, notebook, script
from batchviz.exporters.selection import Selection

__all__ = ["EXPORTS", "Export", "Selection"]


@dataclass(frozen=True)
class Export:
    """One format. `write` yields the file piece by piece; it may raise BatchVizError before the first piece."""

    title: str
    purpose: str
    """What it is good for, in a few words."""
    extension: str
    """Without the dot."""
    media_type: str
    write: Callable[[Selection], Iterator[bytes]]
    most: int = MAX_RUNS_EXPORTED
    """Runs in one file."""
    bare: Callable[[Selection], bool] = lambda selection: True
    """Whether a selection makes one such file; any other makes a zip of them."""

    def form(self, selection: Selection) -> tuple[str, str]:
        """Extension and media type of what `write` makes of a selection."""
        return (self.extension, self.media_type) if self.bare(selection) else ("zip", ZIP)


ZIP = "application/zip"
CSV = "text/csv; charset=utf-8"
PARQUET = "application/vnd.apache.parquet"

EXPORTS: dict[str, Export] = {
    "csv-epochs": Export("CSV, per epoch", "for spreadsheets: a row an epoch", "csv", CSV, csv.epochs),
    "csv-updates": Export("CSV, per update", "for spreadsheets: a row an update", "csv", CSV, csv.updates),
    "csv-measured": Export(
        "CSV, inside epochs", "a row a measurement between the ends of epochs", "csv", CSV, csv.measured
    ),
    "parquet-epochs": Export(
        "Parquet, per epoch", "for pandas, R, DuckDB: typed, exact", "parquet", PARQUET, parquet.epochs
    ),
    "parquet-updates": Export(
        "Parquet, per update", "the same, a row an update", "parquet", PARQUET, parquet.updates
    ),
    "parquet-measured": Export(
        "Parquet, inside epochs",
        "a row a measurement between the ends of epochs",
        "parquet",
        PARQUET,
        parquet.measured,
    ),
    "html": Export(
        "HTML page that plays",
        "opens without a server or network",
        "html",
        "text/html; charset=utf-8",
        html.html,
        MAX_RUNS_SHOWN,
    ),
    "demo": Export(
        "HTML page to choose from",
        "sliders over these runs, with the verdicts; without a server or network",
        "html",
        "text/html; charset=utf-8",
        demo.demo,
        MAX_RUNS_SHOWN,
    ),
    "script": Export(
        "Keras script",
        "reproduces the run with plain Keras and NumPy",
        "py",
        "text/x-python; charset=utf-8",
        script.scripts,
        bare=bundle.alone,
    ),
    "notebook": Export(
        "Jupyter notebook",
        "the script, step by step and explained",
        "ipynb",
        "application/x-ipynb+json",
        notebook.notebooks,
        bare=bundle.alone,
    ),
    "archive": Export(
        "BatchViz archive", "for another BatchViz, every bit kept", "batchviz.zip", ZIP, archive.archive
    ),
    "tensorboard": Export("TensorBoard", "event files, a folder a run", "zip", ZIP, tensorboard.tensorboard),
}
"""By the name in the address, in the order in which they are offered."""
