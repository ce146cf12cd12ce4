"""A page that a test looks at, and that shall throw no error which nobody catches."""

from playwright.sync_api import Error, Page


class WatchedPage:
    """The page may go on after the test: what listens to it can be taken away again."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", self._note)

    def _note(self, error: Error) -> None:
        self.errors.append(str(error))

    def leave(self) -> None:
        """Listen no longer; there was no error."""
        self.page.remove_listener("pageerror", self._note)
        assert not self.errors, f"The page threw an error that nobody caught: {self.errors}"
