"""The chart of a comparison: what is drawn is what was recorded, and Plotly takes it."""

import itertools
import math

import numpy as np
import plotly.graph_objects as go
import pytest

from batchviz.analysis.comparison import compare
from batchviz.analysis.units import UNITS
from batchviz.experiment.clock import ClockPath
from batchviz.experiment.records import Source, Status
from batchviz.experiment.series import SERIES
from batchviz.experiment.spec import RunSpec
from batchviz.figures.comparison import multiples, overlay
from batchviz.figures.palette import along, color, translucent
from batchviz.text.numbers import number
from tests.analysis.recorded import clocks, made, together, training

SIZES = (8, 64, 800)


def article(seeds=3, **fields):
    return training([RunSpec(batch_size=b, seed=s, budget=4, **fields) for b in SIZES for s in range(seeds)])


def themed(part, theme):
    """A figure, or a part of it, in the colours of one theme: plain Plotly."""
    if isinstance(part, dict):
        return (
            part[theme] if set(part) == {"light", "dark"} else {k: themed(v, theme) for k, v in part.items()}
        )
    return [themed(value, theme) for value in part] if isinstance(part, list) else part


def drawn(runs, series, *, draw=overlay, metric="val_loss", unit=None, names=None, **look):
    return draw(compare(runs, series, metric=metric, unit=unit, names=names), **look)


def curves(drawing):
    return [trace for trace in drawing.plotly["data"] if trace["showlegend"]]


def joined(trace):
    """A curve's x, y and the rest, without the breaks between measurements that are far apart."""
    drawn_at = np.isfinite(np.asarray(trace["y"], float))
    return {
        name: np.asarray(trace[name], float)[drawn_at] for name in ("x", "y", "customdata") if name in trace
    }


def named(drawing, part):
    return [trace for trace in drawing.plotly["data"] if part in trace["name"]]


def test_a_curve_is_the_mean_over_seeds_in_the_colour_of_its_batch_size():
    runs, series = article()
    found = curves(drawn(runs, series))
    assert [trace["name"] for trace in found] == ["B = 8", "B = 64", "B = 800"]
    for trace, size in zip(found, SIZES, strict=True):
        every = np.array([series[r.id]["val_loss"] for r in runs if r.spec.batch_size == size], np.float64)
        assert joined(trace)["y"] == pytest.approx(every.mean(axis=0))
        assert joined(trace)["customdata"] == pytest.approx(
            np.stack([every.min(axis=0), every.max(axis=0)], axis=1)
        )
        assert joined(trace)["x"] == pytest.approx(series[runs[SIZES.index(size) * 3].id]["examples"] / 800)
        assert set(trace["x"].tolist()) >= {0, 1, 2, 3, 4}
        assert trace["line"]["color"] == color(size)


def test_the_band_runs_from_the_lowest_to_the_highest_seed():
    runs, series = article()
    [band] = [trace for trace in named(drawn(runs, series), "lowest to highest") if "B = 64" in trace["name"]]
    every = np.array([series[r.id]["val_loss"] for r in runs if r.spec.batch_size == 64], np.float64)
    assert band["y"] == pytest.approx(np.concatenate([every.min(axis=0), every.max(axis=0)[::-1]]))
    assert band["fill"] == "toself"
    assert band["fillcolor"] == translucent(color(64), 0.14)


def test_many_bands_over_each_other_are_paler_than_few():
    found = [made(RunSpec(batch_size=b, seed=s), [1, 0.5, s / 10]) for b in (1, 2, 4, 8) for s in (0, 1)]
    runs, series = together(*found)
    assert named(drawn(runs, series), "highest")[0]["fillcolor"] == translucent(color(1), 0.07)
    assert named(drawn(runs, series, draw=multiples), "highest")[0]["fillcolor"] == translucent(
        color(1), 0.14
    )


def test_single_seeds_are_drawn_on_demand():
    runs, series = article()
    assert named(drawn(runs, series), "seed 2") == []
    seeds = named(drawn(runs, series, seeds=True), ", seed ")
    assert len(seeds) == 9
    assert joined(seeds[1])["y"] == pytest.approx(series[runs[1].id]["val_loss"])


def test_one_seed_has_no_band():
    runs, series = article(seeds=1)
    assert len(drawn(runs, series).plotly["data"]) == 3
    assert "customdata" not in curves(drawn(runs, series))[0]


