"""The Runs page: everything a visitor made, to find, write on, compare, take away and delete.

filters.py     the questions that find runs           found.py       what was found: a page of runs, or of experiments
columns.py     what stands in each column             table.py       the table, taking in what is written in it
column_config.py  heading, width, numbers             selection.py   which runs are selected
actions.py     what can be done with them             deletion.py    asking, deleting, undoing
header.py      name, amounts, further pages           import_*.py    from files to runs: dialog, files, metadata, notice
"""
