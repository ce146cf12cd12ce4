"""`batchviz` and `batchviz serve`: the dashboard, from a folder that is not the repository."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import pytest

from batchviz.cli import classroom
from batchviz.cli.__main__ import main
from batchviz.cli.serve import SCRIPT

ROOT = Path(__file__).parents[2]


def test_without_a_command_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def execve(program: str, command: list[str], environment: dict[str, str]) -> None:
        started.append(command)
        assert environment["MALLOC_ARENA_MAX"] == "2", "what the installation says is kept"
        assert environment["ARROW_DEFAULT_MEMORY_POOL"] == "system"
        assert environment["FORWARDED_ALLOW_IPS"] == "10.0.0.0/8,192.0.2.7", "as Uvicorn reads it"
        raise SystemExit  # the process is another's from here on

    monkeypatch.setattr("os.execve", execve)
    monkeypatch.setenv("MALLOC_ARENA_MAX", "2")
    monkeypatch.setenv("BATCHVIZ_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7")
    for arguments in ([], ["serve", "--port", "8600", "--host", "0.0.0.0"]):
        with pytest.raises(SystemExit):
            main(arguments)
    assert [command[3:] for command in started] == [
        ["run", str(SCRIPT), "--server.address", "127.0.0.1", "--server.port", "8501"],
        ["run", str(SCRIPT), "--server.address", "0.0.0.0", "--server.port", "8600"],
    ]


def test_for_a_class_it_listens_everywhere_and_shows_the_address_as_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[tuple[list[str], dict[str, str]]] = []

    def execve(program: str, command: list[str], environment: dict[str, str]) -> None:
        started.append((command, environment))
        raise SystemExit

    monkeypatch.setattr("os.execve", execve)
    monkeypatch.setattr(classroom, "local_address", lambda: "192.0.2.44")
    monkeypatch.delenv("BATCHVIZ_WORKERS", raising=False)
    with pytest.raises(SystemExit):
        main(["serve", "--class", "--port", "8600"])
    command, environment = started[0]
    assert command[5:] == ["--server.address", "0.0.0.0", "--server.port", "8600"]
    assert environment["BATCHVIZ_WORKERS"] == str(os.cpu_count())
    printed = capsys.readouterr().out
    assert "The class opens  http://192.0.2.44:8600" in printed
    drawn = [line for line in printed.splitlines() if set(line) & set("█▀▄")]
    assert len(drawn) >= 14, "two rows of modules a line"


def test_without_a_network_the_teacher_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable(*_: object) -> None:
        raise OSError

    class Probe(socket.socket):
        connect = unreachable

    monkeypatch.setattr(classroom.socket, "socket", Probe)
    assert main(["serve", "--class"]) == 1
    assert "This machine is in no network" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1", "٣"])
def test_a_port_that_is_none_is_explained(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", f"--port={port}"]) == 1
    assert f"--port: got {port!r}; expected a whole number from 1 to 65535" in capsys.readouterr().err


def test_it_answers_from_another_folder_with_its_own_settings(tmp_path: Path, free_port: int) -> None:
    command = [sys.executable, "-m", "batchviz", "serve", "--port", str(free_port)]
    environment = {
        "BATCHVIZ_DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT),
        "PATH": "/usr/bin:/bin",
    }
    server = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert answer(f"http://127.0.0.1:{free_port}/_stcore/health", server) == b"ok"
        # Static files are served because .streamlit/config.toml beside the app says so.
        font = answer(f"http://127.0.0.1:{free_port}/app/static/inter-latin.woff2", server)
        assert font == (ROOT / "batchviz/ui/static/inter-latin.woff2").read_bytes()
    finally:
        server.terminate()
        server.communicate(timeout=30)


def answer(address: str, server: "subprocess.Popen[bytes]") -> bytes:
    """What is answered there, once something is."""
    until = monotonic() + 60
    while True:
        try:
            return bytes(urllib.request.urlopen(address, timeout=5).read())
        except OSError:
            assert server.poll() is None, "It ended."
            assert monotonic() < until
            sleep(0.1)
