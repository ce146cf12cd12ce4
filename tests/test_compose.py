"""What compose.yaml and the page on Kubernetes start is there. That the file is one for Compose, `make lint` checks."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from batchviz.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
PAGE = (ROOT / "docs" / "deploy" / "cluster.md").read_text()
DASK_CLUSTER = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])


def containers() -> list[dict[str, Any]]:
    spec = DASK_CLUSTER["spec"]
    return [spec[part]["spec"]["containers"][0] for part in ("worker", "scheduler")]


@pytest.mark.parametrize(
    "command",
    [
        *(COMPOSE["services"][name]["command"] for name in ("scheduler", "workers")),
        *(c["args"] for c in containers()),
    ],
)
def test_the_programs_are_there(command: list[str]) -> None:
    assert command[:2] == ["python", "-m"]
    assert importlib.util.find_spec(command[2])


def test_the_dashboard_is_told_where_scheduler_and_database_are(monkeypatch: pytest.MonkeyPatch) -> None:
    services = COMPOSE["services"]
    for name, value in services["dashboard"]["environment"].items():
        assert name.removeprefix(PREFIX).lower() in Settings.model_fields
        monkeypatch.setenv(name, re.sub(r"\$\{.*?\}", "secret", str(value)))
    settings = Settings.from_environment()
    assert settings.engine == services["workers"]["command"][3] == "tcp://scheduler:8786"
    assert settings.database_url == "postgresql://batchviz:secret@database/batchviz"
    assert {"scheduler", "database"} <= services.keys()


def test_only_the_dashboard_can_be_reached_from_outside() -> None:
    networks = {name: set(service["networks"]) for name, service in COMPOSE["services"].items()}
    assert COMPOSE["networks"]["cluster"] == {"internal": True}
    assert {name for name, each in networks.items() if each != {"cluster"}} == {"dashboard"}
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["dashboard"]
