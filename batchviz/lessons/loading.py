"""A lesson's file: TOML between two lines of `+++`, then the texts as Markdown under `## Facts`, `## Why` and `## Try`.

    +++
    title = "Three budgets"
    minutes = 6
    [base]                      # the fields of RunSpec
    dataset = "digits"
    [predict]                   # a Question, as are see, why and try.check
    kind = "order"
    ...
    +++
    ## Facts
    ...

Whatever is wrong with one is told in a sentence that names the field: it may have been written by anybody.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from batchviz.errors import SpecError
from batchviz.experiment.parsing import printable
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.lessons.lesson import Lesson
from batchviz.lessons.limits import MAX_LESSON_LENGTH
from batchviz.links.lesson import LessonLink

SECTIONS = {"Facts": "facts", "Why": "reason", "Try": "try"}
"""Heading -> the field that its text is."""
QUESTIONS = ("predict", "see", "why")
FENCE = "+++"


def load(text: str, slug: str = "own", number: int = 0) -> Lesson:
    """The lesson in the text of a file. Raises SpecError naming the field that is wrong and what was expected."""
    if len(text) > MAX_LESSON_LENGTH:
        raise SpecError(f"The lesson has {len(text):,} characters; expected at most {MAX_LESSON_LENGTH:,}.")
    head, body = _parts(text.replace("\r\n", "\n"))
    values, texts = _table(head), _sections(body)
    task = _mapping(values.pop("try", {}), "try")
    base = _spec(values.pop("base", {}), "base")
    free, sweep = task.pop("free", None), task.pop("sweep", None)
    link = LessonLink.parse({"title": values.get("title", ""), "free": None if free is None else tuple(free)})
    for name in QUESTIONS:
        values[name] = {**_mapping(values.get(name), name), "key": name}
    also = values.pop("also", [])
    if not isinstance(also, list):
        raise SpecError("also: expected a list of tables, [[also]].")
    values["also"] = [
        {**_mapping(each, "also"), "key": f"also{number}"} for number, each in enumerate(also, 1)
    ]
    check = {**_mapping(task.pop("check", None), "try.check"), "key": "check"}
    built = {
        **values,
        "slug": slug,
        "number": number,
        "base": base,
        "facts": texts["facts"],
        "reason": texts["reason"],
        "task": {
            "text": texts["try"],
            "base": _spec(task.pop("base", {}), "try.base", base),
            "link": link,
            "check": check,
            "sweep": None if sweep is None else _sweep(sweep, base),
            **task,
        },
    }
    try:
        return Lesson.model_validate(built)
    except ValidationError as error:
        raise SpecError(_explained(error)) from None


def _parts(text: str) -> tuple[str, str]:
    _, *parts = re.split(r"^\+\+\+[ \t]*$\n?", text.lstrip("\ufeff"), maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 2:
        raise SpecError(f"A lesson begins with its set-up between two lines of {FENCE}; there are none here.")
    return parts[0], parts[1]


def _table(head: str) -> dict[str, Any]:
    try:
        return tomllib.loads(head)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SpecError(f"The set-up between the lines of {FENCE} is no TOML: {error}.") from None


def _sections(body: str) -> dict[str, str]:
    """The text under each heading of the second level; what stands in a fence of code is no heading."""
    texts: dict[str, list[str]] = {}
    here: list[str] | None = None
    code = False
    for line in printable(body).splitlines():
        code ^= line.startswith("```")
        if line.startswith("## ") and not code:
            title = line[3:].strip()
            if title not in SECTIONS or SECTIONS[title] in texts:
                raise SpecError(f"Got the heading {title[:40]!r}; expected {', '.join(SECTIONS)}, each once.")
            here = texts.setdefault(SECTIONS[title], [])
        elif here is not None:
            here.append(line)
        elif line.strip():
            raise SpecError(
                f"Got {line[:40]!r} before the first heading; expected one of {', '.join(SECTIONS)}."
            )
    for title, name in SECTIONS.items():
        if not "".join(texts.get(name, [])).strip():
            raise SpecError(f"The text under the heading {title!r} is missing.")
    return {name: "\n".join(lines).strip() for name, lines in texts.items()}


def _mapping(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise SpecError(f"{name}: expected a table, [{name}].")
    return dict(value)


def _spec(values: Any, name: str, base: RunSpec | None = None) -> RunSpec:
    try:
        change = _mapping(values, name)
        return base.replace(**change) if base is not None else RunSpec.parse(change)
    except SpecError as error:
        raise SpecError(f"{name}: {error}") from None


def _sweep(values: Any, base: RunSpec) -> SweepSpec:
    try:
        return SweepSpec.parse({**_mapping(values, "try.sweep"), "base": base})
    except SpecError as error:
        raise SpecError(f"try.sweep: {error}") from None


def _explained(error: ValidationError) -> str:
    """The first thing that is wrong: field, what was got, what was expected."""
    problem = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in problem["loc"]).replace("task.", "try.")
    got = repr(problem.get("input"))
    received = "" if problem["type"] == "missing" else f"got {got[:60]}; "
    return f"{where}: {received}{problem['msg'][0].lower()}{problem['msg'][1:]}."
