"""A configuration and its runs as the readable parameters of a link: `?v=1&batch_size=128&runs=AbCd_1234567,...`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import Field

from batchviz.errors import BatchVizError, SpecError
from batchviz.experiment.constraints import BUDGET_LIMITS
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.parsing import in_link, read_budget
from batchviz.experiment.spec import RunSpec
from batchviz.links.lesson import LessonLink
from batchviz.links.limits import MAX_RUNS_LENGTH
from batchviz.links.url_model import VERSION, UrlModel

NON_SPEC_PARAMETERS = LessonLink.names()
OPEN_TERM = "show"
"""`show=TERM` beside a configuration: train the example of that term."""
"""Parameters that stand beside those of a configuration, beside `v` and `runs`."""
RUN_ID = re.compile(r"[A-Za-z0-9_-]{6,16}")
_SEEDS = re.compile(r"[1-9]\d{0,2}")


class SelectionError(BatchVizError):
    """A list of runs that cannot be exported; the text says what was expected."""


class ExperimentLink(UrlModel):
    """A link to one configuration. Its parameters are the fields of the RunSpec, and `epochs=20` for `budget=20`."""

    NEIGHBOURS = ("v", "runs", *NON_SPEC_PARAMETERS)

    spec: RunSpec = Field(default_factory=RunSpec)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Its parameters."""
        return (*RunSpec.model_fields, *BUDGET_LIMITS)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Self:
        """The configuration of these parameters. Raises SpecError."""
        return cls(spec=RunSpec.parse(read_budget(texts)))

    def encode_lists(self) -> dict[str, list[str]]:
        """The parameters that differ from the defaults, some of which follow from the data set and the model."""
        chosen = ("dataset", "model")
        default = RunSpec(dataset=self.spec.dataset, model=self.spec.model).model_dump(exclude=set(chosen))
        default |= {name: RunSpec.model_fields[name].default for name in chosen}
        values = {name: getattr(self.spec, name) for name in RunSpec.model_fields}
        return {name: [in_link(value)] for name, value in values.items() if value != default[name]}


def encode(spec: RunSpec) -> dict[str, str]:
    """The parameters of a configuration: the version, and each field that differs from its default."""
    return ExperimentLink(spec=spec).encode()


def decode(parameters: Mapping[str, str]) -> RunSpec:
    """The configuration that a link's parameters describe. Raises SpecError."""
    return ExperimentLink.decode(parameters).spec


def encode_runs(runs: Sequence[str] | Mapping[str, int]) -> str:
    """The `runs` parameter: ids, and behind one how many seeds from it on are meant: `AbCd_1234567~10`."""
    seeds = runs if isinstance(runs, Mapping) else dict.fromkeys(runs, 1)
    return ",".join(f"{run_id}~{count}" if count > 1 else run_id for run_id, count in seeds.items())


def decode_runs(text: str) -> dict[str, int]:
    """The ids in a `runs` parameter, and of each how many seeds from it on. Raises SpecError for what cannot be one."""
    parts = list(dict.fromkeys(text.split(","))) if text and len(text) <= MAX_RUNS_LENGTH else []
    runs: dict[str, int] = {}
    for part in parts:
        run_id, _, count = part.partition("~")
        if RUN_ID.fullmatch(run_id) is None or (part != run_id and _SEEDS.fullmatch(count) is None):
            raise SpecError(f"runs: got {part[:40]!r}; expected ids of runs with commas between them.")
        runs[run_id] = max(int(count or 1), runs.get(run_id, 1))
    if len(text) > MAX_RUNS_LENGTH or sum(runs.values()) > MAX_RUNS_SHOWN:
        raise SpecError(f"runs: the link names too many runs; expected at most {MAX_RUNS_SHOWN}.")
    return runs


def runs_link(run_ids: Sequence[str]) -> dict[str, str]:
    """The parameters of a link to runs, with no configuration beside them."""
    return {"v": VERSION, "runs": encode_runs(run_ids)}


def select_runs(single: Sequence[str], lists: Sequence[str], most: int) -> list[str]:
    """What is to be exported: the ids in `run=ID&run=ID` and in `runs=ID,ID`, each once. Raises SelectionError."""
    run_ids = list(dict.fromkeys([*single, *(run_id for text in lists for run_id in text.split(","))]))
    if not run_ids:
        raise SelectionError("Expected at least one run: run=ID, or runs=ID,ID.")
    if len(run_ids) > most:
        raise SelectionError(
            f"Got {len(run_ids)} runs; this file holds at most {most}. Export the rest separately."
        )
    for run_id in run_ids:
        if RUN_ID.fullmatch(run_id) is None:
            raise SelectionError(f"run: got {run_id[:60]!r}; expected the id of a run.")
    return run_ids
