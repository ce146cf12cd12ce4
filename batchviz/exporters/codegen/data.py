"""The data of a program: the very functions of batchviz.experiment.datasets, or the rows themselves, packed."""

from __future__ import annotations

import ast
import base64
import inspect
import re
import textwrap
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from batchviz.experiment import datasets, own_data
from batchviz.experiment.datasets import Arrays
from batchviz.experiment.own_data import OwnData
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.codegen.section import WIDTH, Section, docstring

_MADE_WITH = {
    "random": ("FEATURES",),
    "teacher": ("FEATURES",),
    "friedman": ("FEATURES", "FRIEDMAN_MEAN", "FRIEDMAN_DEVIATION"),
    "line": ("SLOPE", "INTERCEPT"),
    "moons": ("MOON_SPREAD",),
}
"""The data sets that a function draws, and the constants it uses."""
_CHANGED_WITH = {"mislabelled": ("WRONG_SHARE",)}
"""The constants of what is done to packed rows."""

MAX_PACKED = 200_000
"""Bytes, before compression, of the visitor's own data that a program may hold; more come in a file beside it."""


def sections(spec: RunSpec, rows: OwnData | None) -> list[Section]:
    """The function `data()` and what it needs."""
    dataset, plan = datasets.find(spec.dataset), plan_for(spec)
    explanation = (
        f'{spec.rows:,} rows of "{dataset.title}", always the same for one DATA_SEED. As in Keras, the first rows '
        f"are trained on and the last ones held out: {plan.training_rows:,} and {plan.validation_rows:,}."
    )
    constants = {"ROWS": spec.rows, "TRAINING_ROWS": plan.training_rows, "DATA_SEED": spec.data_seed}
    constants |= {
        name: getattr(datasets, name) for name in (_MADE_WITH | _CHANGED_WITH).get(spec.dataset, ())
    }
    lines = [f"{name} = {value!r}" for name, value in constants.items()]
    packed: list[Section] = []
    exception = ""
    if spec.dataset in _MADE_WITH:
        imports, code = _made(spec)
    elif spec.dataset in _PACKED_TABLE:
        table = _in_file_order(_DRAWN_FROM.get(spec.dataset, spec.dataset))
        imports, code = _drawn(spec.dataset, dataset.summary)
        packed = [_packed(table.tobytes())]
    else:
        imports, code, packed = _own_sections(spec, rows)
        if not packed:
            exception = (
                f"Its data is not in this file: it reads {file_name(spec)} in the folder where it is started."
            )
    run = "x, y = data()\nx_train, y_train = x[:TRAINING_ROWS], y[:TRAINING_ROWS]"
    if plan.validation_rows:
        run += "\nx_val, y_val = x[TRAINING_ROWS:], y[TRAINING_ROWS:]"
    code = "\n".join(lines) + "\n\n\n" + code
    return [*packed, Section("The data", explanation, code, run, imports, exception)]


def file_name(spec: RunSpec) -> str:
    """Of the file that own data lies in when it is not in the program."""
    return f"own-data-{datasets.identity(spec.dataset)}.npz"


def fits(rows: OwnData) -> bool:
    """Whether own data goes into the program itself."""
    return rows.x.nbytes + rows.y.nbytes <= MAX_PACKED


def _made(spec: RunSpec) -> tuple[tuple[str, ...], str]:
    """Data that a function draws: its own source, and that of what it uses."""
    make: Callable[..., Arrays] = datasets.DATASETS[spec.dataset].load
    source = _source(make)
    call = f"{make.__name__}(ROWS, {spec.noise!r}, DATA_SEED)"
    data = f"def data():\n{docstring('The inputs x and the targets y.')}\n    return {call}"
    imports = ("import math",) if "math." in source else ()
    return imports, "\n\n\n".join([source, _source(datasets._float), data])


def _source(function: Callable[..., Any]) -> str:
    """A function's source without annotations, which name types that the program does not have."""
    text = textwrap.dedent(inspect.getsource(function))
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    body = text.splitlines()[node.body[0].lineno - 1 :]
    source = "\n".join([f"def {node.name}({', '.join(arg.arg for arg in node.args.args)}):", *body])
    return re.sub(r"\b_float\b", "float32", source)


_DIGITS = "np.frombuffer(packed, np.uint8).reshape(1797, 65)"
_PACKED_TABLE = {
    "digits": _DIGITS,
    "mislabelled": _DIGITS,
    "diabetes": "np.frombuffer(packed, np.float32).reshape(442, 11)",
}
_DRAWN_FROM = {"mislabelled": "digits"}
"""Data sets that change the rows of another."""


