"""What runs say: pure functions of records, no drawing, no training.

    label           what a run is called
    groups          group_runs(runs, names) -> Group: replicates, one a seed
    thinned         Thinned: a long series in few of its recorded rows
    measure unit    what is compared (MEASURES), and over what (UNITS)
    budget          common_budget, at_budget, exact_specs: equal epochs, updates, examples or seconds
    curves          run_curve, seed_curves, group_curve: mean and band over seeds, smoothed, cut
    ranking         rank(groups, series, unit, measure): who leads at a budget, and whether that is a guess
    standing        which of the others the leader can be told from
    paired verdict  verdict(first, second, series, unit, measure): the difference by seed, or the missing runs
    differences     what differs between specs, and only that
    table           a row a group, numbers as measured
    statement       the sentences above a comparison, from obstacle (why there is no ranking), leading, caveats
    comparison      compare(runs, series, measure=, unit=, names=) -> Comparison: all of it, for a page
    sentence speed  the Playground's sentence; how long a run will take

`series` are epoch rows (records.EPOCH_COLUMNS) by run id, `unit` None means "each at its end". All text is plain
and may hold what users wrote.
"""

from batchviz.analysis.run_time import Speed, expected_speed
from batchviz.analysis.sentence import describe

__all__ = ["Speed", "describe", "expected_speed"]
