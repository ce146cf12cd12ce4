"""A class's trainings over the batch size."""

import numpy as np

from batchviz.figures.class_points import Trained, class_points


def test_trainings_elsewhere_are_open_and_in_no_mean() -> None:
    figure = class_points([Trained(8, 0.2), Trained(8, 0.4), Trained(64, 0.5)], [Trained(8, 9.0)], "MSE")
    lines = [trace for trace in figure["data"] if trace["mode"] == "lines"]
    marks = [trace for trace in figure["data"] if trace["mode"] == "markers"]
    assert [(line["name"], *np.round(line["y"], 3)) for line in lines] == [("mean", 0.3, 0.5)]
    hollow = [float(mark["y"][0]) for mark in marks if "symbol" in mark["marker"]]
    assert (len(marks), hollow) == (4, [9.0])
    low, high = figure["layout"]["yaxis"]["range"]
    assert 10**low < 0.2
    assert 10**high > 9.0


def test_nothing_trained_is_an_empty_figure() -> None:
    assert class_points([], [], "MSE")["data"] == []
