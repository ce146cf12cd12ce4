"""Runs: everything this visitor made."""

from batchviz.ui import resources, session
from batchviz.ui.admin import token
from batchviz.ui.components import notices
from batchviz.ui.runs import actions, deletion, filters, header, table
from batchviz.ui.runs.import_dialog import show_imported


def draw() -> None:
    """Ask which runs are wanted, fetch a page of them, draw the table and what can be done with it."""
    owner, store = None if token.admitted() else session.visitor(), resources.store()
    wrong = filters.open_address()
    unsaved = table.save_edits(store, session.visitor())
    storage = store.library.usage(owner)
    header.draw_header(storage, owner)
    show_imported()
    for problem in (wrong, unsaved, notices.take_report()):
        if problem:
            notices.problem(problem)
    deletion.draw_bar(owner, session.visitor())
    if not storage.runs:
        header.draw_nothing_yet(everybodys=owner is None)
        return
    own = {upload.dataset: upload.name for upload in store.uploads.owned_by(session.visitor())}
    tags = store.library.tags(owner)
    run_filter = filters.draw_filters(store.library.filter_options(owner), tags, own)
    page, run_filter = header.fetch_page(store, owner, run_filter)
    actions.draw_actions(owner, [entry.run.id for entry in page.entries])
    if page.entries:
        table.draw_table(page.entries, tags, own, session.time_zone(), everybodys=owner is None)
        header.draw_pages(page, storage.runs)
    else:
        header.draw_nothing_found()
    filters.remember(run_filter)


with notices.store_errors_shown():  # and then who administers this installation can still say so
    draw()
token.draw_token_form()
