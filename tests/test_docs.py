"""What the documents name is there."""

import re
from pathlib import Path

import pytest

from batchviz.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = ("batchviz/", "benchmarks/", "docs/", "pages/", "scripts/", "tests/", ".github/")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_and_page_it_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    files = [
        name for name in re.findall(r"`([\w./-]+)`", text) if name.startswith(FOLDERS) and "NAME" not in name
    ]
    missing = [name for name in files if not (ROOT / name).exists()]
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    missing += [link for link in links if not (document.parent / link).exists()]
    assert missing == []


def test_every_setting_is_on_the_page_of_settings() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"_{name.upper()}`" not in page]
    assert missing == []
