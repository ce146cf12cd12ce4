"""The fields of RunSpec as command-line flags: one field, one flag; the budget is one of four.

Flags take text as it comes. `RunSpec.parse` reads and checks it, so that the command line refuses what a form
or a link refuses, in the same words.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Collection, Iterable
from typing import Any

from batchviz.errors import BatchVizError
from batchviz.experiment.constraints import BUDGET_LIMITS, CHOICES, expected
from batchviz.experiment.parsing import as_text, read_budget
from batchviz.experiment.spec import RunSpec

MAX_WORKERS = 64
"""Processes that train for one command."""
METAVARS = dict.fromkeys(CHOICES, "NAME") | {"hidden": "WIDTHS", "batch_schedule": "EPOCH:SIZE,..."}


def add_flags(parser: ArgumentParser, *, without: Collection[str] = ("budget", "budget_unit")) -> None:
    """Give the parser every flag that describes a run, but for some fields; the budget has flags of its own."""
    budgets = parser.add_mutually_exclusive_group()
    default = RunSpec()
    for unit, limit in BUDGET_LIMITS.items():
        of_default = f"; default {as_text(default.budget)}" if unit == default.budget_unit else ""
        budgets.add_argument(
            f"--{unit}", metavar="N", help=f"train for so many {unit}: at most {limit:,}{of_default}"
        )
    for name, field in RunSpec.model_fields.items():
        flag = "--" + name.replace("_", "-")
        if name in without:
            continue
        if field.annotation is bool:
            parser.add_argument(
                flag, action="store_const", const=True, help=f"{field.title}. {field.description}"
            )
            continue
        default_text = as_text(field.default) or "none"
        text = f"{field.title}. {field.description} Expected {expected(name, field)}; default {default_text}."
        parser.add_argument(flag, metavar=METAVARS.get(name, "N"), help=text.replace("%", "%%"))


def read_flags(arguments: Namespace) -> RunSpec:
    """The spec that the flags describe. Raises SpecError."""
    return RunSpec.parse(read_budget(read_values(arguments, (*RunSpec.model_fields, *BUDGET_LIMITS))))


def whole(
    flag: str,
    text: str | None,
    default: int,
    least: int,
    most: int,
    error: type[BatchVizError] = BatchVizError,
) -> int:
    """The whole number behind a flag, or `default` without one. Raises `error`."""
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
        raise error(f"{flag}: got {text[:40]!r}; expected a whole number from {least} to {most:,}.")
    return int(text)


def workers(text: str | None, default: int, error: type[BatchVizError] = BatchVizError) -> int:
    """The processes that --workers asks for. Raises `error`."""
    return whole("--workers", text, default, 1, MAX_WORKERS, error)


def read_values(arguments: Namespace, names: Iterable[str]) -> dict[str, Any]:
    """Those of the values that were given, as they were written."""
    values = {name: getattr(arguments, name, None) for name in names}
    return {name: value for name, value in values.items() if value is not None}
