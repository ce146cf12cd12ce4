"""Which batch size? In sentences: the time to a target first where it is known, then what learns, is fast, and fits."""

from __future__ import annotations

from collections.abc import Iterator

from batchviz.analysis.sweep.answer import Fast, Fitting, Timed
from batchviz.analysis.sweep.caveats import LadderEnds, RateAtEdge
from batchviz.analysis.sweep.choice import CLOSE, Choice
from batchviz.analysis.sweep.findings import SweepFindings
from batchviz.text.clock import day
from batchviz.text.numbers import byte_size, count, expected_duration, form, number, percent, rate
from batchviz.text.sweep.caveats import sentence
from batchviz.text.sweep.sizes import budget, loss_name, size_list, size_name


def headline(findings: SweepFindings) -> str:
    """The answer: the batch sizes that could be the best one, the smallest near it, and the edge that it lies on."""
    answer = findings.answer
    if answer.timed:
        return " ".join([*_timed(answer.timed[-1], findings), *_edges(answer.timed[-1].choice, findings)])
    if answer.learns is not None:
        return " ".join([*_learns(answer.learns, findings), *_edges(answer.learns, findings)])
    if not any(cell.values for cell in findings.cells):
        return "No answer yet: no run has ended with a loss."
    return "No answer yet: at most one batch size has runs to compare."


def parts(findings: SweepFindings) -> dict[str, str]:
    """What fits, what is fast here, what learns, and the time to each target: by title, in this order."""
    answer = findings.answer
    sentences = {
        "What fits": _fits(answer.fits),
        "What is fast here": _fast(answer.fast, findings),
        "What learns": "Nothing is compared yet."
        if answer.learns is None
        else " ".join(_learns(answer.learns, findings)),
    }
    for each in answer.timed:
        sentences[f"Time to {number(each.target)}"] = " ".join(_timed(each, findings))
    return sentences


def _timed(timed: Timed, findings: SweepFindings) -> Iterator[str]:
    choice = timed.choice
    where = f"To a {loss_name(findings)} of {number(timed.target)}"
    time = expected_duration(choice.means[choice.best])
    yield f"{where}, {size_name(choice.best, findings)} took the least time here, {time} of updates{_set(choice)}."
    if choice.smallest_close != choice.best:
        yield f"The smallest within {_close()} of that time is {size_name(choice.smallest_close, findings)}."
    if timed.predicted is not None:
        yield f"From both fits, the best is expected near B = {number(float(f'{timed.predicted:.2g}'))}."


def _learns(choice: Choice, findings: SweepFindings) -> Iterator[str]:
    yield (
        f"After {budget(findings)}, {size_name(choice.best, findings)} has the lowest {loss_name(findings)}, "
        f"{number(choice.means[choice.best])}{_set(choice)}."
    )
    if choice.smallest_close != choice.best:
        yield f"The smallest within {_close()} of it is {size_name(choice.smallest_close, findings)}."


def _set(choice: Choice) -> str:
    """How sure: which others could be the best one as well."""
    others = [size for size in choice.alike if size != choice.best]
    seeds = count(choice.seeds, "seed")
    if not others:
        return f"; {seeds} {form(choice.seeds, 'tells', 'tell')} it from every other"
    cannot = f"{seeds} {form(choice.seeds, 'does', 'do')} not tell"
    if not choice.worse:
        return f", but {cannot} any other batch size from it"
    are = form(len(choice.worse), "is", "are")
    return f"; {cannot} {size_list(others)} from it, and {size_list(choice.worse)} {are} clearly worse"


def _edges(choice: Choice, findings: SweepFindings) -> Iterator[str]:
    """What was not tried around the best one: other sizes, and rates beyond the grid."""
    for caveat in findings.answer.caveats:
        if isinstance(caveat, LadderEnds) and caveat.size == choice.best:
            yield sentence(caveat, findings)
        if isinstance(caveat, RateAtEdge) and choice.best in caveat.sizes:
            beyond = "lower" if caveat.edge == "lowest" else "higher"
            size = size_name(choice.best, findings)
            yield f"The best rate of {size} is the {caveat.edge} one tried; a {beyond} one may be better."


def _close() -> str:
    return percent(round(CLOSE - 1, 6))


def _fast(fast: Fast | None, findings: SweepFindings) -> str:
    if fast is None or findings.cost is None:
        return "No clock of this network yet."
    sentences = [
        f"Most examples a second: {size_name(fast.best, findings)}, "
        f"{rate(findings.cost.throughput[fast.best][0])} a second."
    ]
    others = [size for size in fast.alike if size != fast.best]
    if others:
        sentences.append(f"The clock does not tell {size_list(others)} from it.")
    if fast.half is not None:
        sentences.append(
            f"Half of the greatest rate is reached at about B = {number(float(f'{fast.half:.2g}'))}."
        )
    if findings.cost.machine:
        sentences.append(f"Clock of {day(findings.cost.measured_at)}: {findings.cost.machine}.")
    return " ".join(sentences)


def _fits(fits: Fitting) -> str:
    if not fits.ran and not fits.failed:
        return "Nothing has been trained yet."
    sentences = []
    if fits.ran:
        all_of = "All that ran" if fits.failed else "All sizes trained so far"
        sentences.append(f"{all_of} fit into memory here: {size_list(fits.ran)}.")
    if fits.failed:
        sentences.append(f"{size_list(fits.failed)} failed.")
    if fits.growth is not None and fits.growth.high > 0:
        sentences.append(f"An example more in a batch takes {byte_size(fits.growth.low, fits.growth.high)}.")
    return " ".join(sentences)
