"""The text of cells -> numbers, a column at a time; for tables and for histories.

    votes = sum(cells.vote(words) for words in columns)     # what the file's other columns suggest
    column = cells.numbers(words, votes=votes, separator=separator)
    column.values, column.readable, column.mark, column.other

dress    a word -> figures, sign and unit: "(1.200 EUR)" -> 1.200, negative, "eur"
units    which unit a column has, and what "k" and "M" multiply by
numerals figures -> numbers, and which mark is the decimal one
missing  words that stand for no value

A column is judged by all its words. Where its words can be read in two ways, `mark` is the decimal mark taken and
`other` the one that fits as well.
"""

from batchviz.importers.cells.missing import MISSING, MISSING_AMONG_NUMBERS, among
from batchviz.importers.cells.numerals import MOSTLY, Numbers, numbers, readable, vote

__all__ = ["MISSING", "MISSING_AMONG_NUMBERS", "MOSTLY", "Numbers", "among", "numbers", "readable", "vote"]
