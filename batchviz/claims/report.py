"""Verdicts: of one claim from its records, and of many together, so that hardly any report holds a false one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from batchviz.claims.claim import Claim, Judged, Verdict
from batchviz.claims.limits import FALSE_VERDICTS
from batchviz.claims.pairs import holm
from batchviz.claims.records import Records


@dataclass(frozen=True)
class Result:
    """A claim that was tested."""

    claim: Claim
    data: str
    judged: Judged
    """As the means have it, however sure that is."""
    seeds: tuple[int, ...]
    seconds: float
    """That the test took, TensorFlow's loading left out."""
    corrected: float = 1.0
    """The chance that any verdict this sure is false, over all claims of the report."""

    @property
    def chance(self) -> float:
        """That of the least sure pair: the verdict needs them all."""
        return max((pair.chance for pair in self.judged.pairs), default=1.0)

    @property
    def verdict(self) -> Verdict:
        """What may be said: nothing where a pair is not clear, or where so many claims would mislead by chance."""
        established = all(pair.clear for pair in self.judged.pairs) and self.judged.pairs
        sure = established and self.corrected <= FALSE_VERDICTS
        return self.judged.verdict if sure else Verdict.NOT_DISTINGUISHABLE

    @property
    def condition(self) -> str:
        """Under which it holds; empty for other verdicts."""
        return self.judged.condition if self.verdict is Verdict.ONLY_IF else ""

    @property
    def evidence(self) -> dict[str, float]:
        """Numbers by what they are."""
        numbers = {name: value for name, value in self.judged.numbers.items() if math.isfinite(value)}
        for pair in self.judged.pairs:
            numbers |= pair.numbers()
        return numbers


def judged(claim: Claim, data: str, records: Records, seeds: Sequence[int], seconds: float) -> Result:
    """The result of one claim, by itself."""
    (result,) = together([Result(claim, data, claim.judge(records), tuple(seeds), seconds)])
    return result


def together(results: Sequence[Result]) -> list[Result]:
    """The same results as one report: Holm's correction keeps the chance of any false verdict at FALSE_VERDICTS.

    That a claim's verdict needs all of its pairs costs nothing: for it to be false one of them must be, and that one
    is found as rarely as any (an intersection-union test).
    """
    corrected = holm([result.chance for result in results])
    return [replace(result, corrected=each) for result, each in zip(results, corrected, strict=True)]
