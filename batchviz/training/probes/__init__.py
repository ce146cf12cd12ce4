"""What is measured beside curves: name -> function of a Probe. To add one, write a function and a row of PROBES.

Each measures really: on the network, the data and the machine at hand, never by a formula. Numbers come by name; where
this machine cannot tell one it is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from batchviz.experiment.probes import Numbers, Probe
from batchviz.training.probes.double_well import double_well
from batchviz.training.probes.gradient_noise import gradient_noise
from batchviz.training.probes.memory import peak_memory
from batchviz.training.probes.seconds import seconds_an_update
from batchviz.training.probes.sharpness import sharpness

PROBES: Mapping[str, Callable[[Probe], Numbers]] = {
    "double_well": double_well,
    "gradient_noise": gradient_noise,
    "peak_memory": peak_memory,
    "seconds_an_update": seconds_an_update,
    "sharpness": sharpness,
}


def carry_out(probe: Probe) -> Numbers:
    """Measure. Raises BatchVizError where that is not possible here."""
    return PROBES[probe.kind](probe)
