"""Real processes, really killed. What kills the dispatcher or the web server comes last."""

import os
import signal
import time

import psutil
import pytest

from batchviz.engine.leader import process_exists
from batchviz.experiment.plan import plan_for
from batchviz.experiment.records import Run, Status
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.store import RunDelta, Store, SweepState
from tests.engine.conftest import LONG, SHORT, Installation

pytestmark = pytest.mark.timeout(120)


def test_a_run_is_trained_and_recorded(installation: Installation) -> None:
    run = installation.becomes(installation.add(SHORT), Status.DONE)
    assert run.reason == ""
    assert installation.shown(run) == plan_for(SHORT).updates == run.progress.updates
    epochs = installation.points(run).epochs
    assert epochs["updates"].tolist() == [0, 5, 10]
    assert run.final["val_loss"] == pytest.approx(float(epochs["val_loss"][-1]))


def test_a_killed_worker_costs_its_run_a_new_start_and_the_others_nothing(installation: Installation) -> None:
    victim = installation.training(LONG, "ada", updates=1000)
    other = installation.training(LONG.replace(seed=1), "bob")
    others_worker = installation.worker(other)

    installation.kill(installation.worker(victim))
    installation.until(lambda: installation.store.runs.get(victim.id).attempt == 2, 5)
    assert (
        installation.store.runs.get(victim.id).reason
        == "Started again, because its worker was killed (SIGKILL)."
    )
    before = installation.points(victim)
    assert before.attempt == 1  # on show while it waits
    count = len(before.updates["loss"])
    assert count >= 1000
    installation.until(lambda: installation.points(victim).attempt == 2)
    assert grown(before, installation.points(victim)) >= 0  # the very same run

    installation.kill(installation.worker(victim))
    failed = installation.becomes(victim, Status.FAILED, 5)
    assert "its worker was killed (SIGKILL), for the second time" in failed.reason
    assert "smaller" in failed.reason  # what to do next
    assert installation.shown(victim) >= count
    assert installation.worker(other) == others_worker
    assert installation.store.runs.get(other.id).attempt == 1
    installation.end(other)


def test_a_worker_killed_while_idle_is_replaced(installation: Installation) -> None:
    installation.until(lambda: len(workers(installation)) == 2)
    for worker in workers(installation):
        installation.kill(worker.pid)
    for seed in range(2):
        installation.becomes(installation.add(SHORT.replace(seed=100 + seed)), Status.DONE)


def test_stop_takes_effect_between_updates_and_keeps_the_points(installation: Installation) -> None:
    run = installation.training(LONG.replace(seed=2), updates=1000)
    started = time.monotonic()
    installation.store.queue.request_stop(run.id, "ada")
    stopped = installation.becomes(run, Status.STOPPED, 5)
    assert time.monotonic() - started < 3
    assert installation.shown(run) == stopped.progress.updates >= 1000


def test_a_worker_that_does_not_react_to_stop_is_ended(installation: Installation) -> None:
    run = installation.training(LONG.replace(seed=3))
    deaf = installation.worker(run)
    os.kill(deaf, signal.SIGSTOP)  # as one long compilation would look
    installation.store.queue.request_stop(run.id, "ada")
    stopped = installation.becomes(run, Status.STOPPED, 20)
    assert "did not react within 5 seconds" in stopped.reason
    assert installation.shown(run) >= 1
    installation.until(lambda: not process_exists(deaf), 2)


def test_a_killed_dispatcher_costs_no_run_and_no_point(installation: Installation) -> None:
    survivor = installation.training(LONG.replace(seed=4), "ada")
    orphan = installation.training(LONG.replace(seed=5), "bob")
    waiting = installation.add(SHORT.replace(seed=6), "cleo")
    survivors_worker, orphans_worker = installation.worker(survivor), installation.worker(orphan)

    old = installation.dispatcher
    installation.kill(old)
    installation.kill(orphans_worker)
    seen = installation.points(survivor), installation.points(orphan)
    assert installation.store.runs.get(waiting.id).status == Status.QUEUED

    installation.until(lambda: installation.dispatcher != old, 15)
    installation.until(lambda: installation.store.runs.get(orphan.id).attempt == 2, 15)
    assert "its worker was gone when the engine came back" in installation.store.runs.get(orphan.id).reason
    assert grown(seen[1], installation.points(orphan)) >= 0
    installation.becomes(waiting, Status.DONE)
    assert installation.worker(survivor) == survivors_worker  # trains on under the new dispatcher
    assert installation.store.runs.get(survivor.id).attempt == 1
    assert grown(seen[0], installation.points(survivor)) > 0
    installation.end(survivor, orphan)
    for run, before in zip((survivor, orphan), seen, strict=True):
        after = installation.points(run)
        assert grown(before, after) >= 0
        assert len(after.updates["loss"]) == after.run.progress.updates


