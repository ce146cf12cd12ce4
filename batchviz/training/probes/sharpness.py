"""How sharp the minimum is that a run ends in."""

from __future__ import annotations

import keras
from cachetools import LRUCache, cached

from batchviz.experiment.plan import plan_for
from batchviz.experiment.probes import Numbers, Probe
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.training.curvature import Curvature
from batchviz.training.run import arrays, cached_model, objective, record


def sharpness(probe: Probe) -> Numbers:
    """`sharpness`: the largest eigenvalue of the training loss's Hessian after the run; and its losses there."""
    spec, rows = probe.spec, plan_for(probe.spec).training_rows
    recording = record(spec)
    if recording.status is not Status.DONE:
        return dict.fromkeys(("sharpness", "training loss", "validation loss"), float("nan"))
    x, y = arrays(spec.dataset, spec.rows, spec.noise, spec.data_seed, None, rows)
    return {
        "sharpness": _curvature(spec).largest_eigenvalue(x[:rows], y[:rows]),
        "training loss": recording.epochs["train_loss"][-1],
        "validation loss": recording.epochs.get("val_loss", [float("nan")])[-1],
    }


@cached(LRUCache(2), key=RunSpec.graph_key)
def _curvature(spec: RunSpec) -> Curvature:
    """Of the model that runs of this graph leave with their weights."""
    model, loss = cached_model(spec).model, keras.losses.get(objective(spec)["loss"])
    return Curvature(
        lambda x, y: loss(y, model(x)), [variable.value for variable in model.trainable_variables]
    )
