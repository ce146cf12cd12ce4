"""What stands behind the question mark of a control: what it is, and what to expect of it, for a beginner.

Two short sentences at most, so that a phone shows them whole; tests hold every control of the form to that.
"""

from __future__ import annotations

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "dataset": "The examples that the network learns from. The article's random numbers hold nothing to learn, "
    "which is a lesson of its own.",
    "batch_size": "How many examples are averaged for one update of the weights. Small batches make many noisy "
    "updates an epoch, large ones few smooth ones.",
    "validation_split": "The share of the rows that is never trained on: as in Keras, the last ones, after a shuffle "
    "unless they are kept in order. The loss on them shows how the network does on examples that are new to it.",
    "model": "The kind of network. A multilayer perceptron takes any numbers, a convolutional network only pictures.",
    "hidden": "How many units, or filters, each hidden layer has: 64, 32 makes two layers. More of them can fit finer "
    "patterns, and take longer.",
    "activation": "What a hidden unit does with the sum of its inputs. With linear ones alone the whole network could "
    "only fit a straight line.",
    "optimizer": "The rule that turns gradients into steps of the weights. SGD follows the gradient as it is; Adam "
    "scales the step of every weight by its past gradients.",
    "learning_rate": "How far an update moves the weights. Too low a rate learns slowly; too high a rate jumps about, "
    "or the loss grows without end.",
    "seed": "Where chance begins: initial weights, order of the examples, dropout. Runs of one seed start from the "
    "same weights, whatever their batch size.",
    "learning_rate_rule": "How the learning rate follows the batch size. Fixed is the same rate for all; linear "
    "doubles it when the batch size doubles.",
    "base_batch_size": "The batch size at which the rule leaves the learning rate as it is. Larger batches get a "
    "higher rate, smaller ones a lower one.",
    "budget_unit": "What a run's length is counted in, the same for all of a race. At equal epochs small batches "
    "update more often; at equal updates large ones see more examples.",
    "momentum": "The share of the last step that is carried into the next one. It evens out noisy gradients and adds "
    "speed where they agree; 0.9 is usual.",
    "batch_schedule": "Later batch sizes, each after the epoch it begins with: 5:128, 10:full. Epochs count from 1.",
    "accumulation": "How many batches are averaged before one update. The update is that of a larger batch, in the "
    "memory of a small one.",
    "dropout": "The share of hidden units switched off at random in every update. That makes it harder to learn "
    "single examples by heart.",
    "batch_norm": "Rescales each hidden layer by the mean and spread of the batch at hand. With it the batch size "
    "also changes what the network computes.",
    "rows": "How many examples there are, those kept for validation included. More rows make more updates an epoch at "
    "the same batch size.",
    "noise": "The standard deviation of an error added to the targets. No network can predict it, so a part of the "
    "loss always stays.",
    "data_seed": "Which draw of the data is used. Another draw shows whether a finding hangs on these very rows.",
}
"""Field of RunSpec -> what it means; the budget's text hangs on its unit."""

BUDGET: Mapping[str, str] = {
    "epochs": "An epoch is one pass over all training rows. In as many epochs a small batch makes more updates than a "
    "large one.",
    "updates": "How often the weights are changed. In as many updates a large batch sees more examples than a small "
    "one.",
    "examples": "How many examples pass through the network, repeats included. In as many examples a small batch "
    "makes more updates than a large one.",
    "seconds": "Time that passes while it trains here. How many updates fit depends on what else the machine does.",
}
EXACT_BATCH_SIZE = (
    "Any whole number; the slider has powers of two. More than there are training rows means all of them."
)
EXACT_LEARNING_RATE = "Any rate, where the slider has only some. Both always show the same value."
SCHEDULE = (
    "Whether the batch size changes while a run trains. A growing one acts much like a falling learning rate: the "
    "updates become less noisy."
)
SEEDS = (
    "How many runs of this very setting one press trains, each from another start. What comes back with most of them "
    "is more than luck."
)
RACE_SIZES = (
    "The batch sizes that run against each other. All start from the same weights and learn the same rows."
)
RACE_EQUAL = (
    "Equal epochs: each sees the data as often, and small sizes update more. Equal updates: each learns as many times, "
    "and large sizes see more."
)
RACE_SEEDS = (
    "How many runs of each batch size, each from another start. A verdict needs at least three; ten find clear "
    "differences."
)