SWEEP = SweepSpec.parse(
    {
        "batch_sizes": (1, 2, 4),
        "learning_rates": (0.01, 0.03),
        "optimizer": "sgd",  # with tanh: differences of rounding do not grow
        "activation": "tanh",
        "seeds": 2,
        "report_seeds": 1,
        "hidden": "64-64",
        "epochs": 15,
    }
)


@pytest.mark.timeout(300)
def test_a_sweep_goes_on_whoever_is_killed_in_the_middle(installation: Installation) -> None:
    store = installation.store
    sweep = store.sweeps.add(SWEEP, "ada", "test")
    installation.until(lambda: len(store.attempts.running()) > 1)  # a group is under way
    for worker in workers(installation):
        installation.kill(worker.pid)
    installation.until(lambda: bool(again(store, sweep.id)))
    # Of a worker that nobody knows yet the next dispatcher cannot tell that it lives: its run would be lost twice.
    installation.until(lambda: known(store, sweep.id) or not again(store, sweep.id))

    old = installation.dispatcher
    installation.kill(old)
    installation.until(lambda: installation.dispatcher != old, 30)
    installation.until(lambda: not again(store, sweep.id))
    installation.until(lambda: bool(store.attempts.running()))

    whole = [
        psutil.Process(installation.dispatcher),
        *psutil.Process(installation.dispatcher).children(recursive=True),
    ]
    for process in whole:
        process.kill()
    installation.until(lambda: store.sweeps.get(sweep.id).state == SweepState.DONE, 90)

    runs = store.sweeps.runs(sweep.id)
    assert len(runs) == len({run.spec for run in runs}) == SWEEP.count_runs()
    assert [(run.reason, run.attempt) for run in runs if run.status is not Status.DONE] == []
    assert len({run.attempt for run in runs}) > 1
    undisturbed = store.sweeps.add(SWEEP, "bob", "another test")
    installation.until(lambda: store.sweeps.get(undisturbed.id).state == SweepState.DONE, 60)
    twins = {run.spec: run for run in store.sweeps.runs(undisturbed.id)}
    for run in runs:
        twin = twins[run.spec]
        assert run.progress.updates == twin.progress.updates == run.plan.updates
        assert run.final["val_loss"] == pytest.approx(twin.final["val_loss"], rel=1e-4)
        assert len(installation.points(run).updates["loss"]) == run.plan.updates


def again(store: Store, sweep_id: str) -> list[Run]:
    """Runs that were started again and are not over."""
    return [run for run in store.sweeps.runs(sweep_id) if run.attempt > 1 and not run.status.final]


def known(store: Store, sweep_id: str) -> bool:
    """Whether the worker of such a run has said who it is."""
    ids = {run.id for run in again(store, sweep_id)}
    return any(run.id in ids and ":" in run.worker for run in store.attempts.running())


def test_a_killed_web_server_leaves_the_engine_at_work_for_the_next(installation: Installation) -> None:
    run = installation.training(LONG.replace(seed=7), "ada")
    waiting = installation.add(SHORT.replace(seed=8), "bob")
    dispatcher, worker = installation.dispatcher, installation.worker(run)
    assert installation.web is not None
    installation.web.kill()
    installation.web.wait()
    seen = installation.points(run)
    installation.becomes(waiting, Status.DONE)
    installation.until(lambda: grown(seen, installation.points(run)) > 0)  # trains on without a web server
    installation.start()
    web = installation.web.pid
    installation.until(lambda: any(process.pid == web for process in installation.store.processes.all()))
    time.sleep(1)  # a second dispatcher would be started by that first look
    assert (installation.dispatcher, installation.worker(run)) == (dispatcher, worker)
    assert len([p for p in psutil.process_iter(["cmdline"]) if serves(p, installation)]) == 1

    installation.end(run)
    assert grown(seen, installation.points(run)) > 0
    installation.stop()
    # It is not this web server's own child: it ends because nobody wants it any more.
    installation.until(lambda: not process_exists(dispatcher), 25)
    assert not [runner for runner in installation.store.processes.all() if runner.name == "engine"]


def grown(before: RunDelta, after: RunDelta) -> int:
    """How many updates came in; what had been recorded is still there, every value of it."""
    for kind in ("updates", "epochs"):
        earlier, later = getattr(before, kind), getattr(after, kind)
        count = len(earlier["loss"])
        for name in earlier:
            if name != "seconds" or before.attempt == after.attempt:  # a new attempt takes its own time
                assert later[name][:count].tobytes() == earlier[name].tobytes(), name
    return len(after.updates["loss"]) - len(before.updates["loss"])


def workers(installation: Installation) -> list[psutil.Process]:
    """Grandchildren of the dispatcher, through the fork server."""
    servers = psutil.Process(installation.dispatcher).children()
    return [worker for server in servers for worker in server.children()]


def serves(process: psutil.Process, installation: Installation) -> bool:
    try:
        ours = str(installation.settings.data_dir) in process.environ().get("BATCHVIZ_DATA_DIR", "")
        return ours and "batchviz.engine" in process.cmdline()
    except psutil.Error:
        return False
