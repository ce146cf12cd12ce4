"""What an installation can set by its environment, and what it is told about a value that cannot be used."""

import os
from pathlib import Path

import pytest

from batchviz.errors import BatchVizError
from batchviz.settings import PREFIX, Settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_an_environment_everything_lies_in_the_folder_data(tmp_path: Path) -> None:
    settings = Settings.from_environment()
    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'batchviz.db'}"
    assert 1 <= settings.workers <= 4
    assert (settings.admin_token, settings.mlflow_uri) == ("", "")


def test_every_field_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    values = {
        "data_dir": str(tmp_path / "elsewhere"),
        "database_url": "postgresql://ada@host/runs",
        "engine": "tls://scheduler.example.org:8786",
        "workers": "3",
        "start_method": "spawn",
        "admin_token": "correct horse battery",
        "mlflow_uri": "http://127.0.0.1:5000",
        "allowed_hosts": "('lab.example.org',)",
        "embed_origins": "('https://lms.example.org',)",
        "max_run_seconds": "60.0",
        "max_run_megabytes": "500",
        "max_long_runs": "2",
        "class_days": "30",
        "max_visitor_runs": "50",
        "max_sweep_runs": "300",
        "max_class_members": "40",
        "max_visitor_megabytes": "60",
        "max_total_megabytes": "700",
        "min_free_megabytes": "80",
        "visitors_an_address": "9",
        "trusted_proxies": "('10.0.0.0/8',)",
        "max_uploads_megabytes": "200",
        "metrics_token": "twelve letters",
        "log_format": "json",
    }
    assert values.keys() == Settings.model_fields.keys()
    for name, value in values.items():
        monkeypatch.setenv(f"{PREFIX}{name.upper()}", value.strip("(',)"))
    settings = Settings.from_environment()
    assert {name: str(getattr(settings, name)) for name in values} == values
    assert "battery" not in repr(settings)
    assert "5000" not in repr(settings)


def test_a_home_folder_is_found_and_the_database_lies_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BATCHVIZ_DATA_DIR", "~/runs")
    settings = Settings.from_environment()
    assert settings.data_dir == Path.home().resolve() / "runs"
    assert settings.database_url == f"sqlite:///{settings.data_dir}/batchviz.db"


@pytest.mark.parametrize("name", ["WORKERS", "START_METHOD", "DATABASE_URL", "DATA_DIR", "ADMIN_TOKEN"])
def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    plain = Settings.from_environment()
    monkeypatch.setenv(f"BATCHVIZ_{name}", "")
    assert Settings.from_environment() == plain


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("WORKERS", "0", "BATCHVIZ_WORKERS is '0'; expected a whole number from 1 to 64."),
        ("WORKERS", "65", "BATCHVIZ_WORKERS is '65'; expected a whole number from 1 to 64."),
        ("WORKERS", "many", "BATCHVIZ_WORKERS is 'many'; expected a whole number from 1 to 64."),
        (
            "START_METHOD",
            "fork",
            "BATCHVIZ_START_METHOD is 'fork'; expected 'forkserver' (Linux, macOS) or 'spawn'.",
        ),
        *(
            (
                "ENGINE",
                engine,  # no address, no port, and one whose workers have no way to this machine's file
                f"BATCHVIZ_ENGINE is '{engine}'; expected 'local', or the address of a Dask scheduler such as "
                "tcp://scheduler:8786 with a database of PostgreSQL, which its workers reach too.",
            )
            for engine in ("dask", "tcp://scheduler", "tcp://scheduler:8786")
        ),
        ("MAX_RUN_SECONDS", "0", "BATCHVIZ_MAX_RUN_SECONDS is '0'; expected seconds above 0, such as 3600."),
        (
            "MAX_RUN_MEGABYTES",
            "-2",
            "BATCHVIZ_MAX_RUN_MEGABYTES is '-2'; expected a whole number of MB, 0 for a share.",
        ),
        (
            "ALLOWED_HOSTS",
            "lab.example.org,https://example.net",
            "BATCHVIZ_ALLOWED_HOSTS is 'lab.example.org,https://example.net'; expected names with commas between, "
            "such as lab.example.org,*.example.net, or *.",
        ),
        (
            "EMBED_ORIGINS",
            "https://lms.example.org; script-src *",
            "BATCHVIZ_EMBED_ORIGINS is 'https://lms.example.org; script-src *'; expected origins with commas between, "
            "such as https://lms.example.org, or *.",
        ),
        ("ADMIN_TOKEN", "open sesame", "BATCHVIZ_ADMIN_TOKEN has 11 characters; expected at least 12."),
    ],
)
def test_a_value_that_cannot_be_used_is_explained(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"BATCHVIZ_{name}", value)
    with pytest.raises(BatchVizError) as caught:
        Settings.from_environment()
    assert str(caught.value) == sentence


def test_lists_have_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCHVIZ_ALLOWED_HOSTS", "lab.example.org, *.example.net")
    monkeypatch.setenv("BATCHVIZ_EMBED_ORIGINS", "https://lms.example.org:8443,")
    settings = Settings.from_environment()
    assert settings.allowed_hosts == ("lab.example.org", "*.example.net")
    assert settings.embed_origins == ("https://lms.example.org:8443",)


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCHVIZ_WORKERS", "-1")
    monkeypatch.setenv("BATCHVIZ_START_METHOD", "thread")
    with pytest.raises(BatchVizError, match=r"BATCHVIZ_WORKERS is '-1'.*BATCHVIZ_START_METHOD is 'thread'"):
        Settings.from_environment()
