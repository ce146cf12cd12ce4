"""What a sweep says: which batch size, at which rate, how fast, how sure. Pure functions of recorded values.

runs        sweep_run(run, rows) -> SweepRun: one run, as everything here reads it
cells       batch size x learning rate over the selection seeds
rates       the best rate of each batch size, whether it is bracketed; chosen_rates for the report runs
crossing    where a loss first reaches a target
targets     the losses to reach: given, or proposed from the pilot
to_target   updates, examples and seconds to a target, over the report seeds
laws        S(B) = S_min (1 + B_crit / B) and its free corner, with residuals, and whether they are believed
cost        seconds an update over the batch size, and the error at sizes left out
memory      the ledger's band and measured peaks
equal       losses at equal examples and updates, gaps, the largest stable rates
choice      the set of batch sizes that the seeds cannot tell from the best
answer      what fits, what is fast here, what learns, seconds to each target; never mixed
caveats     what must be known beside it, as codes
findings    sweep_findings(spec, runs, clock) -> SweepFindings: all of it, once
machine     the same on another machine, of which three numbers are known
"""
