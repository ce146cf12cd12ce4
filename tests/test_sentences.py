"""No sentence in analysis, store, experiment or importers but an error's: what a person reads stands in `text`.

Every string of three words or more in these folders is looked at, f-strings with their values left out. Docstrings,
raised and asserted errors, arguments of an Error, log lines and SQL are passed over. What else is left is a row of a
table or a part of an error, and is named here with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "batchviz"
LAYERS = ("analysis", "store", "experiment", "importers")
WORDS = re.compile(r"(?:\b[a-z]{2,}\b[ ,.:;']*){3}|(?:\b\w+\b[ ,:;']+){2}\w+[.!?]", re.IGNORECASE)
SQL = re.compile(r"(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP) ")

ALLOWED = {
    # The rows of a table that forms, links and this very list of choices read.
    "experiment/spec.py RunSpec": "titles and descriptions of the fields, and the start of an error",
    "experiment/sweep_spec.py SweepSpec": "titles and descriptions of the fields, and the runs in an error",
    "experiment/datasets.py DATASETS": "titles and summaries of the data sets",
    "experiment/datasets.py _by_shape": "title and summary of an imported run's data",
    "experiment/presets.py ARTICLE": "the title and address of the source article",
    "experiment/datasets.py _own_dataset": "title and summary of uploaded data",
    "experiment/models.py MODELS": "titles of the models",
    "experiment/presets.py PRESETS": "titles and summaries of the presets",
    "experiment/optimizers.py OPTIMIZERS": "titles of the optimisers",
    "experiment/constraints.py LEARNING_RATE_RULES": "titles of the rules",
    # What was expected, as the end of an error.
    "experiment/constraints.py _PHRASES": "what a field accepts",
    "experiment/constraints.py expected": "what a field accepts",
    "experiment/constraints.py explain": "errors of fields",
    "experiment/constraints.py _shortened": "what was given instead",
    # Errors that are made in one place and raised in another.
    "store/database.py Database": "what a database refuses",
    "store/database.py _FULL": "what a database refuses",
    "store/database.py _SENTENCES": "what a database refuses",
    "store/selection.py _missing": "the error for runs that are not there",
    # Recorded with a run, as the reason why it has no result.
    "store/attempts.py _EARLIER": "why a run was given up or started again",
    "store/attempts.py Attempts": "why a run was given up or started again",
    "store/attempts.py _queue_again": "why a run was given up or started again",
    "store/queue.py stop_at_once": "why a run has no result",
    "importers/archive/run.py UNFINISHED": "why a run has no result",
    "importers/history/run.py recorded": "why a run has no result",
    # Parts of errors about files: what a file is, where it is wrong, what was expected.
    "importers/archive/document.py text": "what a field of an archive accepts",
    "importers/archive/document.py RunDocument": "what a field of an archive accepts",
    "importers/archive/document.py read": "where an archive is wrong",
    "importers/archive/run.py layout": "where an archive is wrong",
    "importers/bounded_json.py loads": "why JSON cannot be read",
    "importers/history/columns.py _check": "why a value cannot be that of a history",
    "importers/history/json_history.py EXPECTED": "what a history is",
    "importers/history/json_history.py _kind": "what stands in a history instead of a number",
    "importers/history/json_history.py _parsed": "where JSON is wrong",
    "importers/history/epochs.py _whole": "what stands in a history instead of a whole number",
    "importers/history/other_files.py _SAVE": "what to do about a file that is no history",
    "importers/history/other_files.py _SIGNS": "what a file is that is no history",
    "importers/history/other_files.py by_content": "what a file is that is no history",
    "importers/history/other_files.py by_headings": "what a file is that is no history",
    "importers/table/encoding.py _where": "where a text is wrong",
    "importers/table/options.py TooManyRows": "an error that is a class",
    "importers/table/preparation.py _check_size": "what to do about too many inputs",
    "importers/table/reader.py _check_shape": "what to do about a single column",
    **{
        f"importers/table/reader.py {name}": "what a file is that is no table"
        for name in ("_SAVE", "_UNPACK", "_PICTURE", "_PAGE", "_SIGNS", "_EMPTY")
    },
    # No words for people.
    "importers/imported_run.py ImportedRun": "names of fields",
    "importers/table/csv.py check_quotes": "what Python's csv module says",
    "importers/table/parquet.py load": "what Arrow says",
}
"""File and name at its top -> what the sentences there are."""


class Sentence(NamedTuple):
    """One string that looks like words for people."""

    place: str
    line: int
    words: str


def passed_over(node: ast.AST) -> bool:
    """Whether whatever stands inside is an error, a log line or documentation."""
    if isinstance(node, ast.Raise | ast.Assert):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    return called.endswith("Error") or called.startswith("logger.")


def strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The strings in a piece of code."""
    if passed_over(node):
        return
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.values]
        yield node.lineno, "".join(map(str, parts))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from strings(child)


def name_of(node: ast.AST) -> str:
    """What a statement at the top of a module defines."""
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    return str(getattr(node, "name", "") or ast.unparse(getattr(node, "target", ast.Name(""))))


def sentences_in(place: str, code: str) -> list[Sentence]:
    """Every sentence in a module's code."""
    return [
        Sentence(f"{place} {name_of(statement)}".strip(), line, words)
        for statement in ast.parse(code).body
        for line, words in strings(statement)
        if WORDS.search(words) and not SQL.match(words)
    ]


def every_sentence() -> list[Sentence]:
    return [
        sentence
        for layer in LAYERS
        for path in sorted((PACKAGE / layer).rglob("*.py"))
        for sentence in sentences_in(path.relative_to(PACKAGE).as_posix(), path.read_text())
    ]


def test_what_a_person_reads_stands_in_text():
    offenders = [sentence for sentence in every_sentence() if sentence.place not in ALLOWED]
    assert offenders == [], "words for people belong into batchviz/text, over data from here"


def test_every_exception_is_still_needed():
    assert set(ALLOWED) - {sentence.place for sentence in every_sentence()} == set()


def test_analysis_has_no_exception():
    assert [place for place in ALLOWED if place.startswith("analysis/")] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('def f(x):\n    return f"These runs had {x} budgets."', 1),
        ('TEXT = "No runs are chosen yet."', 1),
        ('def f():\n    yield "It is better than " + x', 1),
        ('def f():\n    """It is better than that."""', 0),
        ('def f():\n    raise SpecError(f"Rows: got {x}; expected at least one.")', 0),
        ('def f():\n    return StoreError("There is no run here.")', 0),
        ('def f():\n    logger.info("The engine waits for work.")', 0),
        ('COLUMNS = ("val_loss", "train_loss")', 0),
        ('QUERY = "SELECT version_num FROM alembic_version"', 0),
    ],
)
def test_a_sentence_is_told_from_other_strings(code, found):
    assert len(sentences_in("analysis/x.py", code)) == found
