"""A sweep before it begins and while it runs: what it is of, how much, how long, and what it will tell."""

from __future__ import annotations

from batchviz.analysis.limits import RACE_SEEDS
from batchviz.analysis.sweep.cells import Cell
from batchviz.analysis.sweep.progress import Progress
from batchviz.analysis.units import UNITS
from batchviz.experiment import datasets
from batchviz.experiment.spec import RunSpec
from batchviz.experiment.sweep_spec import SweepSpec
from batchviz.text.names import amount, details
from batchviz.text.numbers import count, expected_duration, form, listing, number, quantity

SEED_HINT = "Seeds that choose the rate of each batch size. A seed decides initial weights and order."
REPORT_HINT = (
    "Fresh seeds, trained at each size's chosen rate: all results are theirs, because the least of several means looks "
    f"better than it is. {RACE_SEEDS} tell small differences."
)
TARGET_HINT = "Validation losses to reach, at most three. Empty: proposed from the first run that ends."
RULES = {"fixed": "Grid", "linear": "Linear rule", "sqrt": "Square-root rule"}
"""How each batch size gets its rate."""
RULE_HINT = (
    "Grid: every rate at every batch size, and each size gets its best. By a rule the rate follows the batch size, and "
    "nothing is chosen."
)


def set_up(base: RunSpec) -> str:
    """All that does not vary: `Random numbers, 1,000 rows: Adam, 16 relu, split 0.2`."""
    words = details(base.replace(seed=0)).split(", ")
    kept = [word for word in words if not word.startswith(("lr ", "seed "))]
    if base.dataset != "random":
        kept = kept[1:]
    name = datasets.find(base.dataset).title
    return f"{name}, {count(base.rows, 'row')}: {', '.join(kept)}, seeds from {base.seed}"


def plan(spec: SweepSpec, updates: float | None, seconds: float | None) -> str:
    """How many runs, and how long: seconds of their updates, and until all have ended, each None if not known."""
    sizes, rates = len(spec.batch_sizes), len(spec.learning_rates)
    runs = f"{count(sizes, 'batch size')} × {count(rates, 'rate')} × {count(spec.seeds, 'seed')}"
    if spec.selects:
        runs += f", then {count(spec.report_seeds, 'seed')} of each size at its best rate"
    if seconds is not None:
        time = f"About {expected_duration(seconds)} here"
    elif updates is not None:
        time = f"The updates take about {expected_duration(updates)} here; what is beside them is told later"
    else:
        time = "How long is known once the clock of this network is"
    return (
        f"{count(spec.count_runs(), 'run')}: {runs}. {time}. Runs that exist already are not trained again."
    )


def will_tell(spec: SweepSpec) -> str:
    """What to expect of it."""
    reported = spec.report_seeds if spec.selects else spec.seeds
    sentences = [
        f"Tells which of {count(len(spec.batch_sizes), 'batch size')} fit, are fast here, and learn."
    ]
    if len(spec.batch_sizes) == 1:
        sentences = ["With one batch size nothing is compared but rates."]
    elif not spec.selects and spec.base.learning_rate_rule == "fixed":
        sentences.append("One rate for all: what suits one size may not suit another.")
    if reported < RACE_SEEDS:
        sentences.append(
            f"{count(reported, 'seed')} {form(reported, 'tells', 'tell')} only large differences apart."
        )
    return " ".join(sentences)


def name(spec: SweepSpec) -> str:
    """What a sweep is called in a list: `B = 1, 8, 32 and full × 5 rates, random numbers`."""
    sizes = listing([quantity(size) if size != "full" else "full" for size in spec.batch_sizes], 5)
    rates = (
        count(len(spec.learning_rates), "rate")
        if spec.base.learning_rate_rule == "fixed"
        else RULES[spec.base.learning_rate_rule].lower()
    )
    return f"B = {sizes} × {rates}, {datasets.find(spec.base.dataset).title}"


def budget(spec: SweepSpec) -> str:
    """`10 epochs`."""
    return amount(UNITS[spec.base.budget_unit], spec.base.budget)


def progress(current: Progress, state: str, ahead: int = 0) -> str:
    """`12 of 75 runs, about 20 s left`; `ahead`: runs of another sweep that come first."""
    ended = f"{quantity(current.ended)} of {count(current.runs, 'run')}"
    match state:
        case "done":
            return f"Done: {count(current.ended, 'run')}."
        case "stopped":
            return f"Stopped after {ended}. What they say stays."
        case "paused":
            return f"Paused at {ended}."
        case _ if ahead:
            return f"{ended}. First come {count(ahead, 'run')} of another sweep of the same visitor."
        case _:
            left = (
                ""
                if current.seconds is None
                else f", about {expected_duration(max(current.seconds, 1.0))} left"
            )
            return f"{ended}{left}."


def cell(of_grid: Cell, *, edge: str) -> str:
    """What a cell of the grid is: `B = 8 at rate 0.1: 0.083 over 3 seeds, 0.081 to 0.085`."""
    name = f"B = {quantity(of_grid.batch_size)} at rate {of_grid.learning_rate:g}: "
    if not of_grid.runs:
        return f"{name}not begun"
    parts = []
    if of_grid.values:
        parts.append(f"{number(of_grid.mean)} over {count(len(of_grid.values), 'seed')}")
        if len(of_grid.values) > 1:
            parts.append(f"{number(of_grid.low)} to {number(of_grid.high)}")
    if of_grid.diverged:
        parts.append(f"{quantity(of_grid.diverged)} of {count(len(of_grid.runs), 'seed')} diverged")
    if of_grid.failed > 0:
        parts.append(f"{quantity(of_grid.failed)} failed")
    if waiting := sum(not run.status.final for run in of_grid.runs):
        parts.append(f"{quantity(waiting)} to come")
    if edge:
        beyond = "lower" if edge == "low" else "higher"
        parts.append(f"not bracketed: a {beyond} rate may be better")
    return name + ", ".join(parts)
