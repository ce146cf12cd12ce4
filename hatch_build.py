"""Puts what Streamlit starts from into the wheel, as the folder batchviz/_dashboard.

Not as `force-include` in pyproject.toml, because that would also copy it beside an editable installation.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DASHBOARD = ("app.py", "pages", ".streamlit/config.toml")


class Dashboard(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling for the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files, except for an editable installation, which has them at the top of the repository."""
        if version == "standard":
            build_data["force_include"] |= {name: f"batchviz/_dashboard/{name}" for name in DASHBOARD}
