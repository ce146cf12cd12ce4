"""Did a class learn? The same members' answers to one question before a lesson and to its twin after it.

Only members whose two answers differ in being right say anything: `gained` were wrong and then right, `lost` the other
way round. Without an effect either way is as likely, so of the n that changed the number that gained is
Binomial(n, 1/2): McNemar's test, taken exactly (Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology
13:91, where the exact form is the one that never exceeds its level).

The interval of the gain, (share that changed) x (2 x share of these that gained - 1), is a product of two exact ones
(Clopper and Pearson 1934): of the first share at 1 - CHANGED_ERROR, of the second at 1 - 2 x TAUGHT_ERROR. By
Bonferroni it holds the true gain in at least 95 of 100 classes, and it lies above zero exactly where the test, at one
side and TAUGHT_ERROR, says that more gained than lost: of classes without an effect, at most one in a hundred.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

TAUGHT_ERROR = 0.01
"""Of classes without an effect, the most of which it is said that they learned."""
CHANGED_ERROR = 0.03


@dataclass(frozen=True)
class Gain:
    """What a class gained, in shares of its members: `mean` is 0.2 where 20 points more were right after than before.

    `low` and `high` hold the true gain in 95 of 100 classes at least.
    """

    members: int
    before: float
    after: float
    gained: int
    lost: int
    low: float
    high: float

    @property
    def mean(self) -> float:
        """After minus before."""
        return (self.gained - self.lost) / self.members

    @property
    def taught(self) -> bool:
        """Whether it can be told from no gain, upwards."""
        return self.low > 0

    @property
    def harmed(self) -> bool:
        """Whether it can be told from no gain, downwards."""
        return self.high < 0


def gain(pairs: Sequence[tuple[bool, bool]]) -> Gain | None:
    """Of (right before, right after), one pair a member; None without members."""
    if not pairs:
        return None
    gained = sum(after and not before for before, after in pairs)
    lost = sum(before and not after for before, after in pairs)
    low, high = interval(len(pairs), gained, lost)
    before, after = (sum(each[i] for each in pairs) / len(pairs) for i in (0, 1))
    return Gain(len(pairs), before, after, gained, lost, low, high)


@functools.lru_cache(maxsize=4096)
def interval(members: int, gained: int, lost: int) -> tuple[float, float]:
    """The ends of the gain's interval, in shares of the members."""
    changed = gained + lost
    share = _exact(changed, members, CHANGED_ERROR)
    up = tuple(2 * end - 1 for end in _exact(gained, changed, 2 * TAUGHT_ERROR))
    ends = [a * b for a in share for b in up]
    return min(ends), max(ends)


def taught(members: int, gained: int, lost: int) -> bool:
    """Whether so many that changed are said to have learned."""
    return interval(members, gained, lost)[0] > 0


def power(members: int, gains: float, loses: float) -> float:
    """How often a class of so many is said to have learned where each member gains and loses with these chances."""
    changes = gains + loses
    if changes == 0:
        return 0.0
    return sum(
        _chance(changed, members, changes) * _at_least(_needed(changed), changed, gains / changes)
        for changed in range(members + 1)
    )


@functools.cache
def _needed(changed: int) -> int:
    """The fewest of so many changed that must have gained; more than there are where no number is enough."""
    numbers = range(changed // 2, changed + 1)
    return next((n for n in numbers if _at_least(n, changed, 0.5) <= TAUGHT_ERROR), changed + 1)


def _at_least(count: int, trials: int, chance: float) -> float:
    from scipy.special import bdtrc  # here and below, because it takes the web process 18 MB

    if count <= 0:
        return 1.0
    return 0.0 if count > trials else float(bdtrc(count - 1, trials, chance))


def _chance(count: int, trials: int, chance: float) -> float:
    return _at_least(count, trials, chance) - _at_least(count + 1, trials, chance)


def _exact(successes: int, trials: int, error: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share; all of it where there was nothing to count."""
    from scipy.special import betaincinv

    low = float(betaincinv(successes, trials - successes + 1, error / 2)) if successes else 0.0
    high = float(betaincinv(successes + 1, trials - successes, 1 - error / 2)) if successes < trials else 1.0
    return low, high
