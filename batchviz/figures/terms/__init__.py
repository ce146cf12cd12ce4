"""The pictures of terms: name -> inline SVG with a text for those who cannot see it.

What has numbers is drawn from true ones: the sampler's order, the plan's arithmetic, and gradients of a model with two
weights that NumPy computes exactly. To add a picture, write a function and a row of PICTURES.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from batchviz.figures.terms import counts, descent, evidence, network, rows, scatter

PICTURES: Mapping[str, Callable[[], str]] = {
    "batch": rows.batch,
    "last_batch": rows.last_batch,
    "full_batch": rows.full_batch,
    "epoch": rows.epoch,
    "accumulation": rows.accumulation,
    "split": rows.split,
    "data": rows.data,
    "updates": counts.updates,
    "memory": counts.memory,
    "schedule": counts.schedule,
    "linear_rule": counts.linear_rule,
    "critical": counts.critical,
    "clock": counts.clock,
    "sweep": counts.sweep,
    "race": counts.race,
    "rates": descent.rates,
    "diverged": descent.diverged,
    "momentum": descent.momentum,
    "curves": descent.curves,
    "running_mean": descent.running_mean,
    "seeds": descent.seeds,
    "gradients": scatter.gradients,
    "noise_law": scatter.noise_law,
    "loss": scatter.loss,
    "floor": scatter.floor,
    "accuracy": scatter.accuracy,
    "network": network.network,
    "dropout": network.dropout,
    "batch_norm": network.batch_norm,
    "activation": network.activation,
    "verdict": evidence.verdict,
    "not_distinguishable": evidence.not_distinguishable,
}


@functools.cache
def term_picture(name: str) -> str:
    """The SVG of that name."""
    return PICTURES[name]()
