"""The Compare page: any set of recorded runs, drawn together and judged fairly.

    head.py       the buttons over all     body.py   what they are about: a fragment that follows training runs
    state.py      which runs and which view are on the page, and its address
    fetch.py      those runs and their names, from the store
    rows.py       their rows, thinned where they are very many
    chooser.py    the dialog that finds runs
    controls.py   how the comparison is drawn: one quiet row
    picture.py    the statement and the chart
    judging.py    the verdict on two groups, and the runs that it lacks
    numbers.py    the table

All that users wrote (names, titles) is shown as text.
"""
