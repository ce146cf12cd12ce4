"""Runs: everything this visitor made."""

import streamlit as st

from batchviz.errors import StoreError
from batchviz.ui import resources
from batchviz.ui.admin import token
from batchviz.ui.components import notices
from batchviz.ui.runs import actions, deletion, filters, header, table
from batchviz.ui.runs.import_dialog import show_imported
from batchviz.ui.session import visitor


def draw() -> None:
    """Ask which runs are wanted, fetch a page of them, draw the table and what can be done with it."""
    owner, store = None if token.admitted() else visitor(), resources.store()
    wrong = filters.open_address()
    unsaved = table.save(store, visitor())
    storage = store.library.usage(owner)
    header.show(storage, owner)
    show_imported()
    for problem in (wrong, unsaved, st.session_state.pop(deletion.PROBLEM, "")):
        if problem:
            notices.problem(problem)
    deletion.bar(owner, visitor())
    if not storage.runs:
        header.nothing_yet(everybodys=owner is None)
        return
    own = {upload.dataset: upload.name for upload in store.uploads.owned_by(visitor())}
    tags = store.library.tags(owner)
    wanted = filters.ask(store.library.filter_options(owner), tags, own)
    found, wanted = header.page_of(store, owner, wanted)
    actions.bar(owner, [entry.run.id for entry in found.entries])
    if found.entries:
        table.show(found.entries, tags, own, filters.zone(), everybodys=owner is None)
        header.pages(found, storage.runs)
    else:
        header.nothing_found()
    filters.remember(wanted)


try:
    draw()
except StoreError as error:
    notices.problem(str(error))
token.ask()
