"""Findings as words: plain functions over what `analysis` found, English only for now.

    numbers       a number, a count, a list, a size, a duration: one spelling each, shared with the scripts
    names         metrics, amounts of training, fields, sources, what distinguishes a run
    comparison    headline, lead, detail, statement: what a Comparison shows, the finding first
    evidence      effect, grade, outlook: the same words on every page
    caveats       what a reader must know beside it
    verdict       verdict_text: what can be said of two groups
    playground    describe: the sentence under the live chart
    race          how many seeds a race trains, and when
    table         how a visitor's own table was read and prepared
    run_columns   the columns of a list of runs: headings, values, orders
    run_search    what a search in that list means
    plan          what a plan has to say before anything runs
    appearance    what stands for what in a chart
    alt           a chart in words, and how it was drawn
    sweep/        the answer of a sweep, a finding over each of its figures, caveats

All text is plain and may hold what users wrote: escape it where text is markup.
"""
