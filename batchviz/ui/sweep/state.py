"""Which sweep is on the page, or how its form is filled in: in the session, and in the page's address.

`/sweep?id=ID` is a sweep that was started; the parameters of `links.sweep` are one to start.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from batchviz.errors import BatchVizError, StoreError
from batchviz.experiment.parsing import as_text
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.links import experiment
from batchviz.links import sweep as sweep_link
from batchviz.store.sweeps import Sweep
from batchviz.ui import address, resources, session
from batchviz.ui.components import notices
from batchviz.ui.components.spec_widgets import answer
from batchviz.ui.session_state import OPEN_SWEEP, SWEEP_ANSWERS, SWEEP_BASE


@session.on_coming
def open_address() -> None:
    """On coming to the page: what its address says; without one, what was there when the visitor left."""
    if SWEEP_BASE.get() is not None and not session.follows_address():
        return
    query = address.parameters()
    sweep_id = query.pop("id", "")
    OPEN_SWEEP.set(sweep_id)
    if sweep_id and experiment.RUN_ID.fullmatch(sweep_id) is None:
        OPEN_SWEEP.set("")
        notices.report(
            f"The link is damaged: {sweep_id[:40]!r} is not the id of a sweep. Ask whoever sent it for a new one."
        )
    try:
        fill_in(sweep_link.decode(query) if query else SweepSpec.parse({"base": from_the_playground()}))
    except BatchVizError as error:
        if query:
            notices.report(str(error))
        fill_in(SweepSpec.parse({"base": RunSpec()}))


def write_address(set_up: SweepSpec | None) -> None:
    """Make the address say what is on the page; a form that is not valid leaves it as it was."""
    if OPEN_SWEEP.get():
        address.write({"id": OPEN_SWEEP.get()})
    elif set_up is not None:
        address.write(sweep_link.encode(set_up))


def opened() -> Sweep | None:
    """The sweep on the page; None for the form. Reports one that is not there, and shows the form."""
    if not OPEN_SWEEP.get():
        return None
    try:
        return resources.store().sweeps.get(OPEN_SWEEP.get())
    except StoreError as error:
        notices.report(str(error))
        close()
        return None


def open_sweep(sweep_id: str) -> None:
    """Put a sweep on the page."""
    OPEN_SWEEP.set(sweep_id)


def close() -> None:
    """Show the form."""
    OPEN_SWEEP.set("")


def fill_in(spec: SweepSpec) -> None:
    """Put a sweep into the form, before its widgets are drawn."""
    SWEEP_BASE.set(spec.base)
    SWEEP_ANSWERS.set(MappingProxyType(answers(spec)))


def answers(spec: SweepSpec) -> Mapping[str, Any]:
    """What the form's widgets hold for a sweep."""
    base = spec.base
    return {
        "batch_sizes": [str(size) for size in spec.batch_sizes],
        "learning_rates": [as_text(rate) for rate in spec.learning_rates],
        "learning_rate_rule": base.learning_rate_rule,
        "base_batch_size": base.base_batch_size,
        "seeds": spec.seeds,
        "report_seeds": spec.report_seeds,
        "budget_unit": base.budget_unit,
        "budget": int(base.budget),
        "targets": ", ".join(map(as_text, spec.targets)),
    }


def take_over() -> None:
    """Put the Playground's set-up into the form, with a grid around it."""
    try:
        fill_in(SweepSpec.parse({"base": from_the_playground()}))
    except BatchVizError as error:
        notices.report(str(error))


def differs_from_the_playground() -> bool:
    """Whether its form, as it stands, has another set-up."""
    base = SWEEP_BASE.get()
    try:
        here = SweepSpec.parse({"base": from_the_playground()}).base
    except BatchVizError:
        return False
    varied = {
        "batch_size": 1,
        "learning_rate": 0.001,
        "learning_rate_rule": "fixed",
        "budget_unit": "epochs",
        "budget": 1,
    }
    return base is not None and base.replace(**varied) != here.replace(**varied)


def from_the_playground() -> RunSpec:
    """The set-up of its form, as far as a sweep can hold it; the first visit of all finds the defaults there."""
    values = {name: answer(name) for name in RunSpec.model_fields if name != "batch_schedule"}
    if values["budget_unit"] == "seconds":
        values["budget_unit"] = values["budget"] = None
    return RunSpec.parse(
        {name: value or None if name == "validation_split" else value for name, value in values.items()}
    )