def grid():
    pairs = itertools.product((8, 32), (0.001, 0.1))
    return together(*(made(RunSpec(batch_size=b, learning_rate=r)) for b, r in pairs))


def looks(drawing):
    return [(trace["name"], trace["line"]["color"], trace["line"]["dash"]) for trace in curves(drawing)]


def test_groups_of_one_batch_size_are_coloured_by_what_differs():
    runs, series = together(made(RunSpec()), made(RunSpec(learning_rate=0.1)))
    drawing = drawn(runs, series)
    assert looks(drawing) == [("lr 0.001", along(0), "solid"), ("lr 0.1", along(1), "solid")]
    assert "Colour" not in drawing.note


def test_colour_is_the_batch_size_and_dash_what_else_differs():
    drawing = drawn(*grid())
    assert looks(drawing) == [
        ("B = 8, lr 0.001", color(8), "solid"),
        ("B = 8, lr 0.1", color(8), "dash"),
        ("B = 32, lr 0.001", color(32), "solid"),
        ("B = 32, lr 0.1", color(32), "dash"),
    ]
    assert drawing.note.startswith("Colour: batch size. Lines: lr 0.001 solid, lr 0.1 dashed.")


def test_what_has_the_colour_can_be_chosen():
    shades = [look[1:] for look in looks(drawn(*grid(), color="learning_rate"))]
    assert shades == [(along(0), "solid"), (along(1), "solid"), (along(0), "dash"), (along(1), "dash")]
    assert {look[2] for look in looks(drawn(*grid(), dash="none"))} == {"solid"}


def test_an_import_beside_the_same_run_from_here_has_another_dash():
    here, there = made(RunSpec()), made(RunSpec(), source=Source.ARCHIVE, run_id="there")
    first, second = looks(drawn(*together(here, there)))
    assert first[1] == second[1]
    assert first[2] != second[2]


def test_curves_end_at_the_equal_budget_and_the_page_is_told_where():
    runs, series = article()
    drawing = drawn(runs, series, unit="updates", x="updates")
    assert [trace["x"][-1] for trace in curves(drawing)] == [4, 4, 4]
    assert drawing.plotly["layout"]["meta"]["budget"] == 4
    elsewhere = drawn(runs, series, unit="updates", x="epochs")
    assert [trace["x"][-1] for trace in curves(elsewhere)] == pytest.approx([0.04, 0.32, 4])
    assert elsewhere.plotly["layout"]["meta"]["budget"] is None


def test_a_curve_ends_at_its_last_measurement_within_the_budget_and_the_note_says_so():
    runs, series = together(
        made(RunSpec(batch_size=8), [1.0, 0.9, 0.8], updates=[0, 3, 6], examples=[0, 24, 48]),
        made(RunSpec(batch_size="full"), [1.0] * 6),
    )
    drawing = drawn(runs, series, unit="updates", x="updates")
    first, last = curves(drawing)
    assert (first["x"].tolist(), first["marker"]["size"].tolist()) == ([0, 3], [5, 5])
    assert last["marker"]["size"].tolist() == [5] * 6
    assert "Every curve ends at its last measurement within 5 updates." in drawing.note
    assert "B = 8: from 1 to 0.9." in drawing.alt, "no value between two measurements"


def test_no_line_joins_measurements_that_are_far_in_log():
    runs, series = together(made(RunSpec(batch_size=1), [1.0, 0.2, 0.1]))
    [curve] = curves(drawn(runs, series, x="updates"))
    assert curve["x"].tolist() == [0, 800, 800, 1600]
    assert np.isnan(curve["y"]).tolist() == [False, True, False, False]
    assert curve["marker"]["size"].tolist() == [5, 0, 5, 5]
    assert "No line is drawn between measurements far apart" in drawn(runs, series, x="updates").note
    whole = together(made(RunSpec(batch_size="full"), [1.0, 0.2, 0.1]))
    assert "No line" not in drawn(*whole, x="updates").note
    many = together(made(RunSpec(batch_size=1, budget=40), np.linspace(1, 0.1, 41)))
    assert curves(drawn(*many, x="updates"))[0]["marker"]["size"].tolist() == [5, *[0] * 41], "the lone one"
    pair = together(*(made(RunSpec(batch_size=1, seed=s), [1.0, 0.2 + s, 0.1]) for s in (0, 1)))
    [band] = named(drawn(*pair, x="updates"), "lowest to highest")
    assert band["x"].tolist() == [800, 1600, 1600, 800], "an area across a gap would look measured"


