"""Logs that machines read: every line an object, whatever was said."""

import json
import logging
import sys

import pytest

from batchviz.engine.logs import formatter, log_to_standard_error


def test_a_line_is_an_object_with_its_traceback() -> None:
    try:
        raise ValueError('a "quoted"\nword')
    except ValueError:
        record = logging.LogRecord(
            "batchviz.engine", logging.ERROR, "file", 1, "Run %s\nended.", ("a",), sys.exc_info()
        )
    line = formatter("json").format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["level"], entry["logger"], entry["message"]) == (
        "ERROR",
        "batchviz.engine",
        "Run a\nended.",
    )
    assert entry["traceback"].endswith('ValueError: a "quoted"\nword')
    assert entry["time"].endswith("Z")


def test_the_web_process_logs_in_the_stated_form(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("uvicorn.error").addHandler(logging.StreamHandler())
    starts = ("batchviz", "streamlit", "uvicorn")
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.startswith(starts)]
    before = [(logger, logger.handlers[:], logger.propagate) for logger in loggers]
    try:
        log_to_standard_error("json")
        logging.getLogger("batchviz.web").warning("Look.")
        logging.getLogger("uvicorn.error").warning("There.")
    finally:
        for logger, handlers, propagate in before:
            logger.handlers[:], logger.propagate = handlers, propagate
    assert [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()] == [
        "Look.",
        "There.",
    ]
