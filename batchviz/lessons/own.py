"""A lesson of one's own: a file to begin with, made of any set-up, and the file as the value of a link's parameter."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Sequence

from batchviz.errors import SpecError
from batchviz.experiment.constraints import BatchSize
from batchviz.experiment.spec import RunSpec
from batchviz.lessons.limits import MAX_LESSON_LENGTH, MAX_PACKED_LENGTH

_PACKED = re.compile(r"[A-Za-z0-9_-]+")
_DAMAGED = "The link is damaged: it holds no lesson. Ask whoever sent it for a new one."


def begun(spec: RunSpec, sizes: Sequence[BatchSize]) -> str:
    """The file of a whole lesson on these batch sizes of a set-up, to be changed."""
    default = RunSpec(dataset=spec.dataset, model=spec.model)
    fields = spec.model_dump(mode="json", exclude={"batch_size", "batch_schedule", "seed"})
    base = [
        f"{name} = {json.dumps(value)}"
        for name, value in fields.items()
        if value != getattr(default, name, None)
    ]
    if spec.dataset != RunSpec().dataset:
        base.insert(0, f"dataset = {json.dumps(spec.dataset)}")
    return _TEMPLATE.format(base="\n".join(dict.fromkeys(base)), **_options(sizes))


def packed(text: str) -> str:
    """The file as characters that a link leaves alone. Raises SpecError for one that no link holds."""
    value = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    if len(value) > MAX_PACKED_LENGTH:
        raise SpecError(
            f"The lesson takes {len(value):,} characters in a link; expected at most {MAX_PACKED_LENGTH:,}. "
            "Shorten its texts, or hand on its file."
        )
    return value


def unpacked(value: str) -> str:
    """The file in a link's parameter. Raises SpecError: anything may stand there."""
    if len(value) > MAX_PACKED_LENGTH or _PACKED.fullmatch(value) is None:
        raise SpecError(_DAMAGED)
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(
            base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)), 4 * MAX_LESSON_LENGTH
        )
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise SpecError(_DAMAGED)
        return content.decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        raise SpecError(_DAMAGED) from None


def _options(sizes: Sequence[BatchSize]) -> dict[str, str]:
    return {
        name: "".join(
            f'[[{name}.options]]\nkey = "{size}"\ntext = "B = {size}"\nspec = {{ batch_size = {json.dumps(size)} }}\n'
            for size in sizes
        )
        for name in ("predict", "see")
    }


_TEMPLATE = """+++
title = "My lesson"
minutes = 5
seeds = 5

[base]
{base}

[predict]
kind = "order"
text = "Put the validation losses in order, the lowest first."
measure = "validation loss at the end"
{predict}
[see]
kind = "pick"
text = "Which run ended lowest?"
measure = "validation loss at the end"
{see}
[why]
kind = "pick"
text = "Why?"
right = "updates"
[[why.options]]
key = "updates"
text = "It made more updates."
[[why.options]]
key = "rows"
text = "It saw more rows."

[try]
free = ["batch_size"]
[try.check]
kind = "pick"
text = "What did you find?"
right = "same"
[[try.check.options]]
key = "same"
text = "The same as before"
[[try.check.options]]
key = "other"
text = "Something else"
+++
## Facts

What a learner must know beforehand. **Markdown** works here; links and pictures do not.

## Why

The reason, in two sentences. It is told after it was asked.

## Try

What to try in the Playground.
"""
