"""The app as a person opens it by a link."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


def opened(**query: str) -> AppTest:
    """The Playground of a link to these parameters."""
    app = AppTest.from_file(str(ROOT / "batchviz/ui/main.py"), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app
