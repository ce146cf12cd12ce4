"""The whole path in a real browser: sliders, real training in real workers, live curves."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Playground, Server, wait_until

pytestmark = pytest.mark.browser

# Minutes of training, so that a test can act while it runs; every such test stops what it started.
LONG = "?v=1&rows=20000&hidden=128-64&batch_size=1&budget=50"


def points(page: Playground, kind: str = "loss") -> dict[str, int]:
    return json.loads(page.page.get_by_test_id(f"live-chart-{kind}").get_attribute("data-points") or "{}")


def x_range(page: Playground) -> str:
    return page.page.get_by_test_id("live-chart-loss").get_attribute("data-x-range") or ""


def until_points(page: Playground, more_than: int) -> int:
    """Wait until the loss chart shows more points than this; how many it shows then."""
    shown = """() => Object.values(JSON.parse(
        document.querySelector("[data-testid=live-chart-loss]").dataset.points ?? "{}"))"""
    page.page.wait_for_function(f"least => ({shown})().some(count => count > least)", arg=more_than)
    return max(page.page.evaluate(shown))


def test_a_slider_moves_the_facts_and_train_draws_the_curves(playground: Playground) -> None:
    playground.open("?v=1")
    handle = playground.page.locator(".st-key-field_batch_size input[type=range]")
    assert playground.fact("Updates an epoch") == "25"
    handle.focus()
    handle.press("ArrowRight")
    playground.idle()
    # What a screen reader says: the value of the slider, and what follows from it.
    expect(handle).to_have_attribute("aria-valuetext", "64")
    expect(playground.page.get_by_test_id("says")).to_have_text("Updates an epoch now 13, 130 in all.")
    expect(playground.page.get_by_test_id("facts")).to_contain_text("13")
    assert playground.fact("Updates an epoch") == "13"
    assert playground.fact("Last batch") == "32"
    assert playground.fact("Updates in all") == "130"
    playground.press("Train")
    playground.until_status("done")
    playground.drawn()
    # 13 rows of training, of validation; 2 in mid-epoch.
    wait_until(lambda: list(points(playground).values()) == [26])
    expect(playground.cards).to_contain_text("B = 64")
    expect(playground.page.get_by_test_id("live-sentence")).to_contain_text("After 10 epochs")


def test_an_exact_batch_size_beyond_the_rows_says_what_happens(playground: Playground) -> None:
    playground.open("?v=1&batch_size=900")
    expect(playground.page.get_by_text(re.compile("larger than the 800 training rows"))).to_be_visible()
    assert playground.fact("Updates an epoch") == "1"


def test_the_link_opens_the_same_runs_for_somebody_else(
    playground: Playground, page_of_another: Page, server: Server
) -> None:
    playground.open("?v=1&seed=11&batch_size=100")
    playground.press("Train")
    playground.until_status("done")
    playground.page.wait_for_url(re.compile("runs="))
    other = Playground(page_of_another, server)
    other.page.goto(playground.page.url)
    other.until_status("done")
    assert other.run_ids() == playground.run_ids()
    other.drawn()
    wait_until(lambda: points(other) == points(playground))


def test_a_running_run_is_followed_from_a_second_tab_and_stopped(
    playground: Playground, server: Server
) -> None:
    playground.open(LONG + "&seed=1")
    playground.press("Train")
    playground.until_status("running")
    second = Playground(playground.page.context.new_page(), server)
    second.page.goto(playground.page.url)
    second.until_status("running")
    second.page.get_by_text("Every update").click()
    drawn = until_points(second, 100)  # the updates, of which an epoch has 16,000
    until_points(second, drawn)
    playground.press("Stop")
    playground.until_status("stopped")
    second.until_status("stopped")


def test_zoom_survives_new_points(playground: Playground) -> None:
    playground.open(LONG + "&seed=2")
    playground.press("Train")
    playground.until_status("running")
    page = playground.page
    page.get_by_text("Every update").click()
    page.get_by_role("radio", name="Updates", exact=True).check()
    until_points(playground, 100)
    whole = x_range(playground)
    box = page.get_by_test_id("live-chart-loss").locator(".nsewdrag").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] - 20, steps=5)
    page.mouse.up()
    expect(page.get_by_test_id("live-chart-loss")).not_to_have_attribute("data-x-range", whole)
    zoomed = x_range(playground)
    until_points(playground, until_points(playground, max(points(playground).values())))
    assert x_range(playground) == zoomed
    playground.press("Stop")
    playground.until_status("stopped")


def test_a_recording_plays_back_and_steps(playground: Playground) -> None:
    playground.open("?v=1&seed=3")
    playground.press("Train")
    playground.until_status("done")
    page = playground.page
    player = page.get_by_test_id("live-player")
    player.get_by_role("button").first.focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("live-position")).to_contain_text("epoch 0 of 10")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("live-position")).not_to_contain_text("epoch 0 of 10 · update 0 ")
    page.keyboard.press("End")
    expect(page.get_by_test_id("live-position")).to_contain_text("update 250 of 250")
    (run_id,) = playground.run_ids()
    page.get_by_label("Play", exact=True).click()
    expect(player).to_have_attribute("data-playing", "true")
    assert points(playground)[run_id] < 26, "it starts over"
    page.get_by_label("Playback speed").select_option("8")
    expect(player).to_have_attribute("data-mode", "live")
    wait_until(lambda: points(playground) == {run_id: 26})


def test_back_undoes_the_last_change_of_the_address_and_a_reload_finds_everything_again(
    playground: Playground,
) -> None:
    page = playground.page
    page.goto("about:blank")
    playground.open("?v=1&seed=8&batch_size=32")  # which the page shortens, without an entry of its own

    def turn(field: str, address: str) -> None:
        handle = page.locator(f".st-key-field_{field} input[type=range]")
        handle.focus()
        handle.press("ArrowRight")
        page.wait_for_url(re.compile(address))

    turn("batch_size", "batch_size=64")
    turn("budget", "budget=11")
    playground.press("Train")
    playground.until_status("done")
    page.wait_for_url(re.compile("runs="))
    page.reload()
    playground.until_status("done")
    page.go_back()
    expect(playground.cards.first).to_be_hidden()
    expect(page.get_by_test_id("facts")).to_contain_text("143")
    page.go_back()
    expect(page.get_by_test_id("facts")).to_contain_text("130")
    page.go_forward()
    expect(page.get_by_test_id("facts")).to_contain_text("143")
    page.go_forward()
    playground.until_status("done")
    for _ in range(3):
        page.go_back()
    expect(page.get_by_test_id("facts")).to_contain_text("250")
    assert page.url.endswith("?v=1&seed=8")
    page.go_back()
    assert page.url == "about:blank"


def test_back_is_not_undone_by_what_the_page_left_writes_late(playground: Playground) -> None:
    page = playground.page
    playground.open("?v=1&seed=8")
    handle = page.locator(".st-key-field_batch_size input[type=range]")
    handle.focus()
    handle.press("ArrowRight")
    page.wait_for_url(re.compile("batch_size=64"))
    expect(page.get_by_test_id("facts")).to_contain_text("130")
    marked = page.evaluate(
        """() => new Promise((told) => {
          addEventListener("popstate", () => setTimeout(() => {
            history.pushState({}, "", "?v=1&seed=8&batch_size=64");
            told(location.search);
          }), { once: true });
          history.back();
        })"""
    )
    assert "back=" in marked, "until the script has taken it out, whatever else is asked for"
    expect(page.get_by_test_id("facts")).to_contain_text("250")
    page.wait_for_function("() => !/back=|batch_size=/.test(location.search)")
    page.go_forward()
    expect(page.get_by_test_id("facts")).to_contain_text("130")


def test_a_double_click_on_train_starts_one_run(playground: Playground) -> None:
    playground.open("?v=1&seed=4&batch_size=50")
    playground.page.get_by_role("button", name="Train", exact=True).dblclick()
    playground.until_status("done")
    playground.idle()
    assert len(playground.run_ids()) == 1


def test_a_race_runs_each_batch_size_and_a_removed_run_leaves_the_link(playground: Playground) -> None:
    playground.open("?v=1&seed=5")
    playground.race(seeds=1)
    playground.until_status("done", count=5)
    ids = playground.run_ids()
    assert len(ids) == 5
    playground.card(ids[0]).get_by_role("button", name=re.compile("Remove")).click()
    expect(playground.cards).to_have_count(4)
    playground.page.wait_for_function("id => !location.search.includes(id)", arg=ids[0])
    playground.page.reload()
    playground.until_status("done", count=4)
    assert playground.run_ids() == ids[1:]


def test_what_is_said_in_passing_takes_nothing_off_the_page(playground: Playground) -> None:
    """A message drawn by a press took the place of the page's style sheet."""
    page = playground.page
    playground.open("?v=1&seed=6")
    heading = page.get_by_role("heading", level=1)
    size = "node => getComputedStyle(node).fontSize"
    styled = heading.evaluate(size)
    playground.press("Stop")
    expect(page.locator(".stToast")).to_contain_text("Nothing of yours is training.")
    playground.idle()
    assert heading.evaluate(size) == styled


