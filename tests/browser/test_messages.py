"""A nurse and a practice answer what people have written, in the real pages; words are theirs alone."""

from playwright.sync_api import Page, expect

from tests.browser import sweep
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.writing import write
from tests.running import Running

SLOW = 60_000


def row(page: Page, demo: Running, kind: str) -> str:
    """Where the conversation of the demo's person stands in a list."""
    return f'[data-thread="{kind} {demo.patient("demo-person")}"]'


def test_a_nurse_finds_what_waits_beside_the_list_and_answers_it(demo: Running, open_page: NewPage) -> None:
    said = write(demo, "demo-person", "team", "Do I take my tablets before or after breakfast?")
    page = open_page("/team", "demo-nurse", DESKTOP)
    page.get_by_role("button", name="Messages").click(timeout=SLOW)
    mine = page.locator(row(page, demo, "team"))
    expect(mine).to_contain_text("before or after breakfast", timeout=SLOW)
    expect(mine).to_contain_text("Nobody has taken it")
    assert sweep.axe(page) == []
    mine.get_by_role("link").click()
    message = page.locator(f'[data-message="{said}"]')
    expect(message).to_contain_text("Read by Hannah Fern", timeout=SLOW)
    page.get_by_role("button", name="I will answer this").click()
    expect(page.get_by_text("You have it.")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#answer-error")).to_contain_text("Write your message first", timeout=SLOW)
    page.get_by_label("Your message to").fill("After breakfast, with a glass of water.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Hannah Fern answered")).to_be_visible(timeout=SLOW)
    expect(page.locator(".al-thread__one--ours").last).to_contain_text("with a glass of water")
    assert sweep.axe(page) == []


def test_words_of_danger_come_to_an_open_list_by_themselves_and_stand_first(
    demo: Running, open_page: NewPage
) -> None:
    page = open_page("/team/messages", "demo-nurse", PHONE)
    expect(page.locator("[data-thread]").first).to_be_visible(timeout=SLOW)
    write(demo, "demo-person", "team", "No chest pain, but I feel odd")
    first = page.locator("[data-thread]").first
    expect(first).to_contain_text("May mean danger: chest pain", timeout=SLOW)
    assert sweep.all_of(page, 24) == []
    first.get_by_role("link").click()
    expect(page.get_by_text("call them first")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="No reply needed").click()
    page.get_by_role("button", name="End without a reply").click()
    expect(page.locator("#why-error")).to_contain_text("Say why", timeout=SLOW)
    page.get_by_label("Why is no reply needed?").fill("We spoke on the telephone.")
    page.get_by_role("button", name="End without a reply").click()
    expect(page.get_by_text("no reply is needed: We spoke")).to_be_visible(timeout=SLOW)
    assert sweep.all_of(page, 24) == []


def test_the_practice_lands_in_its_inbox_and_answers_there(demo: Running, open_page: NewPage) -> None:
    said = write(demo, "demo-person", "practice", "Are my blood results back?")
    page = open_page("/team", "demo-practice", DESKTOP)
    expect(page).to_have_url(f"{demo.url}/team/inbox", timeout=SLOW)
    expect(page.get_by_text("does not watch messages for urgent help")).to_be_visible(timeout=SLOW)
    mine = page.locator(row(page, demo, "practice"))
    expect(mine).to_contain_text("blood results", timeout=SLOW)
    # The practice is shown nothing of the team's: no list, no kit, no record.
    expect(page.get_by_role("link", name="Worklist")).to_have_count(0)
    mine.get_by_role("link").click()
    expect(page.locator(f'[data-message="{said}"]')).to_contain_text("Read by", timeout=SLOW)
    expect(page.get_by_role("link", name="Readings and plan")).to_have_count(0)
    page.get_by_label("Your message to").fill("Yes, and all is well.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("answered at")).to_be_visible(timeout=SLOW)
    assert sweep.axe(page) == []


def test_an_answer_that_could_not_be_sent_stays_in_the_field(demo: Running, open_page: NewPage) -> None:
    page = open_page(f"/team/thread/{demo.patient('demo-person')}/team", "demo-nurse", PHONE)
    words = page.get_by_label("Your message to")
    words.fill("I will call you at 3pm.", timeout=SLOW)
    page.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert").filter(has_text="Not sent")).to_be_visible(timeout=SLOW)
    expect(words).to_have_value("I will call you at 3pm.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".al-thread__one--ours").last).to_contain_text("call you at 3pm", timeout=SLOW)
    expect(words).to_have_value("")
