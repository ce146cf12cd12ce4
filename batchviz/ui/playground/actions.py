"""What the Playground does with a visitor's wishes: train, race, stop, remove; and which runs are on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from batchviz.analysis.race_again import Change
from batchviz.errors import BatchVizError
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.limits import MAX_RUNS_SHOWN
from batchviz.experiment.presets import OPENING, PRESETS
from batchviz.experiment.records import Run, Source
from batchviz.experiment.spec import RunSpec
from batchviz.text import race_again as again_text
from batchviz.text.playground import compared
from batchviz.text.terms import TERMS
from batchviz.ui import address, locks, race_again, resources, session, url
from batchviz.ui.components import notices
from batchviz.ui.playground import form
from batchviz.ui.session_state import (
    AWAITED,
    CHART_PAGE,
    FORM_FILLED,
    RACE_SIZES,
    REFUSED_STOPS,
    SEEDS,
    SHOWN_RUNS,
    STARTS,
)
from batchviz.web import series_cache
from batchviz.web.clocks import request_clocks
from batchviz.web.starts import STARTS as PAGE_STARTS
from batchviz.web.starts import Start
from batchviz.web.visitor import new_name


@session.on_coming
def open_address() -> None:
    """On coming to the page: fill the form and the chart from its address; without one they are as they were left.

    An empty address begins with the settings of the race that plays there.
    """
    if SHOWN_RUNS.is_set and not session.follows_address():
        return
    spec, runs, frame, error = url.read()
    SHOWN_RUNS.set(runs)
    if not address.parameters():
        spec = PRESETS[OPENING].spec
    if error:
        notices.report(error)
    if spec is None and runs and (recorded := resources.store().runs.by_id(runs[-1:])):
        # A link to runs alone: the form shows what made the last of them.
        spec = next(iter(recorded.values())).spec
    seeds = SEEDS.get()
    locks.remember(frame, spec or RunSpec())
    if session.led_back() and not locks.locked("seeds"):
        SEEDS.set(seeds)  # no part of the address, so nothing that Back undoes
    if spec is not None:
        form.fill_in(spec)
    if example := address.take_example():
        show_example(example)


def shown_runs() -> list[str]:
    """The ids of the runs on the page, oldest first."""
    return list(SHOWN_RUNS.get())


def records() -> list[Run]:
    """Their records. Raises StoreError."""
    return list(resources.store().runs.by_id(shown_runs()).values())


def own_run_ids(runs: Sequence[Run]) -> list[str]:
    """The ids of those that this visitor started, who alone may stop them."""
    return [run.id for run in runs if run.owner == session.visitor()]


def refused_stops() -> list[str]:
    """The runs that this tab asked to stop in vain, in the order in which it was told so."""
    return list(REFUSED_STOPS.get())


def train(
    specs: Sequence[RunSpec], background: Sequence[RunSpec] = (), *, inside_epochs: bool = True
) -> None:
    """Queue the specs and put them on the page, after the runs that are there."""
    try:
        submitted = resources.submit(
            specs, session.visitor(), background, inside_epochs=inside_epochs, network=session.network()
        )
        before = shown_runs()
        runs = resources.store().runs.by_id([*before, *submitted])
        SHOWN_RUNS.set(_together(before, submitted, runs))
    except BatchVizError as error:
        notices.report(str(error))
        return
    STARTS.set(STARTS.get() + 1)
    fresh = frozenset(shown_runs()).difference(before)
    PAGE_STARTS.tell(str(starts()["page"]), Start(STARTS.get(), shown_runs(), fresh))
    AWAITED.set([i for i in submitted if i not in before and not runs[i].status.final])


def starts() -> dict[str, str | int]:
    """How the chart asks what a press has started."""
    if not CHART_PAGE.is_set:
        CHART_PAGE.set(new_name())
    return {"page": CHART_PAGE.get(), "number": STARTS.get()}


def stand_back() -> None:
    """After a press that trains: let the page have its first point before the rest is drawn."""
    if awaited := AWAITED.pop():
        PAGE_STARTS.stand_back(CHART_PAGE.get(), awaited)


def start_preset(name: str) -> None:
    """Fill the form with a preset and train its race."""
    preset = PRESETS.get(name)
    if preset is None:
        notices.report(f"There is no preset {name!r} in this version of the app. Reload the page.")
        return
    form.fill_in(preset.spec)
    SEEDS.set(1)
    RACE_SIZES.set(preset.sizes)
    FORM_FILLED.set(True)
    train(preset.specs)


def show_example(key: str) -> None:
    """Fill the form with the example of a term and train it; of what was trained before the curves are there."""
    term = TERMS.get(key)
    if term is None:
        notices.report(
            f"There is no term {key[:40]!r} in this version of the app. Words lists those that there are."
        )
        return
    form.fill_in(term.example[0])
    SEEDS.set(1)
    train(term.example)


def form_filled() -> bool:
    """Whether the form got other answers in a run of the script that has not drawn it: asked once."""
    return FORM_FILLED.pop()


def train_offered(_pressed: str = "") -> None:
    """Train what would settle more of the runs on the page, behind whatever anybody waits for."""
    try:
        runs = records()
        series = series_cache.epochs(resources.store(), runs)
    except BatchVizError as error:
        notices.report(str(error))
        return
    more = compared(runs, series).top_up
    if more is not None:
        train((), more.specs)


def stop(run_id: str) -> None:
    """Stop one run, if it is this visitor's."""
    try:
        resources.store().queue.request_stop(run_id, session.visitor())
    except BatchVizError as error:
        notices.report(str(error))
        REFUSED_STOPS.set([*refused_stops(), run_id])