def test_the_page_is_told_the_floor():
    runs, series = article()
    for metric, value in (("val_loss", 0.08138), ("val_metric", 0.24263), ("train_loss", 0.08125)):
        drawing = drawn(runs, series, metric=metric)
        assert drawing.plotly["layout"]["meta"]["floors"] == [pytest.approx(value, abs=1e-5)]
        assert f"Floor {number(value - 1e-6)}: " in drawing.note
    assert "Floor" not in drawn(runs, series, metric="loss").note


def test_a_diverged_run_ends_in_a_hollow_mark():
    wild = made(RunSpec(batch_size=512), [1.0, 1e6, math.inf, math.nan], status=Status.DIVERGED)
    runs, series = together(made(RunSpec(batch_size=8), [1.0, 0.5, 0.2, 0.1]), wild)
    drawing = drawn(runs, series)
    [mark] = named(drawing, "diverged")
    assert (mark["x"].tolist(), mark["y"].tolist(), mark["marker"]["symbol"]) == ([1], [1e6], "circle-open")


def test_multiples_have_a_panel_a_batch_size_with_shared_axes():
    runs, series = article()
    layout = drawn(runs, series, draw=multiples).plotly["layout"]
    assert {name for name in layout if "axis" in name} == {
        f"{a}axis{n}" for a in "xy" for n in ("", "2", "3")
    }
    assert (layout["xaxis2"]["matches"], layout["yaxis3"]["matches"]) == ("x", "y")
    assert [panel["heading"] for panel in layout["meta"]["panels"]] == ["B = 8", "B = 64", "B = 800"]
    assert [panel["color"] for panel in layout["meta"]["panels"]] == [color(size) for size in SIZES]
    panels = [(trace["xaxis"], trace["yaxis"]) for trace in curves(drawn(runs, series, draw=multiples))]
    assert panels == [("x", "y"), ("x2", "y2"), ("x3", "y3")]


def test_panels_are_of_what_the_colour_does_not_tell():
    drawing = drawn(*grid(), draw=multiples)
    panels = drawing.plotly["layout"]["meta"]["panels"]
    assert panels == [{"heading": "lr 0.001"}, {"heading": "lr 0.1"}]
    told = [(trace["xaxis"], trace["meta"]["end"]) for trace in curves(drawing)]
    assert told == [("x", "B = 8"), ("x2", "B = 8"), ("x", "B = 32"), ("x2", "B = 32")]


def test_panels_can_be_of_any_field():
    drawing = drawn(*grid(), draw=multiples, panels="batch_size", color="learning_rate")
    panels = drawing.plotly["layout"]["meta"]["panels"]
    assert [panel["heading"] for panel in panels] == ["B = 8", "B = 32"]
    assert [trace["meta"]["end"] for trace in curves(drawing)] == ["lr 0.001", "lr 0.1"] * 2
    assert len({trace["line"]["color"]["light"] for trace in curves(drawing)}) == 2


def test_smoothing_is_stated_and_changes_the_curve_alone():
    runs, series = article()
    smooth, plain = drawn(runs, series, smoothing=0.8), drawn(runs, series)
    assert "EMA 0.80" in smooth.note
    assert "EMA" not in plain.note
    assert curves(smooth)[0]["y"][1:] != pytest.approx(curves(plain)[0]["y"][1:])


def test_every_update_is_drawn_behind_the_curves():
    runs, series = article(seeds=1)
    rng = np.random.default_rng(0)
    updates = {runs[0].id: {name: rng.random(400).astype(np.float32) for name in SERIES["updates"].names}}
    updates[runs[0].id]["batch_size"][:] = 8
    drawing = drawn(runs, series, updates=updates)
    first = drawing.plotly["data"][0]
    assert first["name"] == "B = 8, seed 0, every update"
    assert first["y"] == pytest.approx(updates[runs[0].id]["loss"])
    assert (first["meta"], first["line"]["color"]) == ("updates", color(8))
    assert "extremes kept" in drawing.note


