"""A lesson as a SCORM 1.2 package: a learning management system takes it in, and is told completion and score.

The page inside is the same that opens from a disk; it looks for the system's API by itself (src/lesson/course.js).
"""

from __future__ import annotations

import io
import zipfile

from batchviz.frontend.templates import render
from batchviz.lessons import Lesson

PAGE, MANIFEST = "index.html", "imsmanifest.xml"
_TIME = (1980, 1, 1, 0, 0, 0)
"""Equal lessons make equal files."""


def scorm(lesson: Lesson, page: bytes) -> bytes:
    """The package around a page of `page()`."""
    written = io.BytesIO()
    manifest = render("lesson_manifest.xml", id=lesson.hash[:16], title=lesson.title, page=PAGE)
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in ((MANIFEST, manifest.encode()), (PAGE, page)):
            package.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
