"""`batchviz` and `batchviz serve`: the dashboard, from a folder that is not the repository."""

import subprocess
import sys
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import pytest

from batchviz.cli.__main__ import main
from batchviz.cli.serve import SCRIPT

ROOT = Path(__file__).parents[2]


def test_without_a_command_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def execve(program: str, command: list[str], environment: dict[str, str]) -> None:
        started.append(command)
        assert environment["MALLOC_ARENA_MAX"] == "2", "what the installation says is kept"
        assert environment["ARROW_DEFAULT_MEMORY_POOL"] == "system"
        raise SystemExit  # the process is another's from here on

    monkeypatch.setattr("os.execve", execve)
    monkeypatch.setenv("MALLOC_ARENA_MAX", "2")
    for arguments in ([], ["serve", "--port", "8600", "--host", "0.0.0.0"]):
        with pytest.raises(SystemExit):
            main(arguments)
    assert [command[3:] for command in started] == [
        ["run", str(SCRIPT), "--server.address", "127.0.0.1", "--server.port", "8501"],
        ["run", str(SCRIPT), "--server.address", "0.0.0.0", "--server.port", "8600"],
    ]


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
