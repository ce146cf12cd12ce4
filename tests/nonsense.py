"""What is no run, by field, and what the refusal must say: the form, links and the command line share it."""

from __future__ import annotations

from typing import Any

WORDS: list[tuple[dict[str, Any], list[str]]] = [
    ({"dataset": "nope"}, ["Data: got 'nope'", "one of random, teacher, friedman, diabetes, digits"]),
    ({"rows": "many"}, ["Rows: got 'many'", "a whole number from 2 to 100,000"]),
    ({"rows": "1"}, ["Rows", "2 to 100,000"]),
    ({"rows": "2.5"}, ["Rows", "a whole number"]),
    ({"rows": "9" * 399}, ["Rows", "2 to 100,000"]),
    ({"rows": "500", "dataset": "diabetes"}, ["Rows: got 500", "at most the 442 of Diabetes"]),
    ({"noise": "nan"}, ["Noise: got 'nan'", "a number from 0 to 10"]),
    ({"noise": "loud"}, ["Noise", "a number from 0 to 10"]),
    ({"data_seed": "-1"}, ["Data seed", "from 0"]),
    ({"model": "transformer"}, ["Model", "one of mlp, convnet"]),
    ({"model": "convnet"}, ["Model", "needs pictures", "Random numbers has none", "Use digits"]),
    ({"hidden": "64, wide"}, ["Hidden widths", 'up to 6 widths from 1 to 2,048, for example "64, 32"']),
    ({"hidden": "0"}, ["Hidden widths", "1 to 2,048"]),
    ({"hidden": "-16"}, ["Hidden widths", "1 to 2,048"]),
    ({"hidden": "1,2,3,4,5,6,7"}, ["Hidden widths", "up to 6"]),
    ({"hidden": "8,8,8,8", "dataset": "digits", "model": "convnet"}, ["Filters a layer", "1 to 3"]),
    ({"hidden": "none", "batch_norm": "true"}, ["Batch normalisation", "no hidden layer"]),
    ({"activation": "softplus"}, ["Activation", "one of relu, tanh"]),
    ({"dropout": "1"}, ["Dropout: got '1'", "a number from 0 to 0.9"]),
    ({"dropout": "0.5", "hidden": "none"}, ["Dropout", "no hidden layer"]),
    ({"batch_norm": "perhaps"}, ["Batch normalisation", "true or false"]),
    ({"optimizer": "lion"}, ["Optimiser", "one of sgd, momentum, nesterov, rmsprop, adam, adamw"]),
    ({"learning_rate": "inf"}, ["Learning rate: got 'inf'", "a number from 0 to 1,000"]),
    ({"learning_rate": "-0.1"}, ["Learning rate", "from 0"]),
    ({"momentum": "1", "optimizer": "momentum"}, ["Momentum", "from 0 to below 1"]),
    ({"learning_rate_rule": "cubic"}, ["Learning-rate rule", "one of fixed, linear, sqrt"]),
    ({"base_batch_size": "0"}, ["Base batch size", "1 to 100,000"]),
    ({"batch_size": "0"}, ["Batch size: got '0'", 'a whole number from 1 to 100,000, or "full"']),
    ({"batch_size": "half"}, ["Batch size: got 'half'", '"full"']),
    ({"batch_size": "1e9"}, ["Batch size", "100,000"]),
    ({"batch_schedule": "5"}, ["Batch schedule", '"5:128, 10:full"']),
    ({"batch_schedule": "1:8"}, ["Batch schedule", "from 2 on"]),
    ({"batch_schedule": "5:0"}, ["Batch schedule"]),
    ({"batch_schedule": "5:8:9"}, ["Batch schedule"]),
    ({"batch_schedule": "6:8, 5:9"}, ["Batch schedule", "rising order, each once"]),
    ({"batch_schedule": "5:8, 5:9"}, ["Batch schedule", "rising order, each once"]),
    ({"batch_schedule": "11:8"}, ["Batch schedule", "epoch 11", "ends after 10 epochs"]),
    ({"accumulation": "0"}, ["Gradient accumulation", "1 to 1,024"]),
    ({"budget_unit": "parsecs", "budget": "3"}, ["Budget unit", "one of epochs, updates, examples, seconds"]),
    ({"budget": "0"}, ["Budget", "above 0"]),
    ({"budget": "1.5"}, ["Budget: got 1.5 epochs", "a whole number"]),
    ({"budget": "10001"}, ["Budget", "at most 10,000"]),
    ({"budget": "601", "budget_unit": "seconds"}, ["Budget: got 601 seconds", "at most 600"]),
    ({"budget": "10000", "batch_size": "1"}, ["8,000,000 updates", "at most 5,000,000"]),
    ({"validation_split": "1"}, ["Validation split", "from 0 to below 1"]),
    ({"validation_split": "20%"}, ["Validation split: got '20%'", "from 0 to below 1"]),
    ({"validation_split": "0.9999"}, ["0.9999 of 1,000 rows leaves no training rows"]),
    ({"validation_split": "1e-17"}, ["1e-17 of 1,000 rows leaves no validation rows"]),
    ({"seed": "1e100"}, ["Seed", "0 to 2,147,483,647"]),
]
"""As text, the way a link or a terminal gives it."""

VALUES: list[tuple[dict[str, Any], list[str]]] = [
    ({"dataset": ["random"]}, ["Data", "one of"]),
    ({"dataset": {}}, ["Data", "one of"]),
    ({"rows": True}, ["Rows: got True"]),
    ({"batch_size": True}, ["Batch size: got True"]),
    ({"batch_size": 10**5000}, ["Batch size: got a number of thousands of digits"]),
    ({"batch_size": 32.5}, ["Batch size: got 32.5"]),
    ({"learning_rate": float("nan")}, ["Learning rate: got nan"]),
    ({"hidden": 16}, ["Hidden widths: got 16"]),
    ({"hidden": [[16]]}, ["Hidden widths"]),
    ({"batch_schedule": [5, 8]}, ["Batch schedule"]),
    ({"batch_norm": 2}, ["Batch normalisation: got 2"]),
    ({"batchsize": 32}, ["Unknown setting 'batchsize'", "batch_size"]),
    ({"x" * 1000: 1}, ["Unknown setting 'xxx", "..."]),
    ({7: 1}, ["Unknown setting '7'"]),
]
"""Values of the wrong kind, the way a program gives them."""

NONSENSE = WORDS + VALUES
