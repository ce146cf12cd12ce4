"""A sweep's figures: what is drawn is what its runs recorded, and Plotly takes it."""

import dataclasses
import math

import numpy as np
import plotly.graph_objects as go
import pytest

from batchviz.analysis.sweep.findings import sweep_findings
from batchviz.experiment.records import Status
from batchviz.experiment.spec import RunSpec
from batchviz.figures.palette import color
from batchviz.figures.sweep.cost import cost, memory
from batchviz.figures.sweep.curves import curves
from batchviz.figures.sweep.heat_map import DARKEST, PALEST, heat_map
from batchviz.figures.sweep.outcomes import equal, gap, stable
from batchviz.figures.sweep.to_target import to_target
from batchviz.text.numbers import number
from tests.analysis.sweep.made import lawful, made_run, sweep_spec
from tests.figures.sweep.swept import SPEC, all_runs, findings


def behind(run_ids):
    return f"compare?runs={','.join(run_ids)}" if run_ids else ""


def themed(part, theme):
    if isinstance(part, dict):
        return (
            part[theme] if set(part) == {"light", "dark"} else {k: themed(v, theme) for k, v in part.items()}
        )
    return [themed(value, theme) for value in part] if isinstance(part, list) else part


def named(figure, name):
    return [trace for trace in figure["data"] if trace["name"] == name]


def marks(figure, panel=""):
    return [t for t in figure["data"] if t["mode"] == "markers" and t["xaxis"] == f"x{panel}"]


def every_figure(found):
    yield curves(found)
    for which in range(len(found.to_target)):
        yield to_target(found, which, behind)
    yield from (cost(found), memory(found), equal(found, behind), gap(found, behind), stable(found))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plotly_takes_every_figure_before_during_and_after(theme):
    partly = sweep_findings(SPEC, all_runs()[:4])
    for found in (sweep_findings(SPEC, []), partly, findings(), findings(timed=False)):
        for figure in every_figure(found):
            ids = [{key: value for key, value in trace.items() if key != "ids"} for trace in figure["data"]]
            go.Figure({"data": themed(ids, theme), "layout": themed(figure["layout"], theme)})


def test_a_tile_says_the_mean_of_its_seeds_and_the_best_of_a_row_is_marked():
    drawn = heat_map(findings(), behind)
    assert drawn.rates == (0.01, 0.1, 3.0)
    assert [row.color for row in drawn.rows] == [color(size) for size in (4, 16, 80)]
    for row in drawn.rows:
        for tile, rate in zip(row.tiles, drawn.rates, strict=True):
            finals = [
                r.final for r in all_runs() if (r.batch_size, r.learning_rate) == (row.batch_size, rate)
            ][:2]
            if rate == 3.0:
                assert (tile.text, tile.state, tile.shade) == ("diverged", "diverged", 0.0)
            else:
                assert tile.text == number(sum(finals) / 2)
        assert [tile.best for tile in row.tiles] == [False, True, False]
    shades = {tile.text: tile.shade for row in drawn.rows for tile in row.tiles if tile.shade}
    assert max(shades, key=shades.__getitem__) == min(shades, key=float)
    assert (min(shades.values()), max(shades.values())) == (PALEST, DARKEST)


def test_a_tile_leads_to_the_runs_of_its_cell():
    tile = heat_map(findings(), behind).rows[0].tiles[1]
    assert tile.link == behind([run.run_id for run in findings().cell(4, 0.1).runs])


def test_a_best_rate_at_the_end_of_the_grid_points_to_where_nothing_was_tried():
    spec = sweep_spec(rates=(0.1, 0.2), seeds=1)
    runs = [made_run(size, rate, 0, (1.0, 0.01 / rate)) for size in (8, 32) for rate in (0.1, 0.2)]
    tiles = [row.tiles for row in heat_map(sweep_findings(spec, runs), behind).rows]
    assert [tile.edge for row in tiles for tile in row] == ["", "high", "", "high"]


def test_lines_of_equal_ratio_pass_through_the_middles_of_tiles_where_the_grid_has_one_step():
    spec = sweep_spec(sizes=(2, 8, 32), rates=(0.1, 0.4, 1.6), seeds=1)
    lines = heat_map(sweep_findings(spec, []), behind).lines
    assert len(lines) == 4
    for (x0, y0), (x1, y1) in lines:
        assert (x1 - x0, y1 - y0) == pytest.approx((1, 1))
        assert x0 % 1 == pytest.approx(0.5)


def test_the_curves_of_both_panels_are_means_over_the_seeds_that_they_are_of():
    figure = curves(findings())
    names = [t["name"] for t in figure["data"] if t["showlegend"]]
    assert names[:3] == ["B = 4", "B = 16", "B = 80 (full)"]
    assert names[3:] == ["B = 4 at 0.1", "B = 16 at 0.1", "B = 80 (full) at 0.1"]
    for seeds, (trace,) in (((0, 1), named(figure, "B = 4")), ((2, 3), named(figure, "B = 4 at 0.1"))):
        runs = [r for r in all_runs() if (r.batch_size, r.learning_rate) == (4, 0.1) and r.seed in seeds]
        assert trace["y"][-1] == pytest.approx(np.mean([run.final for run in runs]))
        assert trace["x"][-1] == 3
        assert trace["line"]["color"] == color(4)


