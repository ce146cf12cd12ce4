"""What is said in a class."""

from __future__ import annotations

from batchviz.analysis.gain import Gain
from batchviz.experiment.classroom import Arm, Classroom, Phase, Vote
from batchviz.experiment.spec import BatchSize, RunSpec
from batchviz.text.numbers import count

PHASES = {
    Phase.OPEN: "Coming in",
    Phase.VOTING: "Predicting",
    Phase.DISCUSSION: "Discussing",
    Phase.SECOND_VOTE: "Predicting again",
    Phase.REVEAL: "Revealed",
}
LEADS = {
    Phase.VOTING: "Ask for predictions",
    Phase.DISCUSSION: "Discuss, then vote again",
    Phase.SECOND_VOTE: "Vote again",
    Phase.REVEAL: "Reveal",
}
"""What the teacher's buttons are called."""
LEAD_HINTS = {
    Phase.VOTING: "Everybody gets the question. You see how many have answered, not what.",
    Phase.DISCUSSION: "No answers are taken while the class talks. Nobody sees the split yet.",
    Phase.SECOND_VOTE: "Everybody is asked again; the first answers stay.",
    Phase.REVEAL: "The runs train once, and everyone's screen follows them. From five answers on the split is "
    "shown. No prediction is taken any more.",
}
SPLITS = {Vote.FIRST: "What the class predicted", Vote.SECOND: "After the discussion"}
WAITING = {
    Phase.OPEN: "You are in. Read the facts; your teacher begins soon.",
    Phase.DISCUSSION: "Talk with a neighbour who answered otherwise: why? You are asked once more after this.",
}
ENDED = "The class has ended: nothing more is taken."
TAKEN_ONCE = "Taken. This question is answered once."
ONLY_HERE = (
    "This address works on this computer only. For a class, open BatchViz by the address this computer has in your "
    "network."
)
CSV_HINT = (
    "What may be seen: votes of revealed rounds with at least five answers. Without names, in no order."
)
END_HINT = "Nothing more is taken; what was answered after the reveal is shown and can be exported."
DELETE_QUESTION = "Delete the class with all its answers? This cannot be undone. Runs stay in the libraries."
GRID = "The class is the sweep"
GRID_TEXT = (
    "Each member trains one point: a batch size with a seed. Points are handed out so that every size gets as many "
    "seeds, and one chart collects them."
)
NO_POINTS = "Nothing is trained yet: the first point appears here."
NOTEBOOK = "Send from a notebook"
NOTEBOOK_TEXT = (
    "Plain Keras sends its epochs to this class. They are marked as trained elsewhere, because nobody here can check "
    "them, and no verdict counts them in. Put your own batch size into the address."
)
TAKEN = "Taken. You can change it until your teacher goes on."
WATCHES = (
    "In this class lots decide who predicts before the runs are shown and who watches first. You watch first: there is "
    "nothing to answer until the reveal."
)
CONSENT = "Measure whether it teaches"
CONSENT_HINT = (
    "Asks one question before the lesson and its twin after it, and draws by lot who predicts and who watches first. "
    "Switch it on only if your class agrees. Shown are numbers of the whole class, from five members on."
)
NO_SPLIT = "Below five answers no split is shown."
KEYS = (
    "Large type, and nothing that is hidden. Keys: space plays, the arrows step an update, with Shift an epoch, Home "
    "and End go to the ends, X changes the axis, F fills the screen."
)
NO_RUNS = "No runs were started for this round."
TRUE = "What the runs say"
NO_GAIN = "Fewer than five members answered before and after: nothing is shown."
ARMS = {Arm.PREDICT: "Who predicted first", Arm.WATCH: "Who watched first"}


def gained(gain: Gain) -> str:
    """Whether a class learned, in one or two sentences."""
    shares = (
        f"{100 * gain.before:.0f} % were right before, {100 * gain.after:.0f} % after "
        f"({count(gain.members, 'member')} answered both)"
    )
    points = f"{100 * gain.mean:+.0f} points, 95 % interval {100 * gain.low:+.0f} to {100 * gain.high:+.0f}"
    if gain.taught:
        return f"The class gained: {shares}. {points}."
    if gain.harmed:
        return f"The class lost: {shares}. {points}."
    return f"Not distinguishable from no gain: {shares}. {points}."


def leaves(days: float) -> str:
    """When a class is deleted."""
    left = max(0, round(days * 24))
    when = count(round(days), "day") if left >= 48 else count(left, "hour")
    return f"Deleted with all answers in {when}, or when you press Delete."


def where(classroom: Classroom) -> str:
    """Where a class stands, for its teacher."""
    if not classroom.open:
        return ENDED
    return f"Round {classroom.round}: {PHASES[classroom.phase].lower()}."


def listed(classroom: Classroom, title: str) -> str:
    """A line in the list of one's classes."""
    state = PHASES[classroom.phase].lower() if classroom.open else "ended"
    return f"{classroom.code}: {title}, {count(classroom.members, 'member')}, {state}"


def grid_needs(sizes: int) -> str:
    """What so many batch sizes ask of a class."""
    return (
        f"{count(sizes, 'batch size')}: with 30 members about {count(30 // max(1, sizes), 'seed')} of each."
    )


def grid_title(here: int, elsewhere: int) -> str:
    """Over the chart."""
    others = f", {count(elsewhere, 'training')} from elsewhere" if elsewhere else ""
    return f"{count(here, 'point')} of the class{others}"


def grid_note(elsewhere: int) -> str:
    """Under the chart."""
    note = "A point a training, at its end; the line joins the means of the points trained here."
    return f"{note} Open points were trained elsewhere: told, not checked." if elsewhere else note


def grid_alt(finding: str, here: int, elsewhere: int) -> str:
    """The chart for those who do not see it."""
    return f"{grid_title(here, elsewhere)} over batch size, logarithmic: the validation loss at the end. {finding}"


def your_point(spec: RunSpec) -> str:
    """What a member trains."""
    return f"Yours: batch size {spec.batch_size}, seed {spec.seed}."


def snippet(link: str, sender: str, size: BatchSize) -> str:
    """The lines of a notebook that send to the class."""
    return f'''import keras

monitor = keras.callbacks.RemoteMonitor(
    root="{link}",
    path="/{sender}?batch_size={size}",
)
model.fit(x, y, batch_size={size}, epochs=10, validation_split=0.2, callbacks=[monitor])
'''
