"""Deleting with a way back: what is deleted goes at once, the page says so, and Undo brings it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from batchviz.errors import BatchVizError
from batchviz.ui import session
from batchviz.ui.components import notices
from batchviz.ui.session_state import Key

T = TypeVar("T")


@dataclass(frozen=True)
class Deletion(Generic[T]):
    """How things of one kind are deleted and had back. Both may raise BatchVizError, which the page then says."""

    deleted: Key[T | None]
    """What was deleted last, as long as Undo is offered."""
    delete: Callable[[T], T]
    """Answers with what there was to delete."""
    restore: Callable[[T], object]
    stays: bool = False
    """Whether Undo is offered until it is closed, rather than until the visitor leaves the page."""

    def carry_out(self, deleted: T) -> None:
        """Delete them, and tell of it first: Streamlit ends a callback at its next look at the session as soon as the
        browser has sent something else, so what follows the store's work may never be written.
        """
        self.deleted.set(deleted)
        try:
            gone = self.delete(deleted)
        except BatchVizError as error:
            self.deleted.delete()
            notices.report(str(error))
        else:
            self.deleted.set(gone)

    def undo(self, deleted: T) -> None:
        """Bring them back; where that fails, it is said, and still offered."""
        try:
            self.restore(deleted)
        except BatchVizError as error:
            notices.report(str(error))
        else:
            self.deleted.delete()

    def draw(self, describe: Callable[[T], None]) -> None:
        """What was deleted, as `tell` draws it, and the way back; nothing while there is nothing."""
        if session.first_run() and not self.stays:
            self.deleted.delete()
        deleted = self.deleted.get()
        if not deleted:
            return
        name = self.deleted.name
        with st.container(key=name, horizontal=True, vertical_alignment="center"):
            describe(deleted)
            st.button("Undo", key=f"{name}_undo", on_click=self.undo, args=(deleted,))
            if self.stays:
                st.button("Close", key=f"{name}_close", type="tertiary", on_click=self.deleted.delete)
