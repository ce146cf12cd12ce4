"""The Compare page: any set of recorded runs, drawn together and judged fairly.

    header.py     the buttons over all     results.py   what they are about: a fragment that follows training runs
    state.py      which runs and which view are on the page, and its address
    data.py       those runs and their names, from the store
    controls.py   how the comparison is drawn: one quiet row
    chart.py      the statement, the chart, the findings under it
    verdict.py    the verdict on two groups, and the runs that it lacks
    table.py      the table

All that users wrote (names, titles) is shown as text.
"""
