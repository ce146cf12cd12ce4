"""The Runs page: everything a visitor made, to find, write on, compare, take away and delete.

wanted.py         what is looked for, as a value and in the address   filters.py   the questions that ask for it
table.py          the table, and taking in what is written in it      columns.py   its columns
selection.py      which runs are selected                             actions.py   what can be done with them
deletion.py       asking, deleting, undoing                           administrator.py  everybody's runs
"""
