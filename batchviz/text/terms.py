"""What the product's words mean: one card a term, of two sentences, a picture and an example that runs.

The one source: question marks of the form (`text.hints`), facts, words on the pages (`text.term_places`) and
`docs/glossary.md` say what stands here. To add a term, add a row to TERMS; its picture is one of
`figures.terms.PICTURES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batchviz.experiment.presets import PRESETS
from batchviz.experiment.spec import RunSpec


@dataclass(frozen=True)
class Term:
    """A term. The example is a race of runs; the first of them fills the form."""

    name: str
    what: str
    """What it is, in a sentence."""
    expect: str
    """What to expect of it, in another."""
    picture: str
    """One of figures.terms.PICTURES."""
    example: tuple[RunSpec, ...]
    phrases: tuple[str, ...] = ()
    """How it stands in sentences of the pages, where that is unmistakable."""

    @property
    def text(self) -> str:
        """Both sentences."""
        return f"{self.what} {self.expect}"


_DIGITS = RunSpec(dataset="digits")
_SGD = _DIGITS.replace(optimizer="sgd", learning_rate=0.1)
_TEACHER = RunSpec(dataset="teacher", batch_size=8, budget=40)


def _sizes(spec: RunSpec, *sizes: int | str) -> tuple[RunSpec, ...]:
    return tuple(spec.replace(batch_size=size) for size in sizes)


TERMS: Mapping[str, Term] = {
    "batch": Term(
        "Batch",
        "The examples whose gradients are averaged for one update of the weights.",
        "Every epoch shuffles the training rows and deals them into batches anew.",
        "batch", _sizes(_DIGITS, 32),
        ("batches", "batch"),
    ),
    "batch_size": Term(
        "Batch size",
        "How many examples are averaged for one update of the weights.",
        "Small batches make many noisy updates an epoch, large ones few smooth ones.",
        "updates", _sizes(_DIGITS, 8, 32, 128),
        ("batch sizes", "batch size"),
    ),
    "last_batch": Term(
        "Last batch",
        "What the last batch of an epoch holds: fewer than the others where the batch size does not divide the rows.",
        "It is kept, as in Keras, and makes an update of its own.",
        "last_batch", _sizes(RunSpec(), 300),
    ),
    "full_batch": Term(
        "Full batch",
        "A batch of all training rows, so that an epoch is one update.",
        "Its gradient has no noise of sampling, but in as many epochs nothing updates less often.",
        "full_batch", _sizes(_DIGITS, 32, "full"),
        ("full batch",),
    ),
    "update": Term(
        "Update",
        "One step of the optimiser: the gradient of a batch moves all weights once.",
        "Whatever the batch size it counts once, so in one epoch large batches make fewer of them.",
        "updates", tuple(PRESETS["updates"].specs[1:4]),
        ("updates an epoch", "updates", "update"),
    ),
    "iteration": Term(
        "Iteration",
        "What many texts and programs call an update; others say step.",
        "Where an update averages several micro-batches, some of them mean each of those.",
        "updates", tuple(PRESETS["updates"].specs[1:4]),
    ),
    "epoch": Term(
        "Epoch",
        "One pass over all training rows, each of them visited once.",
        "In as many epochs a small batch makes more updates than a large one.",
        "epoch", _sizes(_DIGITS, 8, 128),
        ("equal epochs", "epochs", "epoch"),
    ),
    "example": Term(
        "Example",
        "One row as the network sees it; seen twice, it counts twice.",
        "In as many examples a small batch makes more updates than a large one.",
        "epoch", _sizes(_DIGITS.replace(budget_unit="examples", budget=10_000), 8, 128),
    ),
    "accumulation": Term(
        "Micro-batches (accumulation)",
        "Averaging the gradients of several batches before one update, which is then the step of a larger batch.",
        "It saves memory and no time; each of those batches is called a micro-batch.",
        "accumulation", (_DIGITS.replace(batch_size=32, accumulation=4), _DIGITS.replace(batch_size=128)),
        ("micro-batches", "micro-batch", "accumulation"),
    ),
    "schedule": Term(
        "Batch-size schedule",
        "Whether the batch size changes while a run trains.",
        "A growing one acts much like a falling learning rate: the updates become less noisy.",
        "schedule", (_SGD.replace(batch_size=8, batch_schedule=((4, 128),)), *_sizes(_SGD, 8, 128)),
    ),
    "budget": Term(
        "Budget",
        "What a run's length is counted in, the same for all of a race.",
        "At equal epochs small batches update more often; at equal updates large ones see more examples.",
        "updates", tuple(PRESETS["updates"].specs[1:4]),
        ("equal budget", "equal budgets"),
    ),
    "validation_split": Term(
        "Validation split",
        "The share of the rows that is never trained on: as in Keras, the last ones, after a shuffle unless they are "
        "kept in order.",
        "The loss on them shows how the network does on examples that are new to it.",
        "split", _sizes(_DIGITS, 32),
        ("validation rows",),
    ),
    "dataset": Term(
        "Data",
        "The examples that the network learns from.",
        "The article's random numbers hold nothing to learn, which is a lesson of its own.",
        "data", _sizes(RunSpec(), 8, 128),
    ),
    "noise": Term(
        "Noise in the targets",
        "The standard deviation of an error added to the targets.",
        "No network can predict it, so a part of the loss always stays.",
        "floor", (_TEACHER.replace(noise=0.0), _TEACHER.replace(noise=0.5)),
    ),
    "data_seed": Term(
        "Data seed",
        "Which draw of the data is used.",
        "Another draw shows whether a finding hangs on these very rows.",
        "data", tuple(RunSpec(data_seed=seed) for seed in (0, 1)),
    ),
    "gradient": Term(
        "Gradient",
        "The direction in which the loss rises fastest, a number a weight; an update steps against it.",
        "That of a batch is an estimate of the one over all training rows.",
        "gradients", _sizes(_SGD, 8, 128),
        ("gradients", "gradient"),
    ),
    "gradient_noise": Term(
        "Gradient noise",
        "How far the gradients of batches scatter around that of all training rows.",
        "Its mean square falls about as 1 / batch size, and is zero at the full batch.",
        "noise_law", _sizes(_SGD.replace(budget=3), 4, 128),
        ("gradient noise",),
    ),
    "optimizer": Term(
        "Optimiser",
        "The rule that turns gradients into steps of the weights.",
        "SGD follows the gradient as it is; Adam scales the step of every weight by its past gradients.",
        "momentum", (_SGD, _DIGITS),
    ),
    "learning_rate": Term(
        "Learning rate",
        "How far an update moves the weights.",
        "Too low a rate learns slowly; too high a rate jumps about, or the loss grows without end.",
        "rates", tuple(_SGD.replace(learning_rate=rate) for rate in (0.003, 0.1, 3.0)),
        ("learning rates", "learning rate"),
    ),
    "linear_rule": Term(
        "Linear rule",
        "The learning rate grows in proportion to the batch size: twice the batch, twice the rate.",
        "For plain SGD at small rates the curves over epochs nearly coincide; at large sizes the rule breaks.",
        "linear_rule", tuple(PRESETS["rate"].specs),
        ("linear rule",),
    ),
    "learning_rate_rule": Term(
        "Learning-rate rule",
        "How the learning rate follows the batch size.",
        "Fixed is the same rate for all; linear doubles it when the batch size doubles.",
        "linear_rule", tuple(PRESETS["rate"].specs),
    ),
    "momentum": Term(
        "Momentum",
        "The share of the last step that is carried into the next one.",
        "It evens out noisy gradients and adds speed where they agree; 0.9 is usual.",
        "momentum", (_SGD.replace(learning_rate=0.03), _SGD.replace(optimizer="momentum", learning_rate=0.03)),
        ("momentum",),
    ),
    "hidden": Term(
        "Hidden layer",
        "How many units, or filters, each hidden layer has: 64, 32 makes two layers.",
        "More of them can fit finer patterns, and take longer.",
        "network", (_DIGITS.replace(hidden=(4,)), _DIGITS.replace(hidden=(64,))),
    ),
    "parameters": Term(
        "Parameters",
        "The weights that training changes.",
        "More of them fit finer patterns, and learn single rows by heart more easily.",
        "network", (_TEACHER.replace(hidden=(4,)), _TEACHER.replace(hidden=(64,))),
    ),
    "activation": Term(
        "Activation",
        "What a hidden unit does with the sum of its inputs.",
        "With linear ones alone the whole network could only fit a straight line.",
        "activation", tuple(_TEACHER.replace(activation=name) for name in ("relu", "linear")),
    ),
    "dropout": Term(
        "Dropout",
        "The share of hidden units switched off at random in every update.",
        "That makes it harder to learn single examples by heart.",
        "dropout", tuple(_DIGITS.replace(hidden=(64,), dropout=share) for share in (0.0, 0.5)),
        ("dropout",),
    ),
    "batch_norm": Term(
        "Batch normalisation",
        "Rescales each hidden layer by the mean and spread of the batch at hand.",
        "With it the batch size also changes what the network computes.",
        "batch_norm", _sizes(_DIGITS.replace(batch_norm=True), 2, 32),
        ("batch normalisation",),
    ),
    "loss": Term(
        "Loss",
        "How wrong the network is, as one number: lower is better.",
        "For numbers it is the mean squared error, for classes the cross-entropy.",
        "loss", _sizes(_TEACHER, 8, 128),
        ("mean squared error", "cross-entropy", "MSE"),
    ),
    "mae": Term(
        "MAE",
        "Mean absolute error: how far the answers are from the targets on average, in the unit of the target.",
        "A few wide misses weigh less in it than in the squared error.",
        "loss", _sizes(_TEACHER, 8, 128),
        ("MAE",),
    ),
    "accuracy": Term(
        "Accuracy",
        "The share of examples whose class is named rightly.",
        "It counts right or wrong alone, so the loss can improve while it stands still.",
        "accuracy", _sizes(_DIGITS, 8, 128),
        ("accuracy",),
    ),
    "validation_loss": Term(
        "Validation loss",
        "The loss on rows that were never trained on.",
        "It shows how the network does on examples that are new to it, so races are judged by it.",
        "curves", _sizes(_TEACHER, 8, 128),
        ("validation loss",),
    ),
    "training_loss": Term(
        "Training loss",
        "The loss on the training rows at the end of an epoch, without dropout.",
        "It can be compared with the validation loss, unlike the running mean that Keras prints.",
        "curves", _sizes(_TEACHER, 8, 128),
        ("training loss",),
    ),
    "running_mean": Term(
        "Running mean",
        "Keras' own training loss of an epoch: the mean over its batches, each taken before its update.",
        "It lags behind the weights, so validation can look better than training.",
        "running_mean", _sizes(_DIGITS, 32),
    ),
    "gap": Term(
        "Gap",
        "Validation loss minus training loss at the end of the last epoch.",
        "A growing gap means that the network learns its own rows better than what they have in common.",
        "curves", (_TEACHER.replace(rows=200, noise=0.5, hidden=(64,), budget=100),),
    ),
    "floor": Term(
        "Floor",
        "What a model would score on these very rows that knew the law the targets are drawn from.",
        "Below it a training loss is memorising, and a validation loss is luck.",
        "floor", _sizes(RunSpec(), 1, 32),
    ),
    "diverged": Term(
        "Diverged",
        "The end of a run whose loss was not finite, or whose training loss ended above 1.5 times its start.",
        "Most often the learning rate was too high; such a run ranks last.",
        "diverged", tuple(_TEACHER.replace(optimizer="sgd", budget=5, learning_rate=rate) for rate in (0.1, 3.0)),
        ("diverged",),
    ),
    "seed": Term(
        "Seed",
        "Where chance begins: initial weights, order of the examples, dropout.",
        "Runs of one seed start from the same weights, whatever their batch size.",
        "seeds", tuple(_SGD.replace(batch_size=8, seed=seed) for seed in (0, 1, 2)),
    ),
    "replicates": Term(
        "Seeds of one setting",
        "Runs of one setting that differ in the seed alone: their mean is a line, their spread a band.",
        "What most of them show is more than luck.",
        "seeds", tuple(_SGD.replace(batch_size=8, seed=seed) for seed in (0, 1, 2)),
        ("seed by seed",),
    ),
    "race": Term(
        "Race",
        "Several batch sizes from the same weights, on the same data and with the same budget.",
        "Only the batch size differs; further seeds show what was luck.",
        "race", _sizes(_DIGITS, 8, 32, 128),
    ),
    "verdict": Term(
        "Verdict",
        "What is said of two batch sizes, seed by seed: how large the difference is, and how sure.",
        "Three seeds are the fewest for one; ten find clear differences.",
        "verdict", tuple(_DIGITS.replace(batch_size=size, seed=seed) for size in (8, 128) for seed in (0, 1, 2)),
    ),
    "clear": Term(
        "Clear, likely",
        "Grades of evidence: of a hundred equal pairs fewer than two are ever called clear, fewer than ten likely.",
        "That holds however often seeds are added and looked at again.",
        "verdict", tuple(_DIGITS.replace(batch_size=size, seed=seed) for size in (8, 128) for seed in (0, 1, 2)),
        ("a clear difference", "likely a difference"),
    ),
    "not_distinguishable": Term(
        "Not distinguishable",
        "With ten seeds or more in common, two groups are neither clearly nor likely different.",
        "It does not mean equal: what lies outside the interval is ruled out, and nothing else.",
        "not_distinguishable",
        tuple(_TEACHER.replace(budget=10, batch_size=size, seed=seed) for size in (32, 33) for seed in range(10)),
        ("not distinguishable",),
    ),
    "sweep": Term(
        "Sweep",
        "Batch sizes, learning rates and seeds under one budget, asked for as one.",
        "Every batch size is then shown at the rate that served it best.",
        "sweep", tuple(spec.replace(learning_rate=rate) for spec in _sizes(_SGD, 8, 128) for rate in (0.03, 0.3)),
    ),
    "clock": Term(
        "Steady seconds",
        "What an update takes once all is compiled and warm, measured alone on this machine.",
        "Seconds that are compared are updates on this clock: what a run took depends on what else went on.",
        "clock", _sizes(_DIGITS, 1, 32),
        ("steady seconds",),
    ),
    "throughput": Term(
        "Examples a second",
        "Examples in a batch / seconds of its update, in BatchViz's compiled loop.",
        "Larger batches get more examples through, until the processor is full.",
        "clock", _sizes(_DIGITS, 8, 128),
        ("throughput",),
    ),
    "memory": Term(
        "Memory",
        "What weights, gradients, optimiser slots and activations take, 4 bytes a number.",
        "Only the activations, the outputs of the layers, grow with the batch size.",
        "memory", _sizes(_DIGITS, 8, 128),
    ),
    "critical_batch": Term(
        "Critical batch size",
        "About where larger batches stop paying: well below it twice the batch takes half the updates to a target, "
        "well above it as many.",
        "It differs between problems and targets.",
        "critical", _sizes(_SGD.replace(budget_unit="updates", budget=200), 8, 32, 128, 512),
        ("critical batch size",),
    ),
}  # fmt: skip
"""By the name that links and scripts call it."""
