"""Several dense networks of one shape as one computation: a replica's weights are one row of a matrix.

At small batches an update is mostly overhead, which all replicas then share. Every replica sees its own examples and
has its own rate; nothing of one enters another, so that one that diverges leaves the others to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from batchviz.experiment.spec import RunSpec
from batchviz.training.xla import TracedFunction, run_on_one_thread


class StackedLoop:
    """The training loop of stacked networks, traced once for any number of replicas, rows and batches."""

    def __init__(
        self, spec: RunSpec, optimizer: Any, x: Any, y: Any, shapes: Sequence[tuple[int, int]]
    ) -> None:
        """`optimizer` is Keras', whose constants are used; `shapes` are those of a replica's kernels and biases.

        These are (inputs or 1, outputs), in the order in which a row of weights holds them.
        """
        self._activation = keras.activations.get(spec.activation)
        self._optimizer = optimizer
        self._classifies = y.dtype.is_integer
        self._shapes = shapes
        stack = tf.TensorSpec([None, sum(map(math.prod, shapes))], tf.float32)
        rows = [tf.TensorSpec([None, *values.shape[1:]], values.dtype) for values in (x, y)]
        number = tf.TensorSpec([], tf.int32)
        self.slots = _slots(optimizer)
        state = [stack] * (1 + self.slots)
        table = (tf.TensorSpec([None, None, None], tf.int32), tf.TensorSpec([None], tf.int32))
        replicas = (tf.TensorSpec([None], tf.float32), tf.TensorSpec([None], tf.bool))
        self.graph = TracedFunction(self._train, (*rows, *table, *replicas, number, number, number, state))
        self.evaluate = TracedFunction(self._evaluate, (*rows, number, stack))
        self._xla: TracedFunction | None = None

    @property
    def xla(self) -> TracedFunction:
        """The same compiled, which pays for thousands of small updates."""
        if self._xla is None:
            self._xla = self.graph.compiled()
        return self._xla

    def _train(
        self, x: Any, y: Any, table: Any, sizes: Any, rates: Any, alive: Any, done: Any, start: Any, stop: Any,
        state: Any,
    ) -> Any:  # fmt: skip
        """Batches `start` to `stop` of a table (batches, replicas, batch size), `sizes` of whose examples count.

        A replica rests after a loss that is not finite. Returns (batches, 2, replicas) of losses and metrics, who
        goes on, and the state.
        """
        recorded = tf.TensorArray(tf.float32, tf.shape(table)[0], element_shape=[2, None])
        nothing = tf.zeros([2, tf.shape(rates)[0]])
        recorded = recorded.unstack(tf.tile(nothing[None], [tf.shape(table)[0], 1, 1]))
        rate = rates[:, None]

        def goes_on(index: Any, alive: Any, *_: Any) -> Any:
            return tf.logical_and(index < stop, tf.reduce_any(alive))

        def step(index: Any, alive: Any, recorded: Any, state: Any) -> tuple[Any, ...]:
            visit, size = tf.gather(table, index), tf.gather(sizes, index)
            weights, *slots = state
            forward = _Forward(self._layers(weights), self._activation, tf.gather(x, visit))
            losses, metrics, seed = self._measure(tf.gather(y, visit), forward.prediction, size)
            gradients = forward.gradients(seed)
            gradient = tf.concat([tf.reshape(part, [-1, math.prod(part.shape[1:])]) for part in gradients], 1)
            count = tf.cast(done + index - start + 1, tf.float32)
            after = _updated(self._optimizer, weights, gradient, *slots, rate=rate, count=count)
            learns = alive[:, None]
            state = [tf.where(learns, new, old) for new, old in zip(after, state, strict=True)]
            alive = tf.logical_and(alive, tf.math.is_finite(losses))
            return index + 1, alive, recorded.write(index, tf.stack([losses, metrics])), state

        _, alive, recorded, state = tf.while_loop(
            goes_on, step, (start, alive, recorded, state), parallel_iterations=1
        )
        run_on_one_thread(tf.compat.v1.get_default_graph())
        return recorded.stack(), alive, state

    def _evaluate(self, x: Any, y: Any, training: Any, weights: Any) -> Any:
        """Loss and metric of all replicas on the first `training` rows, and on the others: (2, 2, replicas).

        Not a number where there are no others.
        """
        replicas = tf.shape(weights)[0]
        prediction = self._forward(x[None], self._layers(weights))
        y = tf.repeat(y[None], replicas, axis=0)
        parts = ((y[:, :training], prediction[:, :training]), (y[:, training:], prediction[:, training:]))
        return tf.stack([tf.stack(self._measure(*part, tf.shape(part[0])[1])[:2]) for part in parts])

    def _layers(self, weights: Any) -> list[Any]:
        """Kernel and bias of each layer: (replicas, inputs or 1, outputs)."""
        parts = tf.split(weights, [math.prod(shape) for shape in self._shapes], 1)
        return [tf.reshape(part, [-1, *shape]) for part, shape in zip(parts, self._shapes, strict=True)]

    def _forward(self, values: Any, weights: list[Any]) -> Any:
        for layer in range(0, len(weights), 2):
            values = tf.matmul(values, weights[layer]) + weights[layer + 1]
            if layer + 2 < len(weights):
                values = self._activation(values)
        return values

    def _measure(self, y: Any, prediction: Any, size: Any) -> tuple[Any, Any, Any]:
        """Losses, metrics (replicas,) of the first `size` examples, and the losses' gradient in the prediction."""
        there = tf.range(tf.shape(prediction)[1]) < size
        count = tf.cast(size, tf.float32)
        if self._classifies:
            counts = tf.cast(there, tf.float32)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, prediction)
            losses = tf.where(there, losses, 0.0)  # of a row that does not count, however large
            targets = tf.one_hot(y, prediction.shape[-1])
            seed = (tf.nn.softmax(prediction) - targets) * (counts / count)[:, None]
            right = tf.cast(tf.argmax(prediction, -1, tf.int32) == tf.cast(y, tf.int32), tf.float32)
            return tf.reduce_sum(losses, 1) / count, tf.reduce_sum(right * counts, 1) / count, seed
        error = tf.where(there[:, None], prediction - y, 0.0)
        count *= float(prediction.shape[2])
        losses = tf.reduce_sum(tf.square(error), [1, 2]) / count
        return losses, tf.reduce_sum(tf.abs(error), [1, 2]) / count, error * (2.0 / count)


