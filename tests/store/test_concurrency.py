"""Workers that write while a class looks on: no error, no lost row, no reader that waits for a writer."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

from batchviz.experiment.spec import RunSpec
from batchviz.store import Cursor, Store

WRITERS, READERS, SECONDS, ROWS = 4, 30, 3.0, 50

WRITER = """
import sys, time
from batchviz.store import Store
from tests.store.reports import report
url, run_id, seconds, rows = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
store = Store(url)
end, done = time.monotonic() + seconds, 0
while time.monotonic() < end:
    store.attempts.append(run_id, 1, report(done, rows))
    done += rows
    time.sleep(0.05)
print(done)
"""


def test_four_writers_and_thirty_readers_do_not_disturb_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'batchviz.db'}"
    store = Store(url)
    ids = []
    for seed in range(WRITERS):
        ids.append(store.queue.add([RunSpec(seed=seed)], "ada", "here")[0].id)
        store.queue.claim("runner")
    impatient = Store(url, busy_seconds=0)  # a lock in its way is an error
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, run_id, str(SECONDS), str(ROWS)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for run_id in ids
    ]
    errors: list[BaseException] = []

    def read() -> None:
        have = dict.fromkeys(ids, Cursor())
        try:
            while any(writer.poll() is None for writer in writers):
                for run_id, new in impatient.series.since(have).items():
                    loss = new.updates["loss"]
                    assert len({len(column) for column in new.updates.values()}) == 1
                    assert np.array_equal(
                        loss, np.arange(new.first["updates"], new.first["updates"] + len(loss))
                    )
                    have[run_id] = Cursor(1, 0, new.first["updates"] + len(loss))
                time.sleep(0.5)
        except BaseException as error:
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    written = [int(writer.communicate(timeout=60)[0]) for writer in writers]
    for reader in readers:
        reader.join()
    assert errors == []
    assert [len(series["loss"]) for series in store.series.whole(ids, "updates").values()] == written
    assert min(written) > ROWS
