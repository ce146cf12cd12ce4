"""What runs say, as data: pure functions of records, no drawing, no training, no sentence (that is `text`).

    differences     what differs between runs and only that, whether they learn from the same data, what one is called
    labels          what groups are called beside each other: what differs, short
    appearance      which field has the colour, the dash and the panels, and where on a scale each group stands
    replicates      group_runs(runs, names) -> Group: the runs of one experiment, one a seed
    downsampling    a long series in few of its recorded rows
    metrics units   what is compared (METRICS), and over what (UNITS)
    budgets         common_budget, at_budget, exact_specs: equal epochs, updates, examples or seconds
    curves          run_curve, seed_curves, band: mean and band over seeds, smoothed, cut
    ranking         rank(groups, series, unit, metric): who leads at a budget
    significance    the two tests behind every verdict: their levels, their interval, what they can find
    evidence        two groups' seeds: effect, interval, grade
    standing        the leader against each of the others
    top_up          which seeds to train next, how long that takes, what it would find
    comparability   obstacle: why there is no ranking
    caveats         what must be known beside it
    verdict         two groups: the evidence, what else differs, the further seeds
    summary_table   a row a group, numbers as measured
    comparison      compare(runs, series, metric=, unit=, names=) -> Comparison: all of it, once, for a page
    race            how many seeds a race trains, and how long they take
    sweep/          batch sizes x learning rates x seeds: sweep_findings(spec, runs, clock), all of it, once

`series` are all measurements (series.merged) by run id, `unit` None means "each at its end". Labels may hold what
users wrote.
"""
