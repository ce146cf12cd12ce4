"""A lesson to take away: the lesson itself as a page that plays alone, the same for an LMS, and a learner's sheet.

page        text, questions and recordings in one HTML file     scorm       the same as a SCORM 1.2 package
sheet       what somebody answered, and what came of it         markdown    Markdown as HTML that does nothing
"""

from batchviz.exporters.lesson.page import page
from batchviz.exporters.lesson.scorm import scorm
from batchviz.exporters.lesson.sheet import Played, sheet

__all__ = ["Played", "page", "scorm", "sheet"]
