"""What a reader must know beside a ranking: guessed values, other differences, broken, unfinished and imported runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from batchviz.analysis.differences import BUDGET, differing
from batchviz.analysis.ranking import Ranking
from batchviz.analysis.replicates import Group
from batchviz.analysis.units import UNITS
from batchviz.analysis.words import NAMED, listing, number
from batchviz.experiment.records import Source, Status


def caveats(groups: Sequence[Group], ranking: Ranking) -> Iterator[str]:
    """Of the values themselves: read between measurements, different in more than one field, of unequal seeds."""
    yield from _between(ranking)
    yield from _others(groups, ranking)
    missing = [g.label for g in ranking.left_out if not g.where(Status.QUEUED, Status.RUNNING)]
    if missing:
        verb = "has" if len(missing) == 1 else "have"
        yield f"Left out: {listing(missing, NAMED)} {verb} no value at this budget."
    counts = {len(place.at) for place in ranking.places if place.at}
    if len(counts) > 1:
        few = min((p for p in ranking.places if p.at), key=lambda place: len(place.at))
        seeds = len(few.at)
        yield (
            f"The means stand on different numbers of seeds: {few.group.label} has "
            f"{'only one' if seeds == 1 else f'only {seeds}'}, others up to {max(counts)}."
        )


def _between(ranking: Ranking) -> Iterator[str]:
    unit = ranking.unit
    guessed = [(place, place.wide) for place in ranking.places]
    wide = [(place, found) for place, found in guessed if found is not None]
    if unit is None or not wide:
        return
    place, found = max(wide, key=lambda pair: pair[1].after - pair[1].before)
    amount = UNITS[unit].amount
    yield (
        f"{place.group.label} was not measured after {amount(ranking.budget)}: its value is read off a straight "
        f"line between {number(found.before)} and {amount(found.after)}."
    )
    if len(wide) > 1:
        more = len(wide) - 1
        yield f"The same holds for {more} other{'s' if more > 1 else ''}."
    if ranking.guessed:
        yield "So the order is a guess: runs that end there would measure it exactly."


def _others(groups: Sequence[Group], ranking: Ranking) -> Iterator[str]:
    without = ("seed", *(() if ranking.unit is None else BUDGET))
    fields = {one.field: one.in_sentence for one in differing([g.runs[0] for g in groups], without=without)}
    sizes = fields.pop("batch_size", None)
    others = listing(list(fields.values()))
    if sizes and others:
        yield f"The runs also differ in {others}, so batch size alone explains nothing here."
    elif len(fields) > 1:
        yield f"The runs differ in {others}, so none of these alone explains a difference."


def states(groups: Sequence[Group]) -> Iterator[str]:
    """Of runs that are under way, broke or were stopped."""
    running = _with(groups, Status.QUEUED, Status.RUNNING)
    total = sum(len(group.runs) for group in groups)
    under_way = sum(len(g.where(Status.QUEUED, Status.RUNNING)) for g in groups)
    if running and under_way < total:
        verb = "is" if under_way == 1 else "are"
        yield (
            f"{under_way} of {total} runs {verb} still training ({listing(running, NAMED)}) and not compared yet."
        )
    for status, word in ((Status.DIVERGED, "diverged"), (Status.FAILED, "failed")):
        for group in (broken := [group for group in groups if group.where(status)])[:NAMED]:
            lost, whole = len(group.where(status)), len(group.runs)
            seeds = f" with {lost} of {whole} seeds" if whole > 1 else ""
            yield f"{group.label} {word}{seeds} and ranks last."
        if len(broken) > NAMED:
            yield f"{len(broken) - NAMED} more {word}."
    stopped = _with(groups, Status.STOPPED)
    if stopped:
        yield f"{listing(stopped, NAMED)} {'was' if len(stopped) == 1 else 'were'} stopped early."


def imports(groups: Sequence[Group], ranking: Ranking) -> Iterator[str]:
    """Of runs that were trained elsewhere: what is not known of them."""
    elsewhere = [group.label for group in groups if group.runs[0].source is not Source.HERE]
    yield from origins(groups)
    if ranking.unit == "seconds" and elsewhere and len(elsewhere) < len(groups):
        yield "Seconds of imported runs were measured on another machine."


def origins(groups: Sequence[Group]) -> Iterator[str]:
    """Which groups were not trained here, so that none passes for one that was."""
    for source, what in (
        (Source.ARCHIVE, "trained elsewhere and imported."),
        (Source.HISTORY, "imported from a history: model and optimiser are not known and may differ."),
    ):
        labels = [group.label for group in groups if group.runs[0].source is source]
        if labels:
            yield f"{listing(labels, NAMED)} {'was' if len(labels) == 1 else 'were'} {what}"


def _with(groups: Sequence[Group], *statuses: Status) -> list[str]:
    return [group.label for group in groups if group.where(*statuses)]
