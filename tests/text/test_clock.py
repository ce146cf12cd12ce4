"""What is said beside seconds: whose they are, since when, and what is missing."""

from dataclasses import replace

from batchviz.analysis.pace import Clocks, network
from batchviz.experiment import datasets
from batchviz.experiment.clock import ClockPath, ClockPoint
from batchviz.experiment.records import Source
from batchviz.experiment.spec import RunSpec
from batchviz.text.clock import axis, note
from tests.analysis.recorded import clock, clocks, made

HERE, _ = made(RunSpec(batch_size=8))
WIDER, _ = made(RunSpec(batch_size=8, hidden=(64,)))
ELSEWHERE, _ = made(RunSpec(batch_size=64), source=Source.ARCHIVE)
LOG, _ = made(RunSpec(dataset=datasets.imported_name("AbCdEf123456", 1000, 1)), source=Source.HISTORY)
KEY, WIDER_KEY = network(HERE) or "", network(WIDER) or ""
MEASURED = (
    "Seconds: updates × the time of one update of that batch size in BatchViz's compiled loop, measured on Test, "
    "2 cores on 21 September 2026 while nothing else trained. Evaluation, compilation and "
    "what passes between epochs are left out."
)


def test_a_known_clock_names_its_way_its_machine_and_its_day() -> None:
    assert note(clocks([HERE]), [HERE]) == MEASURED
    assert "in Keras fit, measured on" in note(clocks([HERE], ClockPath.FIT), [HERE])
    assert axis("seconds", clocks([HERE])) == "training time in seconds, BatchViz's compiled loop"
    assert axis("updates", clocks([HERE])) == "updates"


def test_runs_of_elsewhere_are_said_to_be_on_this_clock() -> None:
    assert note(clocks([HERE]), [HERE, ELSEWHERE]).endswith(
        "Runs trained elsewhere are on this machine's clock, too."
    )


def test_what_is_not_measured_is_named_whether_all_or_some() -> None:
    assert note(Clocks(), [HERE]) == (
        "No clock yet: what an update of this network takes in BatchViz's compiled loop on this machine was not "
        "measured."
    )
    assert "of these networks takes" in note(Clocks(), [HERE, WIDER])
    assert note(clocks([HERE]), [HERE, WIDER]) == (
        f"{MEASURED} No clock yet: what an update of some of these networks takes in BatchViz's compiled loop on this "
        "machine was not measured."
    )


def test_what_was_asked_for_is_said_to_come() -> None:
    awaited = Clocks(awaited=frozenset({KEY}))
    assert note(awaited, [HERE]).startswith(
        "The clock is being measured, once nothing else trains: what an update"
    )
    assert note(awaited, [HERE, WIDER]).startswith("No clock yet"), "the other was not asked for"


def test_what_could_not_be_measured_says_why() -> None:
    failed = Clocks(failed={KEY: "Out of memory."})
    assert note(failed, [HERE]).endswith("could not be measured. Out of memory.")


def test_a_disturbed_clock_is_called_rough_and_offered_again() -> None:
    rough = replace(clock(network=KEY), points=(ClockPoint(1, 1e-6, 5e-7, 2e-6),))
    on = Clocks(measured={KEY: rough})
    assert "so these times are rough." in note(on, [HERE])
    assert list(on.offered([HERE])) == [KEY]
    again = replace(on, awaited=frozenset({KEY}))
    assert "rough. It is being measured again." in note(again, [HERE])
    assert again.offered([HERE]) == {}
    assert clocks([HERE]).offered([HERE]) == {}


def test_a_history_has_no_clock_and_none_is_offered() -> None:
    assert note(Clocks(), [LOG]) == "An imported run whose network is not known here has no clock."
    assert Clocks().offered([LOG]) == {}