def _drawn(name: str, summary: str) -> tuple[tuple[str, ...], str]:
    table = _PACKED_TABLE[name]
    digits = table == _DIGITS
    columns = (
        'rows[:, :-1] / np.float32(16), rows[:, -1].astype("int32")'
        if digits
        else "rows[:, :-1], rows[:, -1:]"
    )
    code = f"""def data():
{docstring(f"The inputs x and the targets y. {summary}")}
    packed = zlib.decompress(base64.b64decode(PACKED))  # PACKED: the rows, in the order of the original file
    table = {table}
    rows = table[np.random.default_rng(DATA_SEED).permutation(len(table))[:ROWS]]
    return {columns}"""
    if name == "mislabelled":
        code = code.replace(
            f"return {columns}",
            f"x, y = {columns}\n    return x, {datasets.mistaken.__name__}(y, DATA_SEED)",
        )
        code = f"{_source(datasets.mistaken)}\n\n\n{code}"
    return ("import base64", "import zlib"), code


def _in_file_order(name: str) -> NDArray[Any]:
    """The whole table, before `datasets` draws from it: inputs, then the target."""
    dataset = datasets.DATASETS[name]
    x, y = dataset.load(dataset.max_rows, 0.0, 0)
    order = np.random.default_rng(0).permutation(dataset.max_rows)
    drawn = np.column_stack([x * 16, y]).astype(np.uint8) if name == "digits" else np.column_stack([x, y])
    table = np.empty_like(drawn)
    table[order] = drawn
    return table


def _own_sections(spec: RunSpec, rows: OwnData | None) -> tuple[tuple[str, ...], str, list[Section]]:
    dataset = datasets.find(spec.dataset)
    kind = "float32" if dataset.task == "regression" else "int32"
    shape = (
        f"({dataset.rows}, {dataset.inputs})",
        f"({dataset.rows}, 1)" if kind == "float32" else f"({dataset.rows},)",
    )
    draw = "\n    return drawn(x, y, {rule}, ROWS, DATA_SEED, TRAINING_ROWS)"
    functions = "\n\n\n".join([_source(own_data.over_training_rows), _source(own_data.drawn)])
    if rows is not None and fits(rows):
        rule = "None, False"
        if rows.standardised is not None:
            marks = textwrap.wrap("".join("01"[int(mark)] for mark in rows.standardised), WIDTH - 10)
            written = "\n".join(f'    "{line}"' for line in marks)
            marked = "STANDARDISED = (  # each input and last the target: 1 if it is standardised"
            functions = f"{marked}\n{written}\n)\n\n\n{functions}"
            rule = f"[mark == '1' for mark in STANDARDISED], {rows.in_order}"
        code = f"""{functions}


def data():
{docstring("The inputs x and the targets y, unpacked from PACKED.")}
    packed = zlib.decompress(base64.b64decode(PACKED))
    values = np.frombuffer(packed[: {rows.x.nbytes}], np.float32), np.frombuffer(packed[{rows.x.nbytes} :], np.{kind})
    x, y = values[0].reshape({shape[0]}), values[1].reshape({shape[1]}){draw.format(rule=rule)}"""
        content = np.ascontiguousarray(rows.x, "<f4").tobytes() + rows.y.astype(f"<{kind[0]}4").tobytes()
        return ("import base64", "import zlib"), code, [_packed(content)]
    name = file_name(spec)
    text = (
        f"The inputs x and the targets y, from {name} in the folder from which Python was started: "
        f"x is {shape[0]} float32, y is {shape[1]} {kind}."
    )
    if rows is None:
        text += " The data is its owner's and not part of this file; ask whoever rows it."
    code = f'''{functions}


def data():
{docstring(text)}
    with np.load("{name}") as file:
        x, y = file["x"], file["y"]
        standardised = file["standardised"] if "standardised" in file else None
        in_order = "in_order" in file and bool(file["in_order"]){draw.format(rule="standardised, in_order")}'''
    return (), code, []


def _packed(content: bytes) -> Section:
    text = base64.b64encode(zlib.compress(content, 9)).decode()
    lines = "\n".join(textwrap.wrap(text, WIDTH))
    return Section(
        "The data, packed",
        "The rows as the program needs them: numbers, compressed and written as text. Nothing to read here.",
        f'PACKED = """\n{lines}\n"""',
        packed=True,
    )
