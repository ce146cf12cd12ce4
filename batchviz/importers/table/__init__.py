"""A visitor's own data: a CSV or Parquet file becomes inputs and a target, and every step is put into words.

    table = read(data, "houses.csv")                    # Table: columns with their kinds, notes, first rows
    prepared = prepare(table, target="price")           # Prepared: x, y, names, sentences

file         a file -> Table; `read`
reading      what a person chose about it; which of too many rows
foreign      files that are no table, by their first bytes
decoding     bytes -> text: encodings, line ends
delimited    text -> columns of words: separators, ragged lines
headings     the names of columns
parquet      Parquet -> columns, its footer checked first
numerals     words -> numbers, decimal commas included
calendar     words -> days
column       what a column is: its kind, its values, what is missing
words        the different words of a column
judgement    words -> column
inputs       columns -> inputs: which, how many, the arrays
target       the column to predict -> y
preparation  all of it together; `prepare`
"""

from batchviz.importers.table.column import Column, Kind
from batchviz.importers.table.features import Encoding, encodings, likely_target, suggested
from batchviz.importers.table.options import Reading, TooManyRows
from batchviz.importers.table.preparation import Prepared, prepare
from batchviz.importers.table.reader import MAX_BYTES, Table, read
from batchviz.importers.table.target import tasks

__all__ = [
    "MAX_BYTES",
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
]
