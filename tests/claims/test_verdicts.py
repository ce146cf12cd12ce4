"""Every claim's verdict follows what was recorded: on problems made so that it is true, and so that it is false."""

from __future__ import annotations

import math

import numpy as np
import pytest

from batchviz.claims.claim import Judged, Source, Verdict
from batchviz.claims.pairs import Pair, holm, within
from batchviz.claims.records import Records
from batchviz.claims.registry import claim, claims
from batchviz.claims.report import Result, judged, together
from batchviz.claims.statement import from_json, statement, to_json
from batchviz.claims.words import expected_time, pair_sentence, result_lines, verdict_sentence
from tests.claims.made import SEEDS, made

HOLDS, ONLY_IF, FALSE, UNKNOWN = (
    Verdict.HOLDS, Verdict.ONLY_IF, Verdict.DOES_NOT_HOLD, Verdict.NOT_DISTINGUISHABLE,
)  # fmt: skip


def size(name):
    return 800 if "full" in name else int(name.removeprefix("B = ").split()[0])


def falling(rate):
    """A loss from 1 down to .1, at a rate of (name, updates, epochs)."""
    return lambda name, updates, epochs: 0.1 + 0.9 * math.exp(-rate(name, updates, epochs))


def by_updates(name, updates, epochs):
    return updates / 20


def level(of):
    """The same loss of a run all along, once it has begun."""
    return lambda name, updates, epochs: of(name) if updates else 2.0


def clock(an_update):
    return lambda name: {f"B = {b}": an_update(b) for b in (1, 16, 32, 128, 800, 1024, 4096)}


def jumping(of):
    return lambda name, count: [1.0 + of(size(name)) * (-1) ** i for i in range(count)]


def paths(escaped, left=lambda b: 0.0):
    return lambda name: (
        {"paths": 250.0}
        | {
            f"{what}, B = {b}": of(b)
            for b in (1, 2, 4, 16)
            for what, of in (("escaped", escaped), ("left", left))
        }
    )


def noise(of):
    return lambda name: {"rows": 320.0} | {f"B = {b}": of(b) for b in (1, 4, 16, 64)}


def sharp(small, large):
    return lambda name: dict(
        zip(("sharpness", "validation loss"), large if "full" in name else small, strict=True)
    )


def memory(grown):
    return lambda name: {"bytes an example": grown, "inputs": 10.0, "outputs of layers": 2049.0}


def accumulated(off):
    return level(lambda name: 1.0 + (off(name) if "6 x 4" in name else 0.0))


