"""What the form's answers imply, before anything runs: rows, updates, memory, expected time."""

from __future__ import annotations

import streamlit as st

from batchviz.analysis.pace import plan_seconds, throughput
from batchviz.experiment.clock import Clock, ClockPath, clock_key
from batchviz.experiment.plan import Memory, plan_for
from batchviz.experiment.spec import RunSpec
from batchviz.text import hints
from batchviz.text import plan as plan_text
from batchviz.text.numbers import byte_size, expected_duration, quantity, rate
from batchviz.ui import resources
from batchviz.ui.components import html

LATER = "told after a run"


def draw_facts(spec: RunSpec, runs: int, clock: Clock | None) -> None:
    """The facts as one quiet strip, its notes under it; the seconds are those of the clock."""
    plan = plan_for(spec)
    seconds = plan_seconds(plan, clock)
    expected = LATER if seconds is None else f"about {expected_duration(seconds * runs)}"
    examples = LATER if clock is None else rate(throughput(plan, clock))
    facts = [
        ("Training rows", quantity(plan.training_rows), hints.FACTS["training_rows"], "validation_split"),
        (
            "Validation rows",
            quantity(plan.validation_rows),
            hints.FACTS["validation_rows"],
            "validation_split",
        ),
        ("Updates an epoch", quantity(plan.first.updates), hints.FACTS["updates"], "update"),
        ("Last batch", quantity(plan.first.last_batch), hints.FACTS["last_batch"], "last_batch"),
        (
            "Updates in all",
            "by time" if plan.updates is None else quantity(plan.updates),
            hints.FACTS["all_updates"],
            "budget",
        ),
        ("Parameters", quantity(plan.size.parameters), hints.FACTS["parameters"], "parameters"),
        (
            "Memory",
            byte_size(plan.memory.low, plan.memory.high),
            hints.memory(_ledger(plan.memory)),
            "memory",
        ),
        ("Training time", expected, hints.FACTS["time_asked" if plan.updates is None else "time"], "clock"),
        ("Examples a second", examples, hints.FACTS["throughput"], "throughput"),
    ]
    html.draw(
        "plan_summary.html", run=plan_text.described(spec, runs), facts=facts, says=plan_text.follows(plan)
    )
    for note in plan_text.notes(plan):
        html.note(note)


def draw_ledger(spec: RunSpec) -> None:
    """The memory ledger: what each part holds, and what it costs. Made when it is opened: a table is dear."""
    ledger = st.expander("Memory ledger", key="ledger", on_change="rerun")
    if not ledger.open:
        return
    memory = plan_for(spec).memory
    rows = [
        ("Parameters", memory.parameters, memory.parameters),
        ("Gradients", memory.gradients, memory.gradients),
        ("Optimiser slots", memory.slots, memory.slots),
        ("Activations", memory.activations_low, memory.activations_high),
        ("In all", memory.low, memory.high),
    ]
    with ledger:
        st.table(
            [{"Held by": name, "Memory": byte_size(low, high)} for name, low, high in rows],
            border="horizontal",
        )
        html.note(
            "4 bytes a number: one a weight, one a gradient, and the optimiser's own (SGD 0, momentum 1, Adam 2 a "
            "weight; 1 more to accumulate). Activations grow with the batch: batch size x layer outputs, kept once or "
            "twice. The framework's own memory comes on top."
        )


def _ledger(memory: Memory) -> str:
    return (
        f"Parameters {byte_size(memory.parameters)}, gradients {byte_size(memory.gradients)}, "
        f"optimiser slots {byte_size(memory.slots)}, "
        f"activations {byte_size(memory.activations_low, memory.activations_high)}"
    )


def clock_of(spec: RunSpec) -> Clock | None:
    """The clock of its network, that of the way in which BatchViz trains."""
    network = clock_key(spec)
    return resources.store().clocks.find([network], ClockPath.LOOP).get(network or "")
