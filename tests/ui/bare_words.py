"""What a page says, without the marks of terms in it (frontend/templates.py)."""

from __future__ import annotations

import re

_WORD = re.compile(r'<button type="button" class="batchviz-word"[^>]*>(.*?)</button>')


def bare(html: str) -> str:
    """HTML whose terms are words like all others."""
    return _WORD.sub(r"\1", html)
