"""The program that times a network where one will train: run for real, and what it prints is read back."""

import ast

import pytest

from batchviz.analysis.sweep.machine import EXPECTED, read
from batchviz.errors import SpecError
from batchviz.experiment.plan import plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.exporters.machine_snippet import machine_snippet

SPECS = [
    RunSpec(),
    RunSpec(dataset="digits", model="convnet", hidden=(4,), dropout=0.1, optimizer="sgd", learning_rate=0.1),
]


@pytest.mark.parametrize("spec", SPECS, ids=["regression", "classes"])
def test_it_runs_as_it_stands_and_prints_one_line_that_is_read_back(spec, capsys):
    program = machine_snippet(spec, seconds=0.01)
    for whole, quick in (("(1, 4, 16, 64, 256, 1024)", "(1, 16, 64)"), ("min(100,", "min(8,")):
        assert whole in program
        program = program.replace(whole, quick)
    exec(compile(program, "snippet", "exec"), {})
    printed = capsys.readouterr().out.strip().splitlines()
    machine = read(printed[-1])
    assert len(printed) == 1
    assert machine.line.seconds(32) > 0
    assert machine.error >= 0
    assert 32 * machine.bytes_per_example == plan_for(spec).memory.activations_low, "as the ledger counts"


@pytest.mark.parametrize("spec", SPECS, ids=["regression", "classes"])
def test_it_needs_keras_and_numpy_alone(spec):
    tree = ast.parse(machine_snippet(spec))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported == {"keras", "numpy", "time"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_the_line_is_found_among_whatever_else_was_copied():
    machine = read(f"$ python snippet.py\n  {EXPECTED} memory=8e9 \n$")
    assert (machine.line.overhead, machine.line.per_example) == (0.00012, 3.1e-07)
    assert (machine.bytes_per_example, machine.error, machine.memory) == (520, 0.08, 8e9)
    assert read(EXPECTED).memory is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "x" * 10_000_000,
        f"{EXPECTED}\n{EXPECTED}",
        f"{EXPECTED} {'9' * 400}",
        EXPECTED.replace("a=0.00012 ", ""),
        EXPECTED.replace("0.00012", "nan"),
        EXPECTED.replace("0.00012", "-1"),
        EXPECTED.replace("0.00012", "1e300"),
        EXPECTED.replace("0.00012", "<script>"),
        EXPECTED.replace("0.00012", "0").replace("3.1e-07", "0"),
        f"{EXPECTED} a=1",
        f"{EXPECTED} more=1",
    ],
)
def test_anything_else_is_refused_with_what_was_expected(text):
    with pytest.raises(SpecError, match="xpected") as refused:
        read(text)
    assert len(str(refused.value)) < 400