def test_digits_are_classified_and_accuracy_rises_within_the_picture(playground: Playground) -> None:
    playground.open("?v=1&dataset=digits&hidden=32&optimizer=sgd&learning_rate=0.3&budget=10")
    playground.press("Train")
    playground.until_status("done")
    playground.drawn()
    chart = playground.page.get_by_test_id("live-chart-metric")
    expect(chart.get_by_role("heading")).to_have_text("Accuracy")
    low, high = map(float, (chart.get_attribute("data-y-range") or "").split(","))
    assert low < 0.2, "a network starts as good as guessing"
    assert high > 0.9


def test_a_learning_rate_that_diverges_is_told_and_its_curve_kept(playground: Playground) -> None:
    playground.open("?v=1&optimizer=sgd&learning_rate=1000")
    playground.press("Train")
    playground.until_status("diverged")
    expect(playground.cards.first).to_contain_text("smaller learning rate")
    start = until_points(playground, 0)
    playground.page.get_by_text("Every update").click()
    assert until_points(playground, start) > start, "the updates up to the last are kept"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?v=1&batch_size=0", "Batch size"),
        ("?v=1&validation_split=0.9999", "leaves no training rows"),
        ("?v=1&batch_schedule=50-64", "Batch schedule"),
        ("?v=7&batch_size=3", "version"),
        ("?v=1&dataset=nonsense", "Data"),
        ("?runs=<script>", "run"),
    ],
)
def test_a_broken_link_says_what_was_expected_and_starts_nothing(
    playground: Playground, query: str, said: str
) -> None:
    playground.open(query)
    expect(playground.page.get_by_role("alert").first).to_contain_text(said)
    expect(playground.page.get_by_test_id("stException")).to_have_count(0)
    expect(playground.cards).to_have_count(0)


