"""A sweep in words: the answer first, a finding over every figure, and what must be known beside them.

answer      headline(findings), and each of its parts
figures     one finding a figure
caveats     what stands beside the answer
elsewhere   what it becomes on another machine
sizes       batch sizes in a sentence
"""
