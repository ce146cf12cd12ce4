"""What stands behind the question mark of a control: what it is, and what to expect of it, for a beginner.

Two short sentences at most, so that a phone shows them whole; tests hold every control of the form to that.
"""

from __future__ import annotations

from collections.abc import Mapping

from batchviz.text import term_places, terms

FIELDS: Mapping[str, str] = {
    **{name: terms.TERMS[term].text for name, term in term_places.FIELDS.items()},
    "model": "The kind of network. A multilayer perceptron takes any numbers, a convolutional network only pictures.",
    "base_batch_size": "The batch size at which the rule leaves the learning rate as it is. Larger batches get a "
    "higher rate, smaller ones a lower one.",
    "batch_schedule": "Later batch sizes, each after the epoch it begins with: 5:128, 10:full. Epochs count from 1.",
    "rows": "How many examples there are, those kept for validation included. More rows make more updates an epoch at "
    "the same batch size.",
}
"""Field of RunSpec -> what it means: of a term, what its card says; the budget's text hangs on its unit."""

BUDGET: Mapping[str, str] = {
    "epochs": terms.TERMS["epoch"].text,
    "updates": "How often the weights are changed. In as many updates a large batch sees more examples than a small "
    "one.",
    "examples": terms.TERMS["example"].text,
    "seconds": "Time that passes while it trains here. How many updates fit depends on what else the machine does.",
}
EXACT_BATCH_SIZE = (
    "Any whole number; the slider has powers of two. More than there are training rows means all of them."
)
EXACT_LEARNING_RATE = "Any rate, where the slider has only some. Both always show the same value."
SCHEDULE = terms.TERMS["schedule"].text
SEEDS = (
    "How many runs of this very setting one press trains, each from another start. What comes back with most of them "
    "is more than luck."
)
MEASURE_INSIDE = (
    "Measures a run between its epochs' ends as well, so that its early curve is true and equal updates can be "
    "compared. It takes about a tenth of the training time."
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

FACTS: Mapping[str, str] = {
    "training_rows": "The rows that the network learns from. The others are kept for validation.",
    "validation_rows": "Rows that are never trained on: the last ones, as in Keras, of real data after a shuffle "
    "unless "
    "kept in order. The loss on them shows how it does on new examples.",
    "updates": "Training rows / batch size, rounded up: how often the weights change in one pass. Half the batch size "
    "makes twice as many.",
    "last_batch": terms.TERMS["last_batch"].text,
    "all_updates": "How often the weights change until the end. A network that was updated too seldom has not had time "
    "to learn.",
    "parameters": terms.TERMS["parameters"].text,
    "time": "All updates × the time of one, in BatchViz's compiled loop on this machine. Compilation, evaluation and "
    "other work come on top.",
    "time_asked": "The time that you asked for, as it passes on this machine. How many updates fit into it shows when "
    "it is over.",
    "throughput": terms.TERMS["throughput"].text,
}
"""What stands under the form's answers, a fact each."""


def memory(ledger: str) -> str:
    """Of the fact that tells the memory; `ledger` is what it is made of."""
    return f"{ledger}. Only the activations grow with the batch size."


STOP = "Ends every run of yours that trains on this page. What was recorded until then stays."
SHARE = "A link, a QR code or a frame for another page. Whoever opens it sees what you see now."
TO_COMPARE = (
    "Puts these runs side by side at equal budgets. There you read which batch size did best, and how sure "
    "that is."
)
EXPORT_NOTHING = (
    "There is no run yet that could be saved. Press Train, then it offers tables, notebooks and archives."
)
PRESENT = "Everything twice as large, for a projector. The link keeps it, so that a second screen opens the same way."
PRESENTING = "Back to the usual size. The runs and the charts stay as they are."
SMOOTHING = (
    "Each point is drawn as a mean in which older points weigh less and less. The verdict and the table are never "
    "smoothed."
)
CURVES: Mapping[str, str] = {
    "seeds": "A thin line for every seed, beside the mean and the band. It shows whether all of them went the same "
    "way.",
    "noise": "The loss of every single update, not only at the ends of epochs. Small batches jump about, large ones "
    "hardly.",
}
"""Switch of a comparison's chart -> what it adds."""
BOARD = "Keeps this comparison under a link of its own. Runs that are trained later do not change it."
OVER_SEEDS = (
    "The lowest and the highest seed at the end. Groups whose ranges overlap may differ by luck alone."
)
LEADER = (
    "How the best group's value compares with this one's, seed by seed. The words say how sure that is; three seeds "
    "are too few to be sure."
)
BEST_AFTER = (
    "How much training led to the best value, the mean over the seeds. Where it is well before the end, the network "
    "learnt single rows by heart afterwards."
)
MISSING = "How many rows have no value in this column. Numbers get the mean in their place, and a mark that says so."
DIFFERENT = (
    "How many different values there are, missing ones aside. A column in which every row differs is likely a name, "
    "which says nothing of other rows."
)
UPLOAD = (
    "A row for each example, a column for each thing known of it: at most 20 MB, 100,000 rows, 1,000 columns. The "
    "first "
    "line of a CSV file names the columns."
)
DELETE_DATASET = "Takes the data away; you can undo it. Runs that were recorded from it stay."
ROW_ORDER = (
    "The last rows are held out for validation. Shuffle them, or keep the order of time to see how well the latest "
    "rows are predicted from the earlier ones."
)
TARGET = "The column that the network learns to predict from the others. Choose one that would not be known beforehand."
TASK = "A number to come close to, or a class to name. Text is always a class."
LEAVE_OUT = (
    "Columns that the network does not see. Leave out what says nothing about the target, and what would "
    "give it away."
)
GROUP_SEEDS = (
    "One row for the runs that differ in the seed alone, with the means of those that are done. Seeds differ by "
    "chance, so their mean tells more than any of them."
)
READINGS = (
    "The file can be read in more than one way. The first is the one that was taken; choose another if the numbers "
    "look wrong."
)
IMPORT = (
    "Runs from a BatchViz archive, or histories that Keras wrote. They stand beside your own, and can be compared "
    "with them."
)
EXPERIMENT = (
    "Runs of one experiment learnt from the same data, so they can be compared and averaged over seeds. Files that are "
    "imported later belong to it by the same name."
)
IMPORT_FILES = (
    "A history is Keras' history as JSON, a CSVLogger's file, or any table with a row an epoch and headings like loss "
    "and val_loss. batchviz.Callback writes archives."
)
ROWS_TRAINED = (
    "How many rows an epoch has. With them runs can be compared at equal updates and equal examples, without them at "
    "equal epochs alone."
)
BATCH_SIZE_GUESSED = (
    "A b with a number in a file's name may be a batch size, or a model's name: EfficientNet-B4. Check it, since "
    "everything is grouped by it."
)
IMPORT_NAME = (
    "What the run is called in lists and charts. It may stay empty: then experiment and batch size name it."
)
LEFT_OUT = "Columns of the file that BatchViz has no place for. They are not lost from your file, only not shown here."
TO_COMPARE_SELECTED = (
    "Draws the selected runs side by side at equal budgets. Then you read which did best, and how "
    "sure that is."
)
TO_PLAYGROUND = "Opens the selected runs in the Playground. There they play back update by update."
SELECT = "Tick runs for the buttons above the table. Hold Shift to tick all between two."
WRITTEN = "Your own words for all runs of the row. What is written here is written on each of them."
RUNS_DONE = "How many of its seeds are done. Means and ranges are over these."
RANGE = (
    "The lowest and the highest of the seeds that are done. Where ranges overlap, chance may have decided."
)

COLUMNS: Mapping[str, str] = {
    "val_loss": "How wrong the network was on rows that it never learnt from; lower is better. For numbers it is "
    "the mean "
    "squared error, for classes the cross-entropy.",
    "batch_size": "How many examples each update averages, in the first epoch. A schedule may change it later.",
    "update_examples": "How many examples one update averages: the batch size times the micro-batches. More than all "
    "rows it cannot be.",
    "first_learning_rate": "How far the first updates move the weights. A rule may have made it follow the batch size.",
    "seconds": "Seconds of training as they passed, beside other work; long runs of small batches are compiled by XLA, "
    "others not. So compare batch sizes over an x-axis in seconds.",
}
"""Column of the list of runs -> what it holds."""


def train_exact(runs: str) -> str:
    """Of the button that trains what was not measured at the budget; `runs` counts what it trains."""
    return (
        f"Trains {runs} to exactly this budget, shown instead of these. Between two measurements of a run nothing is "
        "known, so nothing is ranked there."
    )


def throughput(way: str) -> str:
    """Of the column of examples a second, on the clock of a way of training."""
    return (
        f"Examples in a batch / seconds of its update, in {way}. Larger batches get more examples through, until the "
        "processor is full."
    )
