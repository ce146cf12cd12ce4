"""What explains itself does so to the keyboard and to a touch as well, on every page."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from batchviz.text import hints
from tests.browser.conftest import Playground, Server

pytestmark = pytest.mark.browser

OURS = "[data-hint]"
STREAMLITS = "[data-testid=stTooltipIcon]:not(:has(button:disabled))"
"""Around a question mark, which is a button, or around a button with a hint of its own."""
FOCUSABLE = "a[href], button:not(:disabled), input, select, textarea, [tabindex]"
UNREACHABLE = f"""nodes => nodes.filter(node => node.checkVisibility())
    .filter(node => !node.matches({FOCUSABLE!r}) && !node.querySelector({FOCUSABLE!r})).map(node => node.outerHTML)"""
TITLES = "[title]:not([title=''], iframe, [data-testid^=st], [class*=glide])"
"""Hover alone: a finger and the keyboard never see it."""


def test_every_hint_of_every_page_is_reached_by_keyboard_and_touch(
    tablet: Page, server: Server, raced: str
) -> None:
    opened = Playground(tablet, server)
    seen = 0
    for address in ("", f"?{raced}", f"compare?{raced}", "runs", "board", "data"):
        opened.open(address)
        if "runs=" in address and not address.startswith("compare"):
            opened.until_status("done", count=5)
        hints = tablet.locator(f"{OURS}, {STREAMLITS}")
        assert hints.evaluate_all(UNREACHABLE) == [], address
        assert tablet.locator(TITLES).evaluate_all("nodes => nodes.map(node => node.outerHTML)") == [], (
            address
        )
        seen += hints.count()
    assert seen > 40


def test_a_hint_of_ours_opens_by_focus_and_by_touch_and_closes_again(
    tablet: Page, server: Server, raced: str
) -> None:
    opened = Playground(tablet, server)
    opened.open(f"?{raced}")
    opened.until_status("done", count=5)
    box = tablet.locator("#batchviz-hint")
    fact = tablet.locator("[data-testid=facts] div", has=tablet.get_by_text("Last batch", exact=True))
    fact.locator("dd").tap()  # its name opens the card of the term
    expect(box).to_contain_text("makes an update of its own")
    tablet.keyboard.press("Escape")
    expect(box).to_be_hidden()
    fact.get_by_role("button").focus()
    expect(box).to_contain_text("makes an update of its own")
    tablet.keyboard.press("Tab")  # from the fact to the next
    expect(box).to_contain_text("How often the weights change until the end.")
    gap = opened.cards.first.locator("dl div", has=tablet.get_by_text("Gap", exact=True))
    gap.locator("dd").tap()
    expect(box).to_contain_text("Validation loss minus training loss")
    expect(box).to_be_visible()
    assert gap.get_attribute("aria-describedby") == "batchviz-hint"
    tablet.locator("h2").first.tap()
    expect(box).to_be_hidden()
    tablet.get_by_label("Playback speed").focus()
    expect(box).to_contain_text("At 1× all of it takes 12 seconds")


def test_a_hint_opens_to_a_pointer_that_moves_and_to_none_under_which_the_page_moves(
    playground: Playground, raced: str
) -> None:
    """After a press the pointer rests where the button was: a box would cover what the press has brought."""
    playground.open(f"?{raced}")
    playground.until_status("done", count=5)
    page, box = playground.page, playground.page.locator("#batchviz-hint")
    page.mouse.move(640, 400)
    page.evaluate(
        """() => {
          const fact = document.querySelector("[data-testid=facts] [data-hint]");
          fact.style.cssText = "position: fixed; left: 600px; top: 380px; width: 80px; height: 40px; z-index: 9999";
          document.addEventListener("pointerover", ({ target }) => { window.underPointer = fact.contains(target); });
        }"""
    )
    page.wait_for_function("() => window.underPointer")
    expect(box).to_be_hidden()
    page.mouse.move(642, 401)
    expect(box).to_be_visible()


def heads(part: Page | Locator) -> Locator:
    return part.get_by_test_id("column_heads")


def test_a_dialogs_question_marks_and_the_columns_of_grids_answer_a_touch_and_the_keyboard(
    phone: Page, server: Server, tmp_path: Path
) -> None:
    history = tmp_path / "batch_8_seed0.json"
    history.write_text(json.dumps({"loss": [1.0, 0.6], "val_loss": [1.0, 0.7]}))
    opened, box = Playground(phone, server), phone.get_by_test_id("stTooltipContent")
    opened.open("runs")
    phone.get_by_role("button", name="Import", exact=True).tap()
    dialog = phone.get_by_role("dialog")
    phone.locator("input[type=file]").set_input_files(history)
    dialog.get_by_role("button", name="Import 1 run").wait_for()
    for name, text in (
        ("Help for Experiment", hints.EXPERIMENT),
        ("Help for Training rows", hints.ROWS_TRAINED),
    ):
        dialog.get_by_role("button", name=name).tap()
        expect(box).to_have_text(text)
        dialog.get_by_text("Import runs", exact=True).tap()
        expect(box).to_have_count(0)
    dialog.get_by_label("Experiment", exact=True).focus()
    reached: list[str | None] = []
    while len(reached) < 20:  # from here on by the keyboard alone
        phone.keyboard.press("Tab")
        reached.append(phone.evaluate("document.activeElement.getAttribute('aria-label')"))
        if reached[-1] == "Help for Training rows":
            expect(box).to_have_text(hints.ROWS_TRAINED)
        if heads(dialog).locator("summary:focus").count():
            phone.keyboard.press("Enter")
            break
    assert "Help for Training rows" in reached
    expect(heads(dialog).get_by_text(hints.LEFT_OUT)).to_be_visible()
    dialog.get_by_role("button", name="Import 1 run").press("Enter")

    expect(phone.get_by_text("1 run imported.")).to_be_visible()
    opened.idle()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    heads(phone).locator("summary").tap()
    expect(heads(phone).get_by_text(hints.COLUMNS["val_loss"])).to_be_visible()
    heads(phone).get_by_role("button").first.tap()  # a word in it is a term with a card of its own
    expect(phone.get_by_test_id("term")).to_be_visible()