def test_a_run_that_does_not_exist_is_explained(playground: Playground) -> None:
    playground.open("?runs=AAAAAAAAAAAA")
    expect(playground.page.get_by_text(re.compile("does not exist or was deleted"))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["laptop", "phone"])
def test_the_page_is_accessible_and_fits(
    playground: Playground, raced: str, scheme: str, size: tuple[int, int]
) -> None:
    page = playground.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    playground.open(f"?{raced}")
    playground.until_status("done", count=5)
    playground.drawn()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], "no sideways scrolling"
    chart = page.get_by_test_id("live-chart-loss").bounding_box()
    assert chart
    assert chart["y"] + 200 < size[1], "the chart is on the first screen"
    player = page.get_by_test_id("live-player").bounding_box()
    assert player
    assert abs(player["y"] - chart["y"] - chart["height"]) < 3, "the scrubber is right under the loss"
    for control in ("batch_size", "budget"):
        slider = page.locator(f".st-key-field_{control} input[type=range]").bounding_box()
        assert slider
        assert slider["y"] < size[1], "what a lesson turns is beside the chart"
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def test_one_press_races_again_by_the_linear_rule_which_can_have_a_panel_of_its_own(
    playground: Playground, raced: str
) -> None:
    page = playground.page
    playground.open(f"?{raced}")
    playground.until_status("done", count=5)
    again = page.get_by_role("group", name="Race again")
    again.get_by_role("button", name="learning rate in proportion to batch size").click()
    playground.until_status("done", count=10)
    details = [card.locator(".bv-details").inner_text() for card in playground.cards.all()]
    assert sum("lr 0.001," in text for text in details) == 5
    used = [re.search(r"lr (\S+) \(linear rule, 0.001 at B = 32\)", text) for text in details]
    assert [one[1] for one in used if one] == ["3.13e−5", "0.00025", "0.001", "0.004", "0.025"]
    expect(page.get_by_test_id("live-sentence")).to_contain_text(re.compile("Fixed rate: .*\nLinear rule: "))
    expect(again.get_by_role("button", name="same updates")).to_be_visible()
    expect(again.get_by_role("button", name="in proportion")).to_have_count(0)
    chart = page.get_by_test_id("live-chart-loss")
    expect(chart.locator(".bv-keys")).to_have_attribute("data-pale", "")
    page.get_by_text("Colour, dash, panels", exact=True).click()
    page.get_by_label("Panels by").select_option("learning_rate_rule")
    expect(chart).to_have_attribute("data-panels", "2")
    expect(chart.locator(".bv-keys")).not_to_have_attribute("data-pale", "")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_label("Colour by")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Panels by").select_option("none")
    page.get_by_label("Dash by").select_option("none")
    expect(chart).to_have_attribute("data-panels", "1")
    expect(chart.locator(".bv-keys")).not_to_have_attribute("data-pale", "")
    expect(page.locator(".stToast")).to_have_count(0)  # Streamlit's own has no name for a screen reader
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
