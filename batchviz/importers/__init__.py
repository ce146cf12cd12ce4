"""Files from anywhere, made into runs and arrays. Whatever is in them is checked before it is believed.

Rules of every importer:

- Pure functions: bytes in, values out. No database, no Streamlit, nothing written.
- Limits are checked before memory is spent, and an error names the limit and what to do.
- Nothing is executed or unpickled. Text of a file stays text.
- What cannot be read raises a BatchVizError that says where and what was expected; never another exception.

cells/      the text of cells -> numbers, for tables and histories
table/      CSV and Parquet -> columns -> inputs and a target
archive/    a BatchViz archive -> runs
history/    what Keras wrote of a training -> a run
recorded    a run as the store takes it
strict_json JSON, bounded
"""
