"""`python -m batchviz.engine`: the dispatcher. The web server starts it; a training machine runs it alone."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from logging.handlers import RotatingFileHandler

from batchviz.engine.backend import Backend
from batchviz.engine.dispatcher import Dispatcher, LeadershipLost
from batchviz.engine.environment import check_installed
from batchviz.engine.leader import SILENCE_SECONDS, Leadership
from batchviz.engine.local_backend import LocalBackend
from batchviz.engine.logs import formatter
from batchviz.errors import BatchVizError
from batchviz.settings import LOCAL, Settings
from batchviz.store import Store

logger = logging.getLogger("batchviz.engine")

ANOTHER_IS_THERE = 3
"""Exit code when a living dispatcher leads."""


def main() -> int:
    """Serve until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m batchviz.engine", description="Train the queued runs.")
    parser.add_argument(
        "--until-unwanted", action="store_true", help="end when no web server is there and nothing is queued"
    )
    arguments = parser.parse_args()
    try:
        settings = Settings.from_environment()
        store = Store(settings.database_url)
        log_to(settings)
        make = backend_of(settings)
        leadership = Leadership(store)
        if not acquired(leadership):
            holder = leadership.holder()
            where = f" (process {holder.pid} on {holder.host})" if holder else ""
            print(f"Another engine serves this database{where}; there is nothing to do.", file=sys.stderr)
            return ANOTHER_IS_THERE
    except BatchVizError as error:
        print(error, file=sys.stderr)
        return 1
    wake = threading.Event()
    logger.info("Engine %d serves: %s.", os.getpid(), settings.engine)
    dispatcher = Dispatcher(
        store,
        leadership,
        make(settings, wake),
        wake,
        until_unwanted=arguments.until_unwanted,
        max_long_runs=settings.max_long_runs,
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: dispatcher.stop())
    try:
        dispatcher.serve()
    except LeadershipLost:
        logger.error("Another engine took over.")
        logging.shutdown()
        os._exit(ANOTHER_IS_THERE)  # without the clean-up at exit: the workers finish their runs
    logger.info("Engine %d ended.", os.getpid())
    return 0


def backend_of(settings: Settings) -> Callable[[Settings, threading.Event], Backend]:
    """What makes the backend that the settings ask for. Raises BatchVizError where a package is missing."""
    if settings.engine == LOCAL:
        return LocalBackend
    check_installed(settings)
    from batchviz.engine.cluster.backend import ClusterBackend

    return ClusterBackend


def acquired(leadership: Leadership) -> bool:
    """Become the leader, waiting as long as it takes to see that a silent one is dead."""
    give_up = time.monotonic() + SILENCE_SECONDS + 1
    while not leadership.acquire():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True


def log_to(settings: Settings) -> None:
    """Log into the data folder, a few MB at most."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(settings.data_dir / "engine.log", maxBytes=1_000_000, backupCount=2)
    handler.setFormatter(formatter(settings.log_format))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
