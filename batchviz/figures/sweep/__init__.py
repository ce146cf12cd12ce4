"""A sweep's figures: pure functions of its findings.

    over_batch_size   planes over the batch size, a point a size in its own colour: what most of them are
    heat_map          batch size x learning rate, as rows of tiles
    curves            all batch sizes at one rate, and each at its own best
    to_target         updates, examples and seconds to a target, with the laws
    cost              an update's time and examples a second on the clock; memory
    outcomes          losses at equal budgets, the gap, the largest stable rate

A point is of runs: `behind` makes the address that opens them.
"""
