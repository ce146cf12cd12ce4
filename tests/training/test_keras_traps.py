"""What the lesson on Keras' own traps says of Keras, shown with Keras' own `fit`."""

import numpy as np

from batchviz.experiment.order import order


def test_seeded_keras_repeats_the_order_of_its_batches_where_ours_is_dealt_anew() -> None:
    import keras

    class EveryBatch(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.epochs: list[list[float]] = []

        def on_epoch_begin(self, epoch, logs=None) -> None:
            self.epochs.append([])

        def on_train_batch_end(self, batch, logs=None) -> None:
            self.epochs[-1].append(logs["loss"])

    x = np.random.default_rng(0).normal(size=(40, 2)).astype("float32")
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), "mse", run_eagerly=True)
    seen = EveryBatch()
    model.fit(x, x[:, :1], batch_size=8, epochs=2, shuffle=True, callbacks=[seen], verbose=0)
    first, second = seen.epochs
    assert len(set(first)) == 5, "batches differ, so that another order would show"
    assert first == second
    assert order(40, seed=0, epoch=0).tolist() != order(40, seed=0, epoch=1).tolist()
