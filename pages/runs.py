"""Runs: everything this visitor made."""

import streamlit as st

from batchviz.errors import StoreError
from batchviz.ui import laboratory, notices
from batchviz.ui.importing import show_imported
from batchviz.ui.runs import actions, administrator, deletion, filters, head, table
from batchviz.ui.visitor import visitor


def draw() -> None:
    """Ask which runs are wanted, fetch a page of them, draw the table and what can be done with it."""
    owner, store = None if administrator.admitted() else visitor(), laboratory.store()
    wrong = filters.open_address()
    unsaved = table.save(store, visitor())
    storage = store.storage(owner)
    head.show(storage, owner)
    show_imported()
    for problem in (wrong, unsaved, st.session_state.pop(deletion.PROBLEM, "")):
        if problem:
            notices.problem(problem)
    deletion.bar(owner, visitor())
    if not storage.runs:
        head.nothing_yet(everybodys=owner is None)
        return
    tags, own = store.tags(owner), {one.dataset: one.name for one in store.uploads(visitor())}
    wanted = filters.ask(store.choices(owner), tags, own)
    found, wanted = head.page_of(store, owner, wanted)
    actions.bar(owner, [entry.run.id for entry in found.entries])
    if found.entries:
        table.show(found.entries, tags, own, filters.zone(), everybodys=owner is None)
        head.pages(found, storage.runs)
    else:
        head.nothing_found()
    filters.remember(wanted)


try:
    draw()
except StoreError as error:
    notices.problem(str(error))
administrator.ask()
