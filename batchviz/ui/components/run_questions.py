"""What the Runs page and the picker of runs both ask, and how both call a data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

import streamlit as st

from batchviz.experiment import datasets


def choose_days(
    since: str, until: str, on_change: Callable[[], None] | None = None
) -> tuple[date | None, date | None]:
    """From which day to which, both included; None where it is left open. Asked under these keys."""
    left, right = st.columns(2)
    return (
        left.date_input("From", value=None, key=since, on_change=on_change),
        right.date_input("Until", value=None, key=until, on_change=on_change),
    )


def dataset_name(dataset: str, own: Mapping[str, str]) -> str:
    """What a data set is called on the page; one of `own`, the visitor's, as they named it."""
    return own.get(dataset) or datasets.find(dataset).title


def dataset_title(dataset: str, own: Mapping[str, str] = MappingProxyType({})) -> str:
    """Its name; two of one name are told apart."""
    identity = datasets.identity(dataset)
    return dataset_name(dataset, own) + (f" ({identity})" if identity else "")
