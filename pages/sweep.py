"""Sweep: which batch size? Every size at every rate over several seeds; while it trains, the answer grows."""

from batchviz.ui.components import notices
from batchviz.ui.sweep import form, header, results, state, sweep_list
from batchviz.ui.sweep.data import fetch


def draw() -> None:
    """The sweep that the address names, or the form that starts one and this visitor's sweeps."""
    state.open_address()
    sweep = state.opened()
    if wrong := notices.take_report():
        notices.problem(wrong)
    if sweep is not None:
        fetched = fetch(sweep.id)
        header.draw_header(fetched)
        state.write_address(None)
        results.draw_results(fetched)
        return
    place = header.draw_form_header()
    set_up = form.draw_form()
    header.draw_share(place, set_up)
    sweep_list.draw_sweeps()
    state.write_address(set_up)


draw()
