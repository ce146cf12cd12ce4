"""What the Runs page and the picker of runs both ask, and how both call a data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import streamlit as st

from batchviz.experiment import datasets
from batchviz.experiment.columns import Value
from batchviz.experiment.query import Query
from batchviz.links.run_filter import RunFilter
from batchviz.text.run_search import read_search
from batchviz.ui import session


def choose_days(
    since: str, until: str, on_change: Callable[[], None] | None = None
) -> tuple[date | None, date | None]:
    """From which day to which, both included; None where it is left open. Asked under these keys."""
    left, right = st.columns(2)
    return (
        left.date_input("From", value=None, key=since, on_change=on_change),
        right.date_input("Until", value=None, key=until, on_change=on_change),
    )


def query_for(
    run_filter: RunFilter, experiments: Sequence[Mapping[str, Value]], upload_names: Mapping[str, str]
) -> Query:
    """What a filter asks the store for; the words of its search are those that the page shows.

    `experiments`: the settings that occur in the library; `own` names the visitor's own data.
    """
    query = run_filter.query(session.time_zone())
    return (
        replace(query, words=read_search(run_filter.text, experiments, upload_names))
        if run_filter.text
        else query
    )


def dataset_name(dataset: str, upload_names: Mapping[str, str]) -> str:
    """What a data set is called on the page; one of `own`, the visitor's, as they named it."""
    return upload_names.get(dataset) or datasets.find(dataset).title


def dataset_title(dataset: str, upload_names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Its name; two of one name are told apart."""
    identity = datasets.identity(dataset)
    return dataset_name(dataset, upload_names) + (f" ({identity})" if identity else "")
