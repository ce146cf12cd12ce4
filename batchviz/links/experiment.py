"""A set-up and its runs as the readable parameters of a link: `?v=1&batch_size=128&runs=AbCd_1234567,...`.

A link holds what differs from the default, so it stays short, and a version, so that it keeps its meaning
when a default changes. A link comes from anywhere: it is bounded before it is read.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from batchviz.errors import SpecError
from batchviz.experiment.constraints import BUDGET_LIMITS
from batchviz.experiment.parsing import in_link, read_budget
from batchviz.experiment.spec import RunSpec

VERSION = "1"
MAX_PARAMETERS = 64
MAX_VALUE_LENGTH = 400
MAX_RUNS = 64
NON_SPEC_PARAMETERS = ("title", "text", "free", "hide", "seeds", "layout")
"""Parameters that `frame` reads; beside them stand `v` and `runs`."""
RUN_ID = re.compile(r"[A-Za-z0-9_-]{6,16}")


def encode(spec: RunSpec) -> dict[str, str]:
    """The parameters of a set-up: the version, and each field that differs from its default."""
    named = ("dataset", "model")  # they choose the defaults of rows and hidden
    default = RunSpec(dataset=spec.dataset, model=spec.model).model_dump(exclude=set(named))
    default |= {name: RunSpec.model_fields[name].default for name in named}
    changed = [name for name in RunSpec.model_fields if getattr(spec, name) != default[name]]
    return {"v": VERSION} | {name: in_link(getattr(spec, name)) for name in changed}


def decode(parameters: Mapping[str, str]) -> RunSpec:
    """The set-up that a link's parameters describe; `epochs=20` is read as well as `budget=20`.

    Raises SpecError for another version and for what no set-up can be. A name that resembles no setting is
    passed over, because mail programs and social networks add names of their own to links.
    """
    if len(parameters) > MAX_PARAMETERS:
        raise SpecError(f"The link has {len(parameters)} parameters; expected at most {MAX_PARAMETERS}.")
    check_version(parameters)
    return RunSpec.parse(
        read_budget({name: value for name, value in parameters.items() if _is_setting(name, value)})
    )


def check_version(parameters: Mapping[str, str]) -> None:
    """A link without a version is of version 1. Raises SpecError for one that a later BatchViz wrote."""
    version = parameters.get("v", "1")
    if version != VERSION:
        raise SpecError(
            f"The link is of version {version[:20]!r}; expected {VERSION}. Open it with the BatchViz it came "
            "from, or set up the run anew."
        )


def encode_runs(ids: Sequence[str]) -> str:
    """The `runs` parameter."""
    return ",".join(ids)


def decode_runs(text: str) -> list[str]:
    """The ids in a `runs` parameter, each once. Raises SpecError for what cannot be the id of a run."""
    longest = MAX_RUNS * 17  # an id and its comma
    ids = list(dict.fromkeys(text.split(","))) if text and len(text) <= longest else []
    if len(text) > longest or len(ids) > MAX_RUNS:
        raise SpecError(f"runs: the link names too many runs; expected at most {MAX_RUNS}.")
    for run_id in ids:
        if RUN_ID.fullmatch(run_id) is None:
            raise SpecError(f"runs: got {run_id[:40]!r}; expected ids of runs with commas between them.")
    return ids


def _is_setting(name: str, value: str) -> bool:
    """Whether the parameter is a setting. Raises SpecError for one that is misspelt or too long."""
    known = (*RunSpec.model_fields, *BUDGET_LIMITS)
    if name in known:
        if len(value) > MAX_VALUE_LENGTH:
            raise SpecError(f"{name}: got {len(value):,} characters; expected at most {MAX_VALUE_LENGTH}.")
        return True
    if name in ("v", "runs", *NON_SPEC_PARAMETERS):
        return False
    if close := difflib.get_close_matches(name[:40].lower().replace("-", "_"), known, n=1, cutoff=0.75):
        raise SpecError(f"Unknown setting {name[:40]!r} in the link; expected {close[0]!r}.")
    return False
