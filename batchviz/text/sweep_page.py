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
    told = [word for word in words if not word.startswith(("lr ", "seed "))]
    if base.dataset != "random":
        told = told[1:]
    name = datasets.find(base.dataset).title
    return f"{name}, {count(base.rows, 'row')}: {', '.join(told)}, seeds from {base.seed}"


def plan(spec: SweepSpec, updates: float | None, seconds: float | None) -> str:
    """How many runs, and how long: seconds of their updates, and until all have ended, each None if not known."""
    sizes, rates = len(spec.batch_sizes), len(spec.learning_rates)
    told = f"{count(sizes, 'batch size')} × {count(rates, 'rate')} × {count(spec.seeds, 'seed')}"
    if spec.selects:
        told += f", then {count(spec.report_seeds, 'seed')} of each size at its best rate"
    if seconds is not None:
        time = f"About {expected_duration(seconds)} here"
    elif updates is not None:
        time = f"The updates take about {expected_duration(updates)} here; what is beside them is told later"
    else:
        time = "How long is known once the clock of this network is"
    return (
        f"{count(spec.count_runs(), 'run')}: {told}. {time}. Runs that exist already are not trained again."
    )


def will_tell(spec: SweepSpec) -> str:
    """What to expect of it."""
    reported = spec.report_seeds if spec.selects else spec.seeds
    told = [f"Tells which of {count(len(spec.batch_sizes), 'batch size')} fit, are fast here, and learn."]
    if len(spec.batch_sizes) == 1:
        told = ["With one batch size nothing is compared but rates."]
    elif not spec.selects and spec.base.learning_rate_rule == "fixed":
        told.append("One rate for all: what suits one size may not suit another.")
    if reported < RACE_SEEDS:
        told.append(
            f"{count(reported, 'seed')} {form(reported, 'tells', 'tell')} only large differences apart."
        )
    return " ".join(told)


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


def progress(found: Progress, state: str) -> str:
    """`12 of 75 runs, about 20 s left`."""
    told = f"{quantity(found.ended)} of {count(found.of, 'run')}"
    match state:
        case "done":
            return f"Done: {count(found.ended, 'run')}."
        case "stopped":
            return f"Stopped after {told}. What they say stays."
        case "paused":
            return f"Paused at {told}."
        case _:
            left = (
                "" if found.seconds is None else f", about {expected_duration(max(found.seconds, 1.0))} left"
            )
            return f"{told}{left}."


def cell(found: Cell, *, edge: str) -> str:
    """What a cell of the grid is: `B = 8 at rate 0.1: 0.083 over 3 seeds, 0.081 to 0.085`."""
    told = f"B = {quantity(found.batch_size)} at rate {found.learning_rate:g}: "
    if not found.runs:
        return f"{told}not begun"
    parts = []
    if found.values:
        parts.append(f"{number(found.mean)} over {count(len(found.values), 'seed')}")
        if len(found.values) > 1:
            parts.append(f"{number(found.low)} to {number(found.high)}")
    if found.diverged:
        parts.append(f"{quantity(found.diverged)} of {count(len(found.runs), 'seed')} diverged")
    if found.failed > 0:
        parts.append(f"{quantity(found.failed)} failed")
    if waiting := sum(not run.status.final for run in found.runs):
        parts.append(f"{quantity(waiting)} to come")
    if edge:
        beyond = "lower" if edge == "low" else "higher"
        parts.append(f"not bracketed: a {beyond} rate may be better")
    return told + ", ".join(parts)
