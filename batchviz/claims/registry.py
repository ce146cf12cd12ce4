"""Every claim there is: each module of `cards` has one, called CLAIM."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from batchviz.claims import cards
from batchviz.claims.claim import Claim
from batchviz.errors import SpecError


@functools.cache
def claims() -> tuple[Claim, ...]:
    """In the order of a report."""
    names = (module.name for module in pkgutil.iter_modules(cards.__path__, f"{cards.__name__}."))
    loaded: list[Claim] = [importlib.import_module(name).CLAIM for name in names]
    return tuple(sorted(loaded, key=lambda claim: claim.place))


def claim(key: str) -> Claim:
    """The claim of that key. Raises SpecError with the keys there are."""
    for each in claims():
        if each.key == key:
            return each
    keys = ", ".join(each.key for each in claims())
    raise SpecError(f"There is no claim {key[:60]!r}. Expected one of {keys}.")
