"""Logs for people, or a JSON object a line for what collects them."""

from __future__ import annotations

import json
import logging
import time
from typing import Literal

LogFormat = Literal["text", "json"]


class JsonFormatter(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        entry = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{record.msecs:03.0f}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def formatter(log_format: LogFormat) -> logging.Formatter:
    """Of this installation."""
    return (
        JsonFormatter()
        if log_format == "json"
        else logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    )


def log_to_standard_error(log_format: LogFormat) -> None:
    """What the web process has to say: that of ours, and where it is to be JSON that of Streamlit and Uvicorn too."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(log_format))
    names = ["batchviz"] + (["streamlit", "uvicorn"] if log_format == "json" else [])
    for name in names:  # with whatever below has a handler of its own, as Streamlit gives each of its loggers
        below = [each for each in logging.root.manager.loggerDict if each.startswith(f"{name}.")]
        for logger in map(logging.getLogger, [name, *below]):
            logger.handlers[:] = [handler] if logger.name == name else []
            logger.propagate = logger.name != name
