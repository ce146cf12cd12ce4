"""Data: upload a table, look at it, choose what to predict, train on it in the Playground."""

import streamlit as st

from batchviz.ui.components import html, notices
from batchviz.ui.components.room import draw_room
from batchviz.ui.data import dataset_list, new_dataset, upload


def draw() -> None:
    """Ask for a file and what to make of it; show what is kept."""
    html.page_name(
        "Data",
        "Train on a table of your own. It is kept for this browser alone, until you delete it. The runs recorded from "
        "it can be shared.",
    )
    if file := upload.choose_file():
        with st.container(border=True, key="new_data"):
            new_dataset.draw_new_dataset(*file)
    if wrong := notices.take_report():
        notices.problem(wrong)
    dataset_list.draw_datasets()
    draw_room()


draw()
