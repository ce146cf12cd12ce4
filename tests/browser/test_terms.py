"""The card of a term opens from wherever the term stands, by mouse, touch and keyboard, and its example runs."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Playground, Server

pytestmark = pytest.mark.browser

SEED = "?v=1&seed=700"


def card(page: Page) -> Locator:
    return page.get_by_role("dialog")


def question_mark(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} [data-testid=stTooltipIcon] button")


def test_a_question_mark_opens_its_card_by_mouse_and_a_fact_by_keyboard(playground: Playground) -> None:
    playground.open(SEED)
    page = playground.page
    question_mark(page, "field_batch_size").click()
    expect(card(page)).to_contain_text("How many examples are averaged for one update of the weights.")
    expect(card(page).get_by_role("img")).to_have_attribute("aria-label", re.compile("100 at batch size 8"))
    expect(card(page).get_by_role("heading", name="Batch size")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)

    fact = page.get_by_test_id("facts").get_by_role("button", name="Last batch")
    fact.focus()
    page.keyboard.press("Enter")
    expect(card(page).get_by_role("heading", name="Last batch")).to_be_visible()
    page.keyboard.press("Tab")
    expect(card(page).get_by_role("link", name="Show me")).to_be_focused()
    page.keyboard.press("Escape")
    expect(fact).to_be_focused()


def test_a_touch_opens_a_card_on_a_phone_and_a_press_beside_it_closes_it(phone: Page, server: Server) -> None:
    opened = Playground(phone, server)
    opened.open(SEED)
    phone.get_by_test_id("facts").get_by_role("button", name="Parameters").tap()
    expect(card(phone).get_by_role("heading", name="Parameters")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.touchscreen.tap(4, 4)
    expect(card(phone)).to_have_count(0)
    phone.get_by_role("link", name="Words: what the terms").tap()
    expect(card(phone).get_by_role("heading", name="Words")).to_be_visible()


def test_the_words_are_searched_and_show_me_trains_the_example(playground: Playground) -> None:
    playground.open("runs")
    page = playground.page
    page.get_by_role("link", name="Words", exact=True).click()
    card(page).get_by_label("Search the words").fill("twice the rate")
    expect(card(page).get_by_role("status")).to_have_text(re.compile(r"^1 of \d+ words"))
    card(page).get_by_role("button", name=re.compile("^Linear rule")).click()
    card(page).get_by_role("link", name="Show me").click()
    page.wait_for_url(re.compile("runs="))
    playground.until_status("done", count=4)
    assert "show=" not in page.url, "a reload does not start it again"


def test_an_address_opens_a_card(playground: Playground) -> None:
    playground.open(f"{SEED}#term-floor")
    expect(card(playground.page).get_by_role("heading", name="Floor")).to_be_visible()


def test_a_card_and_the_list_have_no_fault_that_axe_finds(playground: Playground) -> None:
    playground.open(f"{SEED}#term-gradient_noise")
    page = playground.page
    expect(card(page).get_by_role("heading", name="Gradient noise")).to_be_visible()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    card(page).get_by_role("button", name="All words").click()
    expect(card(page).get_by_role("heading", name="Words")).to_be_visible()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def word(page: Page, key: str) -> Locator:
    return page.locator(f"button.batchviz-word[data-term={key}]").first


def test_a_word_in_a_lesson_a_claim_and_a_charts_sentence_opens_its_card(
    playground: Playground, phone: Page, server: Server
) -> None:
    page = playground.page
    playground.open("lessons?lesson=rate")
    lesson = word(page, "learning_rate")
    lesson.focus()
    page.keyboard.press("Enter")
    expect(card(page).get_by_role("heading", name="Learning rate", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(lesson).to_be_focused()

    playground.open("claims")
    page.locator(".st-key-claim_noisy-updates").locator("button.batchviz-word").first.click()
    expect(card(page).get_by_role("heading")).to_be_visible()
    page.keyboard.press("Escape")

    playground.open("?v=1&seed=701&rows=200&epochs=2")
    playground.press("Train")
    playground.until_status("done")
    sentence = page.get_by_test_id("live-sentence")
    expect(sentence.locator("button").first).to_be_visible()
    playground.open(page.url.split("/", 3)[3])  # a reload finds it again
    phone.goto(page.url)
    phone.get_by_test_id("live-sentence").locator("button").first.tap()
    expect(card(phone).get_by_role("heading")).to_be_visible()


@pytest.mark.parametrize(
    ("budget", "button", "place", "below"),
    [
        ("&epochs=10", "Race", "[data-testid=stPopoverBody]", "Start the race"),
        ("&budget_unit=seconds&budget=2", "Share", "[role=dialog]", "What to share"),
    ],
)
def test_a_word_in_a_menu_and_in_a_dialog_opens_its_card_over_it(
    playground: Playground, budget: str, button: str, place: str, below: str
) -> None:
    """What lies below neither makes the card deaf nor closes with it."""
    page = playground.page
    playground.open(SEED + budget)
    page.get_by_role("button", name=button, exact=True).click()
    word_below, opened = (
        page.locator(place).locator("button.batchviz-word").first,
        page.get_by_test_id("term"),
    )
    word_below.click()
    expect(opened).to_be_visible()
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    word_below.click()
    opened.get_by_role("button", name="All words").click()
    opened.get_by_label("Search the words").fill("floor")
    expect(opened.get_by_role("button", name=re.compile("^Floor"))).to_be_visible()
    opened.get_by_role("button", name="Close").click()
    expect(opened).to_be_hidden()
    expect(page.get_by_text(below, exact=True)).to_be_visible()
