"""A function traced once, for the few hundred calls of a short run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf


class Traced:
    """A Python function of tensors, as a TensorFlow function of fixed shapes and types.

    A `tf.function` compares its arguments with what it was traced for, and a ConcreteFunction casts them,
    at every call: as long as TensorFlow then takes to start. Here they are trusted.
    """

    def __init__(self, function: Callable[..., Any], specs: tuple[Any, ...], **options: Any) -> None:
        """`specs` are the arguments' shapes and types, (nests of) TensorSpecs; `options`: of tf.function."""
        traced = tf.function(
            lambda tensors: function(*tf.nest.pack_sequence_as(specs, tensors)),
            input_signature=[tf.nest.flatten(specs)],
            autograph=False,
            **options,
        )
        self._specs = specs
        self._concrete = traced.get_concrete_function()
        self._captures = self._concrete.captured_inputs

    def compiled(self) -> Traced:
        """The same compiled by XLA: it calls what was traced, which is not traced again."""
        call = self._concrete
        return Traced(lambda *arguments: call(tf.nest.flatten(arguments)), self._specs, jit_compile=True)

    def __call__(self, *arguments: Any) -> Any:
        """The results, flat. The arguments must be tensors or nests of them, as the specs say."""
        return self._concrete.inference_fn.call_flat(*tf.nest.flatten(arguments), *self._captures)
