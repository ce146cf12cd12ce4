"""What a page says in its notices, as their readers see it."""

from html import unescape
from re import DOTALL, findall

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from tests.ui.bare_words import bare


def problems(app: AppTest) -> list[str]:
    """The errors that stand on the page."""
    return notices(app, "problem")


def notices(app: AppTest, kind: str) -> list[str]:
    """The notices of a kind: problem, warning or note."""
    page = "".join(str(element.proto.body) for element in app.get("html"))
    return [unescape(text) for text in findall(rf'data-testid="{kind}">(.*?)</div>', page, DOTALL)]


def notes(place: AppTest | Block) -> list[str]:
    """The quiet remarks of forms and dialogs."""
    page = "".join(bare(element.proto.body) for element in place.get("html"))
    return [unescape(text) for text in findall(r'<p class="batchviz-quiet">(.*?)</p>', page, DOTALL)]
