"""What a run costs, before anything was measured: seconds within a factor of about three, bytes at the least.

Good enough to tell a lesson from a night's work, and to refuse what no machine should be asked for. Seconds that a
person reads come from a clock (`experiment.clock`).

An update takes a call, a pass over the parameters, and 6 floating-point operations a multiplication and example; an
evaluation takes 2. Measured on an Intel Xeon of 2.2 GHz with one thread (2026-11-29): ten runs from 16 to 2048-2048
units at batch sizes 1 to 512 took .5 to 2.9 times `typical`, and more than `least`.
"""

from __future__ import annotations

from dataclasses import dataclass

from batchviz.experiment.models import MODELS
from batchviz.experiment.plan import BYTES, Plan

SHORT_SECONDS = 3.0
"""A run of more than this is a long one: it leaves a worker for those that are not."""


@dataclass(frozen=True)
class _Rates:
    """Seconds of a call and a parameter in an update; operations a second of dense layers, and of others."""

    call: float
    parameter: float
    dense: float
    convolution: float


_TYPICAL = _Rates(call=1e-4, parameter=4e-9, dense=5e10, convolution=3e9)
_LEAST = _Rates(call=2e-6, parameter=4e-10, dense=3e11, convolution=3e10)
"""Of a compiled loop on a machine several times as fast: what takes longer than this by far is refused."""


@dataclass(frozen=True)
class Cost:
    """Of one run."""

    typical: float
    """Seconds of training and evaluation."""
    calls: float
    """Those of `typical` that runs which are trained together take once."""
    least: float
    """Seconds below which no machine of this kind stays."""
    bytes: int
    """Of parameters, gradients, slots, activations and examples, at the least."""

    @property
    def long(self) -> bool:
        """Whether somebody would notice waiting for it."""
        return self.typical > SHORT_SECONDS


def cost(plan: Plan) -> Cost:
    """What its spec asks for. A budget in seconds is its own cost."""
    spec = plan.spec
    held = plan.memory.low + BYTES * spec.rows * (spec.network.inputs + spec.network.outputs)
    if plan.updates is None or plan.examples is None or plan.epochs is None:
        return Cost(typical=spec.budget, calls=0.0, least=spec.budget, bytes=held)
    operations = plan.size.multiplications * (6 * plan.examples + 2 * plan.epochs * spec.rows)
    typical, least = (
        plan.updates * (rates.call + rates.parameter * plan.size.parameters)
        + operations / (rates.convolution if MODELS[spec.model].needs_image else rates.dense)
        for rates in (_TYPICAL, _LEAST)
    )
    return Cost(typical, plan.updates * _TYPICAL.call, least, bytes=held)
