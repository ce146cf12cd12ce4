"""The errors a person reads: what happened, what was expected, what to do next."""

OUT_OF_MEMORY = "There was not enough memory. Try a smaller network, fewer rows or a smaller batch size."
"""Of training, wherever it runs."""


class BatchVizError(Exception):
    """An error whose text is meant for the person in front of the screen."""


class SpecError(BatchVizError):
    """A run was described in a way that cannot be trained; the text names the field and what was expected."""


class DataError(BatchVizError):
    """The data cannot be trained on (not finite, empty, of the wrong shape)."""


class StoreError(BatchVizError):
    """The database refused: full disk, lock, missing permission. The text says which, and what to do."""
