"""`batchviz claims`: one list on standard output, verdicts from the run at hand, errors for people."""

from __future__ import annotations

import json

import pytest

from batchviz.claims.claim import Verdict
from batchviz.claims.registry import claims
from batchviz.cli.__main__ import main


def call(capsys, *arguments):
    """(exit code, standard output, standard error)"""
    code = main(["claims", *arguments])
    return code, *capsys.readouterr()


def test_the_report_is_one_json_list(capsys):
    code, out, _ = call(capsys, "--only", "large-starts-fast", "--seeds=10", "--first-seed=20", "--json")
    (result,) = json.loads(out, parse_constant=pytest.fail)
    assert code == 0
    assert {"claim", "key", "verdict", "evidence", "seeds", "seconds"} <= set(result)
    assert (result["key"], result["data"], result["seeds"]) == (
        "large-starts-fast",
        "teacher",
        list(range(20, 30)),
    )
    assert (result["verdict"], result["condition"]) == (Verdict.ONLY_IF, "at equal updates")
    assert all(isinstance(value, float) for value in result["evidence"].values())
    assert 0 < result["seconds"] < 60


def test_too_few_seeds_are_no_verdict_and_another_data_set_takes_its_place(capsys):
    code, out, _ = call(capsys, "--only=large-starts-fast", "--seeds=3", "--data=friedman")
    assert code == 0
    assert "Large batches converge faster at the start of training. (article)" in out
    assert "[large-starts-fast, friedman, seeds 0 to 2, " in out
    assert "Not distinguishable here: 2 of the pairs are not clear; 10 seeds find more than 3." in out


def test_the_claims_are_listed_without_testing_any(capsys):
    code, out, _ = call(capsys, "--list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [claim.key for claim in claims()]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "nonsense"], "There is no claim 'nonsense'. Expected one of noisy-updates"),
        (["--seeds", "2"], "--seeds: got '2'; expected a whole number from 3 to 40."),
        (["--seeds", "many"], "--seeds: got 'many'; expected a whole number"),
        (["--first-seed", "-1"], "--first-seed: got '-1'"),
        (["--data", "mnist"], "--data: got 'mnist'; expected one of random, teacher"),
        (["--workers", "0"], "--workers: got '0'"),
    ],
)
def test_what_is_not_understood_is_explained(capsys, arguments, words):
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