MADE = [
    ("noisy-updates", HOLDS, {"loss": falling(by_updates), "updates": jumping(lambda b: 1 / b)}),
    ("noisy-updates", FALSE, {"loss": falling(by_updates), "updates": jumping(lambda b: b / 1000)}),
    ("noise-law", HOLDS, {"numbers": noise(lambda b: 9 / b * (320 - b) / 319)}),
    ("noise-law", FALSE, {"numbers": noise(lambda b: 9 / math.sqrt(b))}),
    ("small-is-slow", FALSE, {"loss": falling(lambda n, u, e: u * (0.1 if n == "B = 1" else 0.002)),
                              "numbers": clock(lambda b: 1e-6 if b == 1 else 1.0)}),
    ("small-is-slow", ONLY_IF, {"loss": falling(lambda n, u, e: e * (1 if n == "B = 1" else 0.4)),
                                "numbers": clock(lambda b: 1.0)}),
    ("small-is-slow", ONLY_IF, {"loss": falling(lambda n, u, e: u * (0.03 if n == "B = 1" else 0.05)),
                                "numbers": clock(float)}),
    ("large-starts-fast", HOLDS, {"loss": falling(lambda n, u, e: u * size(n) ** 2 / 1000)}),
    ("large-starts-fast", FALSE, {"loss": falling(lambda n, u, e: u / size(n))}),
    ("large-starts-fast", ONLY_IF, {"loss": falling(lambda n, u, e: u * (1.5 if size(n) > 2 else 1) / 40)}),
    ("budget-decides", HOLDS, {"loss": falling(lambda n, u, e: u * (1.5 if size(n) > 4 else 1) / 400)}),
    ("budget-decides", FALSE, {"loss": level(size)}),
    ("escapes-minima", HOLDS, {"numbers": paths(lambda b: 0.9)}),
    ("escapes-minima", FALSE, {"numbers": paths(lambda b: 0.001)}),
    ("escapes-minima", ONLY_IF, {"numbers": paths(lambda b: 0.6 if b < 3 else 0.01)}),
    ("escapes-minima", ONLY_IF, {"numbers": paths(lambda b: 0.6, lambda b: 0.4)}),
    ("sharp-minima", HOLDS, {"numbers": sharp((3, 0.1), (9, 0.2))}),
    ("sharp-minima", FALSE, {"numbers": sharp((9, 0.1), (3, 0.2))}),
    ("sharp-minima", ONLY_IF, {"numbers": sharp((3, 0.2), (9, 0.1))}),
    ("generalise-worse", HOLDS, {"loss": level(size)}),
    ("generalise-worse", FALSE, {"loss": level(lambda n: 1 / size(n))}),
    ("generalise-worse", ONLY_IF, {"loss": falling(by_updates), "noise": 0.001}),
    ("wrong-labels", HOLDS, {"loss": level(size)}),
    ("wrong-labels", FALSE, {"loss": level(lambda n: 1 / size(n))}),
    ("medium-is-best", HOLDS, {"loss": falling(by_updates), "numbers": clock(lambda b: {1: 2, 32: 1}.get(b, 30))}),
    ("medium-is-best", ONLY_IF, {"loss": falling(by_updates), "numbers": clock(lambda b: float(b))}),
    ("medium-is-best", FALSE, {"loss": falling(by_updates), "numbers": clock(lambda b: 9.0 if b == 32 else 1.0)}),
    ("time-proportional", HOLDS, {"numbers": clock(lambda b: 1e-6 * b)}),
    ("time-proportional", ONLY_IF, {"numbers": clock(lambda b: 1e-4 + 1e-6 * b)}),
    ("time-proportional", FALSE, {"numbers": clock(lambda b: 1e-4)}),
    ("memory-inputs", HOLDS, {"numbers": memory(40.0)}),
    ("memory-inputs", FALSE, {"numbers": memory(16_000.0)}),
    ("fewer-epochs", HOLDS, {"loss": falling(lambda n, u, e: e * size(n) / 300)}),
    ("fewer-epochs", FALSE, {"loss": falling(by_updates)}),
    ("fewer-epochs", ONLY_IF, {"loss": falling(lambda n, u, e: e * {8: 0.5, 32: 2, 128: 0.3}[size(n)])}),
    ("large-to-small", HOLDS, {"loss": level(lambda n: 0.1 if n.startswith("128, ") else 0.5)}),
    ("large-to-small", FALSE, {"loss": level(lambda n: 0.9 if n.startswith("128, ") else 0.5)}),
    ("large-to-small", ONLY_IF, {"loss": level(
        lambda n: {"always 8": 0.2, "always 128": 0.9}.get(n, 0.5 if n.startswith("128, ") else 0.7))}),
    ("accumulation-exact", HOLDS, {"loss": accumulated(lambda n: 1e-6), "noise": 1e-7}),
    ("accumulation-exact", FALSE, {"loss": accumulated(lambda n: 0.1), "noise": 1e-7}),
    ("accumulation-exact", ONLY_IF, {
        "loss": accumulated(lambda n: 0.1 if "normal" in n else 1e-6), "noise": 1e-7}),
    ("rate-over-batch", HOLDS, {"loss": level(lambda n: 0.5)}),
    ("rate-over-batch", FALSE, {"loss": level(size)}),
    ("rate-over-batch", ONLY_IF, {"loss": level(lambda n: 0.5 if n.endswith(("0.1", "625")) and n != "B = 8 at 0.1"
                                                else size(n))}),
    ("linear-rule", HOLDS, {"loss": level(lambda n: 0.5)}),
    ("linear-rule", FALSE, {"loss": level(lambda n: float(n.removeprefix("k = ")))}),
    ("linear-rule", ONLY_IF, {"loss": level(lambda n: 0.5 if n in ("k = 1", "k = 4", "k = 16") else 2.0)}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "verdict", "problem"), MADE)
def test_the_verdict_follows_the_problem(key, verdict, problem):
    tested = claim(key)
    result = judged(tested, tested.data, made(tested, **problem), SEEDS, 1.0)
    assert result.verdict is verdict, result_lines(result)
    assert bool(result.condition) is (verdict is ONLY_IF)
    assert result.evidence
    assert all(isinstance(value, float) and math.isfinite(value) for value in result.evidence.values())


def test_every_claim_is_made_true_and_made_false():
    told = {key: {verdict for each, verdict, _ in MADE if each == key} for key in (c.key for c in claims())}
    without = {key for key, verdicts in told.items() if FALSE not in verdicts or len(verdicts) < 2}
    assert without == set()


