"""The only reader of the environment. Every knob of an installation is a field, `BATCHVIZ_<NAME>` outside."""

from __future__ import annotations

import os
import re
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from batchviz.errors import BatchVizError

MAX_WORKERS = 64
MIN_TOKEN_LENGTH = 12
PREFIX = "BATCHVIZ_"
LOCAL = "local"
_SCHEDULER = re.compile(r"(tcp|tls)://(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}", re.ASCII)
_HOST = re.compile(r"\*|(\*\.)?[\w-]+(\.[\w-]+)*", re.ASCII)
_ORIGIN = re.compile(r"\*|https?://(\*\.)?[\w-]+(\.[\w-]+)*(:\d{1,5})?", re.ASCII)


def _database_in(values: dict[str, Any]) -> str:
    return f"sqlite:///{values['data_dir'] / 'batchviz.db'}"


class Settings(BaseSettings):
    """One installation's settings. Relative paths are taken from the working directory.

    An empty variable counts as not set. A field's description is what its error says was expected.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    data_dir: Annotated[Path, AfterValidator(lambda path: path.expanduser().resolve())] = Path("data")
    database_url: str = Field(default_factory=_database_in)
    engine: str = Field(
        default=LOCAL,
        description="'local', or the address of a Dask scheduler such as tcp://scheduler:8786 with a database of "
        "PostgreSQL, which its workers reach too",
    )
    """Where runs are trained."""
    workers: int = Field(
        default=max(1, min(4, os.cpu_count() or 1)),
        ge=1,
        le=MAX_WORKERS,
        description=f"a whole number from 1 to {MAX_WORKERS}",
    )
    start_method: Literal["forkserver", "spawn"] = Field(
        default="forkserver" if sys.platform == "linux" else "spawn",
        description="'forkserver' (Linux, macOS) or 'spawn'",
    )
    admin_token: str = Field(default="", repr=False, description=f"at least {MIN_TOKEN_LENGTH}")
    """Who enters it on the Runs page sees and deletes everybody's runs; empty: nobody can."""
    mlflow_uri: str = Field(default="", repr=False)
    """An MLflow server, perhaps with a password, that visitors may log runs to; empty: the menu offers none."""
    max_run_seconds: float = Field(
        default=3600.0, gt=0, le=10**7, description="seconds above 0, such as 3600"
    )
    """For which one run may train; then it ends with what it has."""
    max_run_megabytes: int = Field(default=0, ge=0, description="a whole number of MB, 0 for a share")
    """Of one run. 0: a worker's share of what this machine, or its container, has beside the pages."""
    max_long_runs: int = Field(
        default=0, ge=0, le=MAX_WORKERS, description=f"a whole number up to {MAX_WORKERS}"
    )
    """Of more than a few seconds, at once. 0: on every worker but one, which is for short runs."""
    class_days: int = Field(default=7, ge=1, le=366, description="a whole number of days from 1 to 366")
    """After which a class is deleted with its answers, unless its teacher did so before."""
    max_visitor_runs: int = Field(default=500, ge=0, description="a whole number of runs, 0 for any")
    """Of one visitor, that wait or train; those of sweeps apart."""
    max_sweep_runs: int = Field(
        default=1000, ge=2, le=1000, description="a whole number of runs from 2 to 1000"
    )
    """Of one sweep."""
    max_class_members: int = Field(
        default=500, ge=2, le=500, description="a whole number of members from 2 to 500"
    )
    """Of one class."""
    max_visitor_megabytes: int = Field(default=500, ge=0, description="a whole number of MB, 0 for any")
    """Of one visitor's recorded runs and own data."""
    max_total_megabytes: int = Field(default=20_000, ge=0, description="a whole number of MB, 0 for any")
    """Of everybody's."""
    min_free_megabytes: int = Field(default=500, ge=0, description="a whole number of MB, 0 for none")
    """That stay free on the disk."""
    visitors_an_address: int = Field(default=40, ge=1, description="a whole number, such as 40 for a class")
    """How many visitors' share one network address has: a class behind one line, and somebody without cookies."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("127.0.0.1", "::1"),
        description="addresses with commas between, such as 127.0.0.1,10.0.0.0/8",
    )
    """Whose word on a visitor's address (X-Forwarded-For) is taken; of everybody else it is what they come from."""
    max_uploads_megabytes: int = Field(default=300, ge=1, description="a whole number of MB, such as 300")
    """Of files that all open pages hold in memory at once."""
    metrics_token: str = Field(default="", repr=False, description=f"at least {MIN_TOKEN_LENGTH}")
    """Who sends it reads api/metrics; empty: nobody."""
    log_format: Literal["text", "json"] = Field(default="text", description="'text' or 'json'")
    """Of the web server's log and the engine's: for people, or an object a line."""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="names with commas between, such as lab.example.org,*.example.net, or *"
    )
    """By which names browsers may ask for the pages. Empty: any, or this machine's own where it serves itself alone."""
    embed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="origins with commas between, such as https://lms.example.org, or *"
    )
    """Whose pages may show ours in a frame. Empty: nobody else's."""

    @field_validator("engine")
    @classmethod
    def _scheduler(cls, engine: str, info: ValidationInfo) -> str:
        scheduler = _SCHEDULER.fullmatch(engine)
        if engine != LOCAL and not scheduler:
            raise ValueError("neither local nor an address")
        # A file is on one machine; workers elsewhere would each make an empty one and find no run in it.
        here = scheduler and scheduler["host"] in ("localhost", "127.0.0.1", "[::1]")
        if scheduler and not here and str(info.data.get("database_url", "")).startswith("sqlite"):
            raise ValueError("needs PostgreSQL")
        return engine

    @field_validator("allowed_hosts", "embed_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(ip_network(proxy)) if "/" in proxy else str(ip_address(proxy)) for proxy in proxies)

    @field_validator("allowed_hosts")
    @classmethod
    def _names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _all_like(_HOST, names)

    @field_validator("embed_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return _all_like(_ORIGIN, origins)

    @field_validator("admin_token", "metrics_token")
    @classmethod
    def _long_enough(cls, token: str) -> str:
        if token and len(token) < MIN_TOKEN_LENGTH:
            raise ValueError("too short")
        return token

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings; a value that cannot be used raises BatchVizError naming what was expected."""
        try:
            return cls()
        except ValidationError as error:
            raise BatchVizError(_explain(error)) from None


def _all_like(pattern: re.Pattern[str], values: tuple[str, ...]) -> tuple[str, ...]:
    """They stand in headers: nothing but what they are may be in them."""
    if not all(map(pattern.fullmatch, values)):
        raise ValueError("not of that form")
    return values


def _explain(error: ValidationError) -> str:
    """A sentence for every variable that is wrong. What a secret says stays secret."""
    sentences = []
    for problem in error.errors(include_url=False):
        name, value = str(problem["loc"][0]), problem["input"]
        field = Settings.model_fields[name]
        what = f"is {value!r}" if field.repr else f"has {len(value)} characters"
        sentences.append(f"{PREFIX}{name.upper()} {what}; expected {field.description}.")
    return " ".join(sentences)