def test_a_diverged_cell_has_no_mean_curve():
    found = findings()
    diverged = dataclasses.replace(found, reported=tuple(c for c in found.cells if c.learning_rate == 3.0))
    assert not [t for t in curves(diverged)["data"] if t["xaxis"] == "x2"]


def test_points_to_a_target_are_what_the_findings_say_and_lead_to_their_runs():
    found = findings()
    figure = to_target(found, 2, behind)
    places = found.to_target[2]
    updates, examples, seconds = named(figure, f"to {number(places[0].target)}")
    known = [place.updates or math.nan for place in places]
    assert updates["y"] == pytest.approx(known, nan_ok=True)
    assert examples["y"] == pytest.approx(np.multiply(known, [4, 16, 80]), nan_ok=True)
    assert seconds["y"] / 1e6 == pytest.approx([place.seconds or math.nan for place in places], nan_ok=True)
    assert figure["layout"]["meta"]["panels"][2]["heading"] == "Microseconds on the clock"
    assert updates["ids"][0] == behind([seed.run_id for seed in places[0].seeds])


def test_a_size_that_did_not_arrive_is_an_open_mark_above_all_that_did():
    figure = to_target(findings(), 2, behind)
    for panel, axis in (("", "yaxis"), ("2", "yaxis2"), ("3", "yaxis3")):
        full = [t for t in marks(figure, panel) if "symbol" not in t["marker"]]
        (late,) = [t for t in marks(figure, panel) if "symbol" in t["marker"]]
        assert late["x"] == 80
        assert late["marker"]["color"] == color(80)
        assert max(t["y"][0] for t in full) < late["y"][0] < 10 ** figure["layout"][axis]["range"][1]


def test_seconds_are_not_drawn_without_a_clock():
    assert "xaxis3" not in to_target(findings(timed=False), 0, behind)["layout"]
    assert not cost(findings(timed=False))["data"]


def test_perfect_scaling_starts_at_the_smallest_size_and_the_laws_are_drawn_as_fitted():
    sizes = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
    base = RunSpec(budget_unit="updates", budget=10_000)
    spec = sweep_spec(sizes=sizes, rates=(0.1,), base=base, seeds=3, targets=(0.1,))
    found = sweep_findings(spec, lawful(spec, floor=20, critical=32, best=0.1))
    figure = to_target(found, 0, behind)
    (perfect,) = named(figure, "perfect scaling")
    assert perfect["y"] * perfect["x"] == pytest.approx(found.to_target[0][0].updates)
    (law,) = named(figure, "S (1 + B_crit / B)")
    expected = [found.laws[0].hyperbola.updates(size) for size in law["x"]]
    assert law["y"] == pytest.approx(expected)
    assert set(sizes) <= set(law["x"])


def test_equal_budgets_share_their_axis_and_each_point_has_the_reach_of_its_seeds():
    found = findings()
    figure = equal(found, behind)
    layout = figure["layout"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"]
    assert not layout["meta"]["apart"]
    first, second = named(figure, "mean over seeds")
    assert first["y"] == pytest.approx([place.mean for place in found.equal_examples.places])
    assert second["y"] == pytest.approx([place.mean for place in found.equal_updates.places])
    values = found.equal_updates.places[0].values.values()
    assert tuple(second["customdata"][0]) == pytest.approx((min(values), max(values)))


def test_the_clock_is_drawn_beside_its_line_and_memory_between_the_ledgers_ends():
    found = findings()
    (fitted,) = named(cost(found), "a + b B")
    assert fitted["y"] == pytest.approx([1e3 * found.cost.line.seconds(size) for size in fitted["x"]])
    (least,), (most,) = (named(memory(found), f"ledger, at {end}") for end in ("least", "most"))
    assert least["y"] == pytest.approx([fit.low / 1e6 for fit in found.fits])
    assert most["y"] == pytest.approx([fit.high / 1e6 for fit in found.fits])


def test_the_largest_stable_rate_reaches_up_to_the_rate_that_diverged():
    figure = stable(findings())
    assert [t["y"][0] for t in marks(figure)] == [0.1, 0.1, 0.1]
    upright = [t for t in figure["data"] if t["mode"] == "lines" and not t["showlegend"]]
    assert [tuple(t["y"]) for t in upright] == [(0.1, 3.0)] * 3


def test_what_still_trains_is_no_curve_of_a_cell_that_diverged():
    runs = [dataclasses.replace(run, status=Status.RUNNING, final=None) for run in all_runs()[:2]]
    found = sweep_findings(SPEC, runs)
    assert all(math.isnan(cell.mean) for cell in found.cells)
    assert all(
        tile.state in ("waiting", "diverged") for row in heat_map(found, behind).rows for tile in row.tiles
    )