def test_the_condition_is_read_off_the_evidence():
    tested = claim("linear-rule")
    for last in ("k = 4", "k = 16", "k = 32"):
        good = {"k = 1", "k = 4", "k = 16", "k = 32"} - {
            k for k in ("k = 16", "k = 32") if size_of(k) > size_of(last)
        }
        records = made(tested, loss=level(lambda name, good=good: 0.5 if name in good else 2.0))
        assert judged(tested, tested.data, records, SEEDS, 1.0).condition.startswith(f"up to {last}, ")


def size_of(name):
    return int(name.removeprefix("k = "))


@pytest.mark.parametrize("key", [each.key for each in claims()])
def test_nothing_recorded_is_no_verdict(key):
    tested = claim(key)
    result = judged(tested, tested.data, Records({}, {}), SEEDS, 1.0)
    assert result.verdict is UNKNOWN
    assert "could not be measured" in verdict_sentence(result)
    assert result.condition == ""
    assert from_json(to_json([statement(result)])) == (statement(result),)


@pytest.mark.parametrize("seeds", [range(2), range(3)])
def test_few_seeds_settle_little(seeds):
    tested = claim("wrong-labels")
    records = made(tested, loss=level(lambda n: 1 + size(n) / 8000), seeds=seeds, noise=0.05)
    assert judged(tested, tested.data, records, seeds, 1.0).verdict is UNKNOWN


def test_a_difference_within_the_seeds_spread_is_no_verdict():
    tested = claim("wrong-labels")
    records = made(tested, loss=level(lambda n: 1.0), noise=0.3)
    assert judged(tested, tested.data, records, SEEDS, 1.0).verdict is UNKNOWN


def test_claims_have_their_own_keys_and_a_source():
    keys = [each.key for each in claims()]
    assert len(set(keys)) == len(keys) >= 15
    assert {each.source for each in claims()} == set(Source)
    assert [each.place for each in claims()] == sorted(each.place for each in claims())


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.key)
def test_a_test_is_said_to_take_less_than_a_minute_before_it_is_begun(claim):
    assert claim.expected_seconds < 60
    assert expected_time(claim).startswith("A test takes about ")


def test_holms_correction_is_that_of_the_textbook():
    # Holm 1979: the smallest times their number, the next times one less, never falling.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def report(random, draw):
    """A report of as many claims as there are, of each of which nothing is true: 10 seeds, two equal groups."""
    results = []
    for each in claims():
        first, second = (dict(enumerate(np.exp(draw(random)))) for _ in range(2))
        pair = Pair("nothing", first, second)
        results.append(Result(each, each.data, Judged(HOLDS, (pair,)), tuple(range(10)), 1.0))
    return together(results)


@pytest.mark.parametrize(
    "draw",
    [lambda r: r.normal(size=10), lambda r: r.exponential(size=10), lambda r: r.standard_t(2, size=10)],
)
def test_of_reports_without_any_effect_at_most_one_in_twenty_holds_a_verdict(draw):
    random = np.random.default_rng(7)
    wrong = sum(any(r.verdict is not UNKNOWN for r in report(random, draw)) for _ in range(300))
    assert wrong <= 0.05 * 300 + 2.33 * math.sqrt(0.05 * 0.95 * 300)


def test_a_verdict_that_is_clear_alone_can_be_too_little_among_many():
    first = dict.fromkeys(range(10), 1.0)
    pair = Pair("x", {seed: value + seed / 10 for seed, value in first.items()}, dict.fromkeys(first, 3.0))
    alone = Result(claim("wrong-labels"), "digits", Judged(HOLDS, (pair,)), tuple(range(10)), 1.0)
    (one,) = together([alone])
    assert one.verdict is HOLDS
    noise = Pair("y", {0: 1.0, 1: 2.0, 2: 3.0}, {0: 2.0, 1: 1.0, 2: 3.0})
    others = [Result(alone.claim, "digits", Judged(HOLDS, (noise,)), (0, 1, 2), 1.0) for _ in range(10_000)]
    assert together([alone, *others])[0].verdict is UNKNOWN


def test_equal_up_to_a_factor_is_asked_in_both_directions():
    close = within("c", dict.fromkeys(range(10), 1.05), dict.fromkeys(range(10), 1.0), 1.1)
    below = within("c", dict.fromkeys(range(10), 0.5), dict.fromkeys(range(10), 1.0), 1.1)
    assert close.lower
    assert below.higher


def test_a_pair_says_what_it_found():
    pair = Pair("loss, A / B", dict.fromkeys(SEEDS, 1.0), dict.fromkeys(SEEDS, 2.0))
    assert pair_sentence(pair) == "loss, A / B: 2 times lower, 10 of 10 seeds, a clear difference."
    assert pair_sentence(Pair("loss", {}, {})) == "loss: not measured."
