"""What the learner sees and does, from the feed's answers to the drawn curves."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from batchviz.text.numbers import number
from tests.browser.live.slowness import slow_after_the_next_click

pytestmark = pytest.mark.browser


def test_without_runs_the_page_invites_to_train(live: Any) -> None:
    live.open(drawn=False)
    expect(live.page.get_by_test_id("live-empty")).to_contain_text("Choose a batch size and press Train")
    expect(live.chart("loss")).to_be_hidden()


def test_a_recorded_run_is_drawn_and_announced(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    assert live.page.evaluate("window.firstPoints") == ["one"]
    assert live.points() == {"one": 22}  # 11 epoch rows, training and validation
    assert live.range() == [0, 10]
    expect(live.card("one")).to_have_attribute("data-status", "done")
    expect(live.page.get_by_test_id("live-sentence")).to_have_text(live.feed.sentence)


def test_a_chart_that_is_mounted_again_draws_what_is_known_at_once(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    live.feed.failing = True  # nothing more to be had from the server
    live.page.evaluate("unmount()")
    live.page.evaluate("show(['one'])")
    live.until_points({"one": 22})


def test_only_new_rows_are_asked_for_and_a_final_run_no_more(live: Any) -> None:
    def asked() -> list[list[str]]:  # a page that was left may still have asked for its own
        return [runs for runs in live.feed.requests if runs[0].startswith("polled:")]

    run = live.feed.add("polled")
    run.status, run.made = "running", 60
    live.open("polled")
    live.until_points({"polled": 6})
    run.status, run.made = "done", run.updates
    expect(live.card("polled")).to_have_attribute("data-status", "done")
    assert asked()[0] == ["polled:0:0:0"]
    assert asked()[-1] == ["polled:1:3:60"]
    polls = len(asked())
    live.page.wait_for_timeout(700)  # longer than the pace of a run that trains
    assert len(asked()) == polls


def test_a_lost_connection_is_told_and_loses_nothing(live: Any) -> None:
    run = live.feed.add("one")
    run.status, run.made = "running", 100
    live.open("one")
    live.feed.failing = True
    notice = live.page.get_by_test_id("live-notice")
    expect(notice).to_contain_text("Connection lost, trying again")
    assert live.points() == {"one": 10}
    live.feed.failing = False
    run.status, run.made = "done", run.updates
    expect(notice).to_be_hidden()
    live.until_points({"one": 22})


def test_a_run_started_again_replaces_its_points(live: Any) -> None:
    run = live.feed.add("one")
    run.status, run.made = "running", 200
    live.open("one")
    live.page.get_by_label("Every update").check()
    live.until_points({"one": 18 + 200})
    run.attempt, run.made = 2, 0
    expect(live.card("one")).to_have_attribute("data-attempt", "2")
    live.until_points({"one": 2})


def test_a_missing_run_is_explained(live: Any) -> None:
    live.feed.add("one")
    live.open("one", "gone")
    expect(live.card("gone")).to_contain_text("This run does not exist or was deleted.")


def test_a_mistyped_id_does_not_hide_the_other_runs(live: Any) -> None:
    live.feed.add("one")
    live.open("typo?", "one", "two")
    assert live.points() == {"one": 22}
    expect(live.card("typo?")).to_have_attribute("data-status", "missing")
    expect(live.page.get_by_test_id("live-notice")).to_be_hidden()


def test_runs_of_one_batch_size_are_told_apart_where_their_lines_end(live: Any) -> None:
    live.feed.add("one")
    live.feed.add("again").seed = 1
    live.feed.add("fast").learning_rate = 0.1
    live.feed.add("other", batch_size=64)
    live.open("one", "again", "fast", "other")
    live.until_points({"one": 22, "again": 22, "fast": 22, "other": 22})
    names = live.chart("loss").locator("[data-runs]").all_inner_texts()
    assert sorted(names) == ["B = 32 · lr 0.001, 2 seeds", "B = 32 · lr 0.1", "B = 64"]


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        ("warming", "warming up"),
        ("down", "not running"),
        ("unreachable", "does not answer"),
        ("workerless", "no workers"),
    ],
)
def test_an_engine_that_is_not_ready_is_told(live: Any, engine: str, words: str) -> None:
    live.feed.engine = engine
    run = live.feed.add("one")
    run.status, run.made = "queued", -1
    live.open("one", drawn=False)
    expect(live.page.get_by_test_id("live-notice")).to_contain_text(words)
    expect(live.card("one")).to_contain_text("Queued, 1 ahead, about 12 s")


def test_a_finished_run_can_be_played_paused_and_stepped(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    page, player = live.page, live.page.get_by_test_id("live-player")
    expect(page.get_by_test_id("live-position")).to_have_text("epoch 10 of 10 · update 250 of 250")
    page.get_by_label("Play", exact=True).click()
    expect(player).to_have_attribute("data-mode", "recording")
    live.until("Number(document.querySelector('[data-position]').dataset.position) > 0.3")
    page.get_by_label("Pause").click()
    expect(player).to_have_attribute("data-playing", "false")
    assert 0.3 < live.position < 10
    assert live.points()["one"] < 22
    page.get_by_label("Forward one epoch").click()
    live.until("Number.isInteger(Number(document.querySelector('[data-position]').dataset.position))")
    whole = live.position
    page.get_by_label("Forward one update").click()
    live.until(f"Number(document.querySelector('[data-position]').dataset.position) > {whole}")
    assert live.position == pytest.approx(whole + 1 / 25)
    page.get_by_role("button", name="Show all").click()
    expect(player).to_have_attribute("data-mode", "live")
    assert live.points() == {"one": 22}


PLAYED_FRAMES = """async (milliseconds) => {
  const waiting = [];
  window.requestAnimationFrame = (draw) => waiting.push(draw);
  const position = () => Number(document.querySelector("[data-testid=live-player]").dataset.position);
  const frame = (now) => waiting.splice(0).forEach((draw) => draw(now));
  document.querySelector("[aria-label=Play]").click();
  while (!waiting.length) await new Promise((done) => setTimeout(done, 10));  // a real frame was under way
  const start = performance.now() + 20;
  frame(start);
  const before = position();
  for (let now = 50; now <= milliseconds; now += 50) frame(start + now);
  return position() - before;
}"""
"""Play for so long, by a clock of the test's own; how many epochs that was."""


