"""A look into a finished run, from the store's request to what is found, by a real worker."""

from __future__ import annotations

from batchviz.experiment.inspection import Inspection
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.store import InspectionRequest, RequestState
from tests.engine.conftest import LONG, Installation

SPEC = RunSpec(dataset="line", rows=64, hidden=(), batch_size=16, budget=2, optimizer="sgd")


def test_a_look_into_a_run_begins_while_another_trains_and_is_found(installation: Installation) -> None:
    run = installation.becomes(installation.add(SPEC), Status.DONE)
    long = installation.training(LONG)
    installation.store.inspections.add(run)
    installation.until(lambda: isinstance(installation.store.inspections.find(run.id), Inspection), 120)
    found = installation.store.inspections.find(run.id)
    assert isinstance(found, Inspection)
    assert (found.updates[-1], found.surface is not None) == (run.progress.updates, True)
    assert abs(found.loss[-1] - run.final["train_loss"]) < 1e-6
    assert installation.store.runs.get(long.id).status == Status.RUNNING
    installation.end(long)


def test_what_cannot_be_trained_again_says_why(installation: Installation) -> None:
    spec = RunSpec(dataset="own.AbCdEf12.64x2.2", rows=64, hidden=(), batch_size=16, budget=2)
    run = installation.store.runs.get(_imported(installation, spec))
    installation.store.inspections.add(run)

    def failed() -> bool:
        found = installation.store.inspections.find(run.id)
        return isinstance(found, InspectionRequest) and found.state is RequestState.FAILED

    installation.until(failed, 120)


def _imported(installation: Installation, spec: RunSpec) -> str:
    from batchviz.experiment.records import Progress, Source
    from batchviz.experiment.series import SERIES

    added = installation.store.runs.add_imported(
        "ada", spec, source=Source.ARCHIVE, title="", status=Status.DONE, reason="", final={},
        progress=Progress(updates=8, examples=100, epochs=2.0),
        epochs=SERIES["epochs"].empty(), updates=SERIES["updates"].empty(),
    )  # fmt: skip
    return added.id