def measure(path: str) -> None:
    """Have the clocks measured that the runs on the page lack, of one path."""
    try:
        request_clocks(resources.store(), records(), ClockPath(path))
    except (BatchVizError, ValueError) as error:  # a page of another release may know other paths
        notices.report(str(error))


def again(runs: Sequence[Run]) -> dict[str, Any]:
    """The races that the page offers under its sentence, as the chart takes them."""
    offers = [
        {"change": race.change.value, "name": again_text.name(race), "title": again_text.explanation(race)}
        for race in race_again.offered(runs, lesson=True)
        if race.change is not Change.SEEDS  # the offer above these has them
    ]
    return {"lead": again_text.LEAD, "offers": offers}


def start_again(change: str) -> None:
    """Train the race that was pressed, the further seeds behind whatever anybody waits for."""
    try:
        runs = records()
    except BatchVizError as error:
        notices.report(str(error))
        return
    for offer in race_again.offered(runs, lesson=True):
        if offer.change == change:
            first = offer.specs[0].seed
            now = [spec for spec in offer.specs if spec.seed == first]
            train(now, [spec for spec in offer.specs if spec.seed != first])
            notices.mention(again_text.started(offer))


def stop_all() -> None:
    """Stop everything of this visitor's that is on the page and not over."""
    try:
        unfinished = own_run_ids([run for run in records() if not run.status.final])
    except BatchVizError as error:
        notices.report(str(error))
        return
    for run_id in unfinished:
        stop(run_id)
    if not unfinished:
        notices.mention("Nothing of yours is training.")


def remove(run_id: str) -> None:
    """Take a run off the page. It stays in the store: its link still opens it."""
    SHOWN_RUNS.set([shown_id for shown_id in shown_runs() if shown_id != run_id])


def _together(before: list[str], submitted: list[str], runs: Mapping[str, Run]) -> list[str]:
    """What stays on the page beside these runs: all that can, the newest settings where it is too much for a chart.

    Runs measured in another loss cannot share an axis: they leave the page, not the store. So does an earlier run
    of the very same: it ended early, or was not measured where the new one is.
    """
    new = [runs[run_id] for run_id in submitted]
    loss, anew = new[0].plan.loss_name, {run.spec.hash for run in new}
    kept = [i for i in before if i not in runs or runs[i].plan.loss_name == loss]
    if len(kept) < len(before):
        notices.mention(f"Runs measured in something other than {loss} were set aside.")
    if all(run_id in kept for run_id in submitted):
        notices.mention("Already trained with exactly this set-up: these are its curves.")
    ended = {i: run for i, run in runs.items() if run.source is Source.HERE and run.status.final}
    over = {i for i, run in ended.items() if run.spec.hash in anew}
    kept = [i for i in kept if i in submitted or i not in over]
    run_ids = list(dict.fromkeys([*kept, *submitted]))
    # Seeds of one setting leave together: without some of them their mean would be another.
    settings = {i: runs[i].spec.group if i in runs else i for i in run_ids}
    for oldest in dict.fromkeys(settings.values()):
        if len(run_ids) <= MAX_RUNS_SHOWN:
            break
        run_ids = [i for i in run_ids if settings[i] != oldest or i in submitted]
    return run_ids[-MAX_RUNS_SHOWN:]
