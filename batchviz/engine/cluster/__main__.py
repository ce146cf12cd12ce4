"""`python -m batchviz.engine.cluster ADDRESS`: workers of this machine for the cluster with that scheduler.

Those of `dask worker` serve as well. These have TensorFlow loaded once for all, by a fork server, so that the next
worker is there in a second, and they wait for a scheduler that is not there, or is gone, instead of ending.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from argparse import ArgumentParser
from contextlib import suppress

import dask
from distributed import Nanny
from distributed.utils import get_mp_context

from batchviz.engine.environment import tensorflow_environment
from batchviz.errors import BatchVizError
from batchviz.settings import Settings

logger = logging.getLogger("batchviz.engine.cluster")

RETRY_SECONDS = 1.0
PRELOAD = ["batchviz.engine.preload", "batchviz.engine.cluster.on_worker", "distributed.nanny"]


def main() -> int:
    """Serve until stopped; returns the exit code."""
    cores = os.cpu_count() or 1
    parser = ArgumentParser(
        prog="python -m batchviz.engine.cluster",
        description="Train runs for the Dask cluster with this scheduler, until stopped.",
    )
    parser.add_argument("address", help="of the scheduler, such as tcp://scheduler:8786")
    parser.add_argument(
        "--workers", type=int, default=cores, metavar="N", help="how many; default one a core"
    )
    parser.add_argument(
        "--threads", type=int, metavar="N", help="of each, for one run; default a share of the cores"
    )
    parser.add_argument(
        "--name", help="by which the cluster knows the worker, or the first part of that of several"
    )
    parser.add_argument(
        "--memory-limit", default="auto", help="of each, such as 2GB; default a share of what is there"
    )
    arguments = parser.parse_args()
    if arguments.workers < 1 or (arguments.threads is not None and arguments.threads < 1):
        parser.error("expected at least one worker, of at least one thread")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        settings = Settings.from_environment()
    except BatchVizError as error:
        print(error, file=sys.stderr)
        return 1
    os.environ.update(tensorflow_environment(settings.data_dir))
    dask.config.set({"distributed.worker.multiprocessing-method": settings.start_method})
    dask.config.set(
        {"distributed.comm.timeouts.connect": "3s"}
    )  # then it waits longer and longer between attempts
    if settings.start_method == "forkserver":
        get_mp_context().set_forkserver_preload(PRELOAD)  # at its first call Dask sets a list of its own
    threads = arguments.threads or max(1, cores // arguments.workers)
    names: list[str | None] = [None] * arguments.workers
    if arguments.name:
        several = arguments.workers > 1
        names = [
            f"{arguments.name}-{number}" if several else arguments.name for number in range(arguments.workers)
        ]
    options = {"nthreads": threads, "memory_limit": arguments.memory_limit}
    asyncio.run(_serve([(arguments.address, {**options, "name": name}) for name in names]))
    return 0


async def _serve(workers: list[tuple[str, dict[str, object]]]) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    keepers = [asyncio.create_task(_keep(address, options)) for address, options in workers]
    await stopped.wait()
    for keeper in keepers:
        keeper.cancel()
    await asyncio.gather(*keepers, return_exceptions=True)


async def _keep(address: str, options: dict[str, object]) -> None:
    """One worker with its nanny, and another whenever it has closed, as it does with its scheduler."""
    reported = False
    while True:
        nanny = Nanny(address, **options)
        try:
            await nanny
            reported = False
            await nanny.finished()
            logger.warning("The scheduler at %s is gone, or closed this worker.", address)
        except Exception as error:
            if not reported:
                logger.error("The scheduler at %s does not answer; trying on. %s", address, error)
            reported = True
        finally:
            with suppress(Exception):
                await nanny.close()
        await asyncio.sleep(RETRY_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
