"""Runs: everything this visitor made."""

from batchviz.ui import resources, session
from batchviz.ui.admin import token
from batchviz.ui.components import notices
from batchviz.ui.components.room import draw_room
from batchviz.ui.runs import deletion, filters, header, table
from batchviz.ui.runs.import_dialog import show_imported
from batchviz.ui.runs.run_list import RunList


def draw() -> None:
    """Ask which runs are wanted, draw those that are found and what can be done with them."""
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
    upload_names = {upload.dataset: upload.name for upload in store.uploads.owned_by(session.visitor())}
    tags = store.library.tags(owner)
    experiments = store.library.experiments(owner)
    run_filter = filters.draw_filters(experiments, tags, upload_names)
    filters.remember(RunList(store, owner, run_filter, experiments, upload_names).draw(tags, storage.runs))


with notices.store_errors_shown():  # and then who administers this installation can still say so
    draw()
    if not token.admitted():
        draw_room()
token.draw_token_form()
