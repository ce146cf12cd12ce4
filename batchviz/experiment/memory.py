"""The memory ledger: bytes that training a network takes, by what holds them."""

from __future__ import annotations

from dataclasses import dataclass

from batchviz.experiment.models import Size

BYTES = 4  # float32


@dataclass(frozen=True)
class Memory:
    """Bytes, by what holds them. A layer's output is kept once or twice: activations are a band."""

    parameters: int
    gradients: int
    slots: int
    activations_low: int
    activations_high: int

    @classmethod
    def of(cls, size: Size, *, batch_size: int, slots: int) -> Memory:
        """4 x (weights + gradients + slots) + 4 x batch size x layer outputs x (1 to 2).

        `slots` is how many numbers are kept for each parameter beside its weight and gradient.
        """
        activations = BYTES * batch_size * size.activations
        return cls(
            parameters=BYTES * (size.parameters + size.state),
            gradients=BYTES * size.parameters,
            slots=BYTES * size.parameters * slots,
            activations_low=activations,
            activations_high=2 * activations,
        )

    @property
    def low(self) -> int:
        """The sum with the least that activations can take."""
        return self.parameters + self.gradients + self.slots + self.activations_low

    @property
    def high(self) -> int:
        """The sum with the most that activations can take."""
        return self.parameters + self.gradients + self.slots + self.activations_high