def test_the_alternative_says_what_is_to_be_seen():
    runs, series = article()
    drawing = drawn(runs, series)
    assert drawing.alt.startswith(
        "After 4 epochs, B = 8 has the lowest validation MSE (0.0879, the mean of 3 seeds); against the others not "
        "settled yet. Validation MSE over epochs. B = 8: from "
    ), "the finding first, with its evidence"
    many, rows = together(*(made(RunSpec(batch_size=b)) for b in range(1, 13)))
    assert "And 4 more curves, in the table." in drawn(many, rows).alt


def test_what_users_wrote_is_no_markup():
    runs, series = together(made())
    name = '<img src=x onerror="alert(1)"><b>&'
    drawing = drawn(runs, series, names={runs[0].id: name})
    assert curves(drawing)[0]["name"] == "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&lt;b&gt;&amp;"
    [panel] = drawn(runs, series, draw=multiples, names={runs[0].id: name}).plotly["layout"]["meta"]["panels"]
    assert "<" not in panel["heading"]


@pytest.mark.parametrize("draw", [overlay, multiples])
def test_nothing_makes_an_empty_figure(draw):
    for runs, series in (([], {}), together(made(values=[])), (together(made())[0], {})):
        drawing = draw(compare(runs, series))
        assert drawing.plotly["data"] == []
        assert "nothing recorded yet" in drawing.alt
        go.Figure(themed(drawing.plotly, "light"))


@pytest.mark.parametrize("draw", [overlay, multiples])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plotly_takes_every_figure(draw, theme):
    runs, series = article()
    for x, log, unit in itertools.product(UNITS, ("none", "both"), (None, "updates")):
        drawing = drawn(runs, series, draw=draw, x=x, log=log, unit=unit, smoothing=0.5, seeds=True)
        figure = themed(drawing.plotly, theme)
        assert len(go.Figure(figure).data) == len(drawing.plotly["data"])
        for trace in figure["data"]:
            assert np.isfinite(trace["x"]).all()
            assert log == "none" or (trace["x"] > 0).all()


@pytest.mark.parametrize("log", ["none", "x", "y", "both"])
def test_the_axes_are_logarithmic_where_asked_for(log):
    runs, series = article()
    layout = drawn(runs, series, log=log, x="updates").plotly["layout"]
    kinds = {letter: layout[f"{letter}axis"]["type"] for letter in "xy"}
    assert kinds == {letter: "log" if log in (letter, "both") else "linear" for letter in "xy"}


def test_accuracy_may_grow_as_far_as_it_likes():
    runs, series = together(made(RunSpec(dataset="digits"), [0.1, 0.6, 0.97]))
    assert drawn(runs, series, metric="val_metric").plotly["layout"]["meta"]["bounded"]
    assert not drawn(runs, series, metric="val_loss").plotly["layout"]["meta"]["bounded"]


def test_the_words_of_the_axes_have_units():
    runs, series = article()
    layout = drawn(runs, series, x="examples").plotly["layout"]
    assert layout["xaxis"]["title"]["text"] == "training examples seen"
    assert layout["yaxis"]["title"]["text"] == "validation MSE, squared units of the target as trained"
    assert (layout["meta"]["x"], layout["meta"]["y"]) == ("example", "validation MSE")
    unknown = drawn(runs, series, x="seconds").plotly["layout"]["xaxis"]["title"]["text"]
    assert unknown == "training time in seconds: no clock of BatchViz's compiled loop yet"


def test_over_seconds_a_curve_stands_at_its_updates_on_the_clock_and_a_note_says_which():
    runs, series = article(seeds=1)
    found = overlay(compare(runs, series, clocks=clocks(runs, ClockPath.FIT)), x="seconds")
    for trace, size in zip(curves(found), SIZES, strict=True):
        epoch = -(-800 // size) * (4e-6 + size * 1e-7) - (-800 % size) * 1e-7
        ends = [np.abs(trace["x"] - k * epoch).min() for k in range(5)]
        assert ends == pytest.approx([0] * 5, abs=1e-6 * epoch)
    assert found.plotly["layout"]["xaxis"]["title"]["text"] == "training time in seconds, Keras fit"
    assert found.note.startswith(
        "Seconds: updates × the time of one update of that batch size in Keras fit, measured on Test, 2 cores on "
        "21 September 2026 while nothing else trained. Evaluation, compilation and "
        "what passes between epochs are left out."
    )
    assert "over training time in seconds, Keras fit." in found.alt
    assert overlay(compare(runs, series), x="seconds").note.startswith("No clock yet: what an update of")
