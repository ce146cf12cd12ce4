"""A visitor's own data: a CSV or Parquet file becomes inputs and a target, and every step is told.

    table = read(data, "houses.csv")                    # Table: columns with their kinds, notes, first rows
    prepared = prepare(table, target="price")           # Prepared: x, y, names, findings

reader       a file -> Table; what its first bytes say it is; `read`
options      what a person chose about it; which of too many rows
encoding     bytes -> text: encodings, line ends
csv          text -> columns of words: separators, ragged lines
headings     the names of columns, and whether the first line holds them
parquet      Parquet -> columns, its footer checked first
dates        words -> days (`importers.cells` makes numbers of them)
day_numbers  numbers that may be days
column       what a column is: its kind, its values, its different words, what is missing
inference    words -> column
identifiers  columns that number or name the rows
features     columns -> inputs: which, how many, the arrays
target       the column to predict -> y
preparation  all of it together; `prepare`
"""

from batchviz.importers.table.column import Column, Kind
from batchviz.importers.table.features import Encoding, encodings, likely_target, suggested, times
from batchviz.importers.table.options import Reading, TooManyRows
from batchviz.importers.table.preparation import Prepared, prepare
from batchviz.importers.table.reader import Table, read
from batchviz.importers.table.target import tasks

__all__ = [
    "Column",
    "Encoding",
    "Kind",
    "Prepared",
    "Reading",
    "Table",
    "TooManyRows",
    "encodings",
    "likely_target",
    "prepare",
    "read",
    "suggested",
    "tasks",
    "times",
]