class _Forward:
    """A pass through all networks that remembers what its gradients need.

    These are the operations that TensorFlow's tape would make, without those that ask at every update whether
    something was broadcast: they were half of all.
    """

    def __init__(self, layers: Sequence[Any], activation: Any, values: Any) -> None:
        """`layers`: kernel, bias, kernel, bias and so on; `values` (replicas, examples, inputs)."""
        self._kernels, self._inputs, self._tapes = layers[::2], [values], []
        for kernel, bias in zip(self._kernels, layers[1::2], strict=True):
            before = tf.raw_ops.BatchMatMul(x=values, y=kernel) + bias
            if len(self._inputs) == len(self._kernels):
                self.prediction = before
                break
            with tf.GradientTape() as tape:
                tape.watch(before)
                values = activation(before)
            self._tapes.append((tape, values, before))
            self._inputs.append(values)

    def gradients(self, gradient: Any) -> list[Any]:
        """Of kernels and biases in their order, from that of the prediction."""
        backwards: list[Any] = []
        for number in reversed(range(len(self._kernels))):
            if number < len(self._tapes):
                tape, values, before = self._tapes[number]
                gradient = tape.gradient(values, before, output_gradients=gradient)
            backwards.append(tf.reduce_sum(gradient, 1, keepdims=True))
            backwards.append(tf.raw_ops.BatchMatMul(x=self._inputs[number], y=gradient, adj_x=True))
            if number:
                gradient = tf.raw_ops.BatchMatMul(x=gradient, y=self._kernels[number], adj_y=True)
        return backwards[::-1]


def _slots(optimizer: Any) -> int:
    """Numbers that an optimiser keeps beside each weight."""
    if isinstance(optimizer, keras.optimizers.Adam):
        return 2
    return int(isinstance(optimizer, keras.optimizers.RMSprop) or bool(optimizer.momentum))


def _updated(o: Any, weight: Any, gradient: Any, *slots: Any, rate: Any, count: Any) -> tuple[Any, ...]:
    """Weights and slots after update number `count` (from 1), by the formulas of Keras' `update_step`."""
    if o.weight_decay:
        weight -= weight * o.weight_decay * rate
    if isinstance(o, keras.optimizers.Adam):
        first, second = slots
        # 1 - beta in float32, as in TensorFlow's operation: for beta_2 it differs from the double's in the fifth digit.
        beta_1, beta_2 = np.float32(o.beta_1), np.float32(o.beta_2)
        first += (gradient - first) * (np.float32(1) - beta_1)
        second += (tf.square(gradient) - second) * (np.float32(1) - beta_2)
        alpha = rate * tf.sqrt(1 - tf.pow(beta_2, count)) / (1 - tf.pow(beta_1, count))
        return weight - first * alpha / (tf.sqrt(second) + o.epsilon), first, second
    if isinstance(o, keras.optimizers.RMSprop):
        velocity = o.rho * slots[0] + (1 - o.rho) * tf.square(gradient)
        return weight - rate * gradient / tf.sqrt(velocity + o.epsilon), velocity
    if not slots:
        return (weight - rate * gradient,)
    momentum = o.momentum * slots[0] - rate * gradient
    return weight + (o.momentum * momentum - rate * gradient if o.nesterov else momentum), momentum