@pytest.mark.parametrize(("speed", "epochs"), [("0.25", 0.125), ("1", 0.5), ("8", 4)])
def test_the_chosen_speed_is_the_speed_of_the_playback(live: Any, speed: str, epochs: float) -> None:
    live.feed.add("one")
    live.open("one")
    live.page.get_by_label("Playback speed").select_option(speed)
    played = live.page.evaluate(PLAYED_FRAMES, 600)  # of the 12 seconds that 10 epochs take at speed 1
    assert played == pytest.approx(epochs)


def test_the_player_answers_to_the_keyboard(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    position = live.page.get_by_test_id("live-position")
    live.page.get_by_label("Position in the recording").focus()
    for key, text in [
        ("Home", "epoch 0 of 10 · update 0 of 250"),
        ("ArrowRight", "epoch 0.04 of 10 · update 1 of 250"),
        ("Shift+ArrowRight", "epoch 1 of 10 · update 25 of 250"),
        ("ArrowLeft", "epoch 0.96 of 10 · update 24 of 250"),
        ("End", "epoch 10 of 10 · update 250 of 250"),
    ]:
        live.page.keyboard.press(key)
        expect(position).to_have_text(text)
    live.page.keyboard.press("Space")
    expect(live.page.get_by_test_id("live-player")).to_have_attribute("data-playing", "true")


def test_playing_moves_every_run_to_the_same_epoch(live: Any) -> None:
    live.feed.add("small", batch_size=8)
    live.feed.add("large", batch_size=400)
    live.open("small", "large")
    live.until_points({"small": 22, "large": 22})
    live.page.get_by_label("Position in the recording").fill("500")
    expect(live.page.get_by_test_id("live-position")).to_have_text("epoch 5 of 10 · updates 10 to 500")
    assert live.points() == {"small": 12, "large": 12}


def test_hiding_isolating_and_removing_act_on_the_page(live: Any) -> None:
    live.feed.add("one")
    live.feed.add("two", batch_size=64)
    live.open("one", "two")
    live.card("one").get_by_role("button", name=re.compile("^Hide")).click()
    live.until_points({"two": 22})
    live.page.evaluate("show(['one', 'two'])")  # a rerun with the same runs
    expect(live.card("one")).to_have_attribute("data-hidden", "true")
    live.card("one").get_by_role("button", name=re.compile("^Show only")).click()
    live.until_points({"one": 22})
    live.card("one").get_by_role("button", name=re.compile("^Remove")).click()
    expect(live.card("one")).to_have_count(0)
    assert live.page.evaluate("window.triggers") == [["remove", "one"]]


def test_the_tab_remembers_the_view(live: Any) -> None:
    live.feed.add("one")
    live.feed.add("two", batch_size=64)
    live.open("one", "two")
    live.card("one").get_by_role("button", name=re.compile("^Hide")).click()
    live.page.get_by_label("Log", exact=True).check(force=True)
    live.page.reload()
    live.page.wait_for_selector("[data-first-point]")
    expect(live.card("one")).to_have_attribute("data-hidden", "true")
    expect(live.page.get_by_label("Log", exact=True)).to_be_checked()


def test_a_label_hides_its_run_with_one_click_and_isolates_it_with_two(live: Any) -> None:
    live.feed.add("one")
    live.feed.add("two", batch_size=400)
    live.open("one", "two")
    label = live.chart("loss").locator("[data-runs=two]")
    label.dblclick()
    expect(live.card("one")).to_have_attribute("data-hidden", "true")
    label.dblclick()
    expect(live.card("one")).to_have_attribute("data-hidden", "false")
    label.click()
    expect(live.card("two")).to_have_attribute("data-hidden", "true")


def test_stop_is_offered_while_a_run_trains(live: Any) -> None:
    run = live.feed.add("one")
    run.status, run.made = "running", 100
    live.open("one")
    live.card("one").get_by_role("button", name="Stop B = 32").click()
    assert live.page.evaluate("window.triggers") == [["stop", "one"]]
    expect(live.card("one")).to_contain_text("Stopping")
    run.status, run.reason = "stopped", "Stopped at update 100."
    expect(live.card("one")).to_contain_text("Stopped at update 100.")
    expect(live.card("one").get_by_role("button", name="Stop B = 32")).to_be_hidden()


def test_the_clock_that_a_run_brings_is_told_once_and_only_where_asked_for(live: Any) -> None:
    """Nobody looks at seconds: the page itself wants to say how long training takes."""
    run = live.feed.add("one")
    run.status, run.made = "running", 60
    live.feed.ticks = {}
    live.open("one")
    live.page.evaluate("show(['one'], { tell_clock: true })")
    run.status, run.made = "done", run.updates
    expect(live.card("one")).to_have_attribute("data-status", "done")
    live.feed.awaited = True
    assert live.page.evaluate("window.triggers") == []
    live.feed.ticks, live.feed.awaited = {"loop": 1e-4}, False
    live.until("window.triggers.length")
    live.page.evaluate("show(['one'], { tell_clock: false })")
    live.feed.ticks = {"loop": 2e-4}
    live.page.get_by_label("Seconds", exact=True).check(force=True)
    live.until("document.querySelector('[data-x-range]').dataset.xRange === '0,0.05'")
    assert [name for name, _ in live.page.evaluate("window.triggers")] == ["clock"]


def test_the_charts_wait_a_moment_for_the_first_point_of_a_new_run(live: Any) -> None:
    """Drawing without it would only delay it. Timed in the page: a slow machine waits longer, never less."""
    live.feed.add("one")
    live.open("one")
    queued = live.feed.add("two", epochs=20)
    queued.status, queued.made = "queued", -1  # nothing measured yet
    live.page.evaluate(
        """() => { const chart = document.querySelector('[data-testid=live-chart-loss]');
        const shown = performance.now();
        new MutationObserver(() => { window.waited ??= performance.now() - shown; })
          .observe(chart, { attributeFilter: ['data-x-range'] });
        show(['one', 'two']); }"""
    )
    expect(live.chart("loss")).to_have_attribute("data-x-range", "0,20")
    assert live.page.evaluate("window.waited") >= 400
    queued.status, queued.made = "running", 60
    live.until_points({"one": 22, "two": 6})


def test_stop_is_offered_for_ones_own_runs_alone(live: Any) -> None:
    for run_id, batch_size in (("mine", 32), ("theirs", 64)):
        run = live.feed.add(run_id, batch_size=batch_size)
        run.status, run.made = "running", 100
    live.open("mine", "theirs")
    live.page.evaluate("show(['mine', 'theirs'], { owned: ['mine'] })")
    expect(live.card("theirs").get_by_role("button", name=re.compile("^Stop"))).to_be_hidden()
    expect(live.card("mine").get_by_role("button", name=re.compile("^Stop"))).to_be_visible()


def test_a_stop_that_was_refused_can_be_pressed_again(live: Any) -> None:
    run = live.feed.add("one")
    run.status, run.made = "running", 100
    live.open("one")
    stop = live.card("one").get_by_role("button", name="Stop B = 32")
    for refused in (["one"], ["one", "one"]):
        stop.click()
        expect(live.card("one")).to_contain_text("Stopping")
        live.page.evaluate("(refused) => show(['one'], { refused })", refused)
        expect(live.card("one")).not_to_contain_text("Stopping")
        expect(stop).to_be_enabled()


def test_a_stop_that_a_lost_connection_swallowed_can_be_pressed_again(live: Any) -> None:
    run = live.feed.add("one")
    run.status, run.made = "running", 100
    live.open("one")
    live.feed.failing = True
    expect(live.page.get_by_test_id("live-notice")).to_contain_text("Connection lost")
    live.card("one").get_by_role("button", name="Stop B = 32").click()
    expect(live.card("one")).to_contain_text("Stopping")
    live.feed.failing = False
    expect(live.card("one")).not_to_contain_text("Stopping")


def test_floors_and_broken_lines_are_explained_under_the_charts(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    broken = "No line is drawn between measurements far apart; a dot is a single one."
    expect(live.page.locator(".bv-notes .bv-note")).to_have_text(
        [f"Floor 0.0833: the true law. {broken}", "Floor 0.25: the true law."]
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_what_stands_at_the_line_ends_stays_inside_its_chart(live: Any, width: int) -> None:
    live.page.set_viewport_size({"width": width, "height": 1200})
    live.feed.add("one").floors = {"loss": 0.0123, "metric": 0.0885}
    live.open("one")
    live.until("document.querySelectorAll('.bv-line-label').length === 4")
    ends = live.page.evaluate(
        """[...document.querySelectorAll('.bv-line-label')].map((label) =>
           label.closest('.bv-frame').getBoundingClientRect().right - label.getBoundingClientRect().right)"""
    )
    assert min(ends) >= 0


def test_a_zoom_is_kept_while_points_arrive_and_reset_by_a_double_click(live: Any) -> None:
    run = live.feed.add("one")
    run.status, run.made = "running", 100
    live.open("one")
    box = live.chart("loss").locator(".bv-picture").bounding_box()
    mouse = live.page.mouse
    mouse.move(box["x"] + 120, box["y"] + 60)
    mouse.down()
    mouse.move(box["x"] + 260, box["y"] + 240, steps=4)
    mouse.up()
    live.until("!document.querySelector('[data-testid=live-chart-loss]').dataset.xRange.startsWith('0,')")
    zoomed = live.range()
    # Both charts show the same epochs; they are drawn one after the other.
    metric = "document.querySelector('[data-testid=live-chart-metric]').dataset.xRange"
    live.until(f"{metric} === document.querySelector('[data-testid=live-chart-loss]').dataset.xRange")
    run.made = 200
    live.until_points({"one": 18})
    assert live.range() == zoomed
    slow_after_the_next_click(live.page)
    mouse.dblclick(box["x"] + 200, box["y"] + 150)
    live.until("document.querySelector('[data-testid=live-chart-loss]').dataset.xRange === '0,10'")


def test_a_double_click_that_drags_zooms(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    box = live.chart("loss").locator(".bv-picture").bounding_box()
    mouse = live.page.mouse
    mouse.click(box["x"] + 120, box["y"] + 60)
    mouse.move(box["x"] + 120, box["y"] + 60)
    mouse.down(click_count=2)
    mouse.move(box["x"] + 260, box["y"] + 240, steps=4)
    mouse.up(click_count=2)
    live.until("!document.querySelector('[data-testid=live-chart-loss]').dataset.xRange.startsWith('0,')")


@pytest.mark.parametrize(
    ("axis", "end"), [("Epochs", 10), ("Updates", 250), ("Examples", 8000), ("Seconds", 0.025)]
)
def test_the_x_axis_has_four_units(live: Any, axis: str, end: float) -> None:
    live.feed.add("one")
    live.open("one")
    live.page.get_by_label(axis, exact=True).check(force=True)
    live.until(f"document.querySelector('[data-x-range]').dataset.xRange === '0,{end}'")


def test_seconds_are_of_the_way_of_training_that_is_chosen(live: Any) -> None:
    live.feed.add("one")
    live.feed.ticks = {"loop": 1e-4, "fit": 4e-3}
    live.open("one")
    note = live.page.get_by_test_id("live-clock")
    expect(note).to_be_hidden()
    live.page.get_by_label("Seconds", exact=True).check(force=True)
    live.until("document.querySelector('[data-x-range]').dataset.xRange === '0,0.025'")
    expect(note).to_contain_text("Seconds of loop.")
    live.page.get_by_role("radio", name="Keras fit").check(force=True)
    live.until("document.querySelector('[data-x-range]').dataset.xRange === '0,1'")
    expect(note).to_contain_text("Seconds of fit.")
    live.page.get_by_label("Epochs", exact=True).check(force=True)
    expect(live.page.get_by_role("radio", name="Keras fit")).to_be_hidden()


def test_an_unknown_clock_is_offered_and_the_axis_appears_when_it_is_measured(live: Any) -> None:
    live.feed.add("one")
    live.feed.ticks = {}
    live.open("one")
    live.page.evaluate("show(['one'], { tell_clock: true })")
    live.page.get_by_label("Seconds", exact=True).check(force=True)
    live.until_points({"one": 0})
    note = live.page.get_by_test_id("live-clock")
    expect(note).to_contain_text("No clock of loop yet.")
    live.page.get_by_role("button", name="Measure the clock").click()
    assert live.page.evaluate("window.triggers") == [["measure", "loop"]]
    live.feed.awaited = True
    expect(live.page.get_by_role("button", name="Measure the clock")).to_be_hidden()
    live.feed.ticks, live.feed.awaited = {"loop": 1e-4}, False
    live.until_points({"one": 22})
    assert live.range() == [0, 0.025]
    assert [name for name, _ in live.page.evaluate("window.triggers")] == ["measure", "clock"]
    expect(live.card("one")).to_contain_text("Took")
    expect(live.page.get_by_text("Took: as it passed")).to_be_visible()


def test_every_update_can_be_drawn(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    live.page.get_by_label("Every update").check()
    live.until_points({"one": 272})


def test_of_a_long_run_the_mean_of_several_updates_is_drawn_and_said(live: Any) -> None:
    run = live.feed.add("one", batch_size=1)
    run.stride = 16
    live.open("one")
    toolbar = live.page.get_by_test_id("live-toolbar")
    live.page.get_by_label("Every update").check()
    live.until_points({"one": 22 + 500})  # 8,000 updates
    expect(toolbar).to_contain_text("the mean of 16 updates a point")
    expect(toolbar).not_to_contain_text("every single update")
    box = live.chart("loss").locator(".bv-picture").bounding_box()
    live.page.mouse.move(box["x"] + 50 + 0.41 * (box["width"] - 124), box["y"] + 150)
    tip = live.chart("loss").locator(".bv-tip")
    expect(tip).to_contain_text("mean of 16 updates")
    shown = tip.locator("tr").last.locator("td").last.inner_text()
    assert shown in {f"{part.mean():.4f}" for part in run.buckets}
    position = live.page.get_by_test_id("live-position")
    live.page.get_by_label("Position in the recording").fill("0")
    live.page.get_by_label("Forward 16 updates").click()
    expect(position).to_contain_text("update 16 of 8,000")
    live.page.get_by_label("Back 16 updates").click()
    expect(position).to_contain_text("update 0 of 8,000")


def test_beside_a_long_run_a_short_one_is_still_stepped_update_by_update(live: Any) -> None:
    live.feed.add("long", batch_size=1).stride = 16
    live.feed.add("short")
    live.open("long", "short")
    live.until_points({"long": 22, "short": 22})
    expect(live.page.get_by_label("Forward one update")).to_be_visible()
    live.page.get_by_label("Every update").check()
    expect(live.page.get_by_test_id("live-toolbar")).to_contain_text("the mean of up to 16 updates a point")


def test_the_training_curve_can_be_keras_running_mean(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    live.page.get_by_label("Training curve").select_option("running")
    live.until_points({"one": 21})  # none before the first update
    expect(live.page.get_by_test_id("live-toolbar")).to_contain_text("half an epoch")


def test_smoothing_is_stated_on_the_chart(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    live.page.get_by_label("Smoothing").fill("0.6")
    expect(live.chart("loss").locator(".bv-plot")).to_contain_text("smoothed, EMA 0.60")


def test_pointing_shows_measured_values_of_all_curves(live: Any) -> None:
    run = live.feed.add("one")
    live.open("one")
    box = live.chart("loss").locator(".bv-picture").bounding_box()
    live.page.mouse.move(box["x"] + 50 + 0.41 * (box["width"] - 124), box["y"] + 150)
    tip = live.chart("loss").locator(".bv-tip")
    expect(tip).to_contain_text("epoch 4")  # the nearest measured epoch, nothing in between
    expect(tip).to_contain_text(number(run.train_loss[4]))
    expect(tip).to_contain_text(number(run.val_loss[4]))


def test_a_tap_keeps_its_values_until_the_next_tap_elsewhere(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    box = live.chart("loss").locator(".bv-picture").bounding_box()
    x, y = box["x"] + 200, box["y"] + 150
    for kind in ("pointermove", "pointerdown", "pointerleave"):
        live.page.locator(".bv-picture").first.dispatch_event(
            kind, {"pointerType": "touch", "clientX": x, "clientY": y, "bubbles": True}
        )
    tip = live.chart("loss").locator(".bv-tip")
    expect(tip).to_contain_text("epoch")
    live.page.get_by_role("heading", name="Playground").dispatch_event("pointerdown", {"bubbles": True})
    expect(tip).to_have_count(0)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_both_charts_are_saved_in_one_picture(live: Any, kind: str, tmp_path: Path) -> None:
    live.feed.add("one")
    live.open("one")
    with live.page.expect_download() as download:
        live.page.get_by_role("button", name=kind.upper()).click()
    path = tmp_path / "chart"
    download.value.save_as(path)
    assert download.value.suggested_filename.endswith(f".{kind}")
    if kind == "svg":
        for text in (
            "Loss: mean squared error",
            "Mean absolute error",
            "B = 32",
            "real Keras training",
            live.feed.sentence[:20],
        ):
            assert text in path.read_text(encoding="utf-8")
    else:
        assert path.read_bytes().startswith(b"\x89PNG")


def test_the_table_has_the_numbers_of_the_chart(live: Any) -> None:
    run = live.feed.add("one")
    live.open("one")
    live.page.get_by_text("Table of the same numbers").click()
    row = live.page.get_by_test_id("live-table").locator("tbody tr").nth(3)
    row.wait_for()
    cells = row.locator("th, td").all_inner_texts()
    assert cells[:3] == ["3", "75", "2,400"]
    assert cells[4] == number(run.train_loss[3])
    assert cells[6] == number(run.val_loss[3])


def test_the_chart_says_in_words_what_it_shows(live: Any) -> None:
    run = live.feed.add("one")
    live.open("one")
    picture = live.chart("loss").locator(".bv-picture")
    words = f"validation from {number(run.val_loss[0])} to {number(run.val_loss[-1])}"
    expect(picture).to_have_attribute("aria-label", re.compile(re.escape(words)))


def test_a_link_and_a_csv_belong_to_every_run(live: Any) -> None:
    live.feed.add("one")
    live.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    live.open("one")
    live.card("one").get_by_role("button", name="Copy link").click()
    expect(live.card("one")).to_contain_text("Copied")
    assert live.page.evaluate("navigator.clipboard.readText()") == f"{live.feed.address}/?runs=one"
    csv = live.card("one").get_by_role("link", name="CSV")
    expect(csv).to_have_attribute("href", f"{live.feed.address}/api/export/csv-epochs?run=one")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_barrier_that_axe_can_find(live: Any, dark: bool, width: int) -> None:
    live.page.set_viewport_size({"width": width, "height": 1200})
    live.feed.add("one")
    failed = live.feed.add("two", batch_size=8)
    failed.status, failed.reason = "diverged", "The loss was not finite at update 12."
    running = live.feed.add("three", batch_size=64)
    running.status, running.made = "running", 40
    live.open("one", "two", "three")
    if dark:
        live.page.evaluate("document.documentElement.dataset.dark = ''; show(['one', 'two', 'three'])")
    expect(live.page.locator(".batchviz-live")).to_have_attribute("data-theme", "dark" if dark else "light")
    live.page.get_by_text("Table of the same numbers").click()
    violations = Axe().run(live.page).response["violations"]
    assert [(found["id"], [node["target"] for node in found["nodes"]]) for found in violations] == []


def test_a_phone_needs_no_sideways_scrolling_and_has_large_targets(live: Any) -> None:
    live.page.set_viewport_size({"width": 390, "height": 844})
    live.feed.add("one")
    live.open("one")
    assert live.page.evaluate("document.documentElement.scrollWidth") <= 390
    small = live.page.evaluate(
        """[...document.querySelectorAll('.batchviz-live :is(button, select, a, .bv-segment)')]
           .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 40)
           .map((node) => node.outerHTML)"""
    )
    assert small == []
    assert live.chart("loss").bounding_box()["y"] < 120  # the chart comes first


def test_growing_curves_do_not_move_the_page(live: Any) -> None:
    run = live.feed.add("one")
    run.status, run.made = "running", 25
    live.open("one")
    before = live.chart("loss").bounding_box()
    run.made = 225
    live.until_points({"one": 20})
    assert live.chart("loss").bounding_box() == before


def test_a_theme_change_redraws_in_its_colours(live: Any) -> None:
    live.feed.add("one")
    live.open("one")
    root = live.page.locator(".batchviz-live")
    expect(root).to_have_attribute("data-theme", "light")
    live.page.evaluate("document.documentElement.setAttribute('data-dark', ''); show(['one'])")
    expect(root).to_have_attribute("data-theme", "dark")
    live.until("document.querySelector('.js-line').style.stroke.replace(/ /g, '') === 'rgb(143,176,255)'")


def test_the_app_is_found_behind_a_path_prefix(live: Any) -> None:
    source = (Path(__file__).parents[3] / "batchviz/frontend/src/mount.js").read_text(encoding="utf-8")
    live.open(drawn=False)
    live.page.route("**/deep/path/**", lambda route: route.fulfill(body="", content_type="text/javascript"))
    live.page.evaluate(
        """async (source) => {
          history.replaceState(null, "", "/deep/path/compare");
          await import("/deep/path/static/js/index.abc123.js");
          const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
          const { default: start } = await import(url);
          const parentElement = document.querySelector("#parent");
          await start({ data: { assets: {
            module: "component-assets/v1/src/live/index.js", style: "component-assets/v1/css/live.css",
          } }, parentElement });
        }""",
        source,
    )
    fetched = live.page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert f"{live.feed.address}/deep/path/component-assets/v1/src/live/index.js" in fetched
