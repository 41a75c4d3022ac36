"""Every screen of a person in two made-up languages: half as long again, and from right to left."""

import pytest
from playwright.sync_api import expect

from tests.browser import sweep
from tests.figures import Counted
from tests.offline import worker_answers, worker_stands
from tests.sweeps.phones import MADE_UP, SCREENS, SLOW, Phones, stands


@pytest.mark.hazard("H48")
@pytest.mark.parametrize("language", MADE_UP)
@pytest.mark.parametrize("address", SCREENS)
def test_a_screen_stands_in_long_words_and_from_right_to_left_with_its_numbers_in_order(
    phones: Phones, address: str, language: str, counted: Counted
) -> None:
    page = phones.at(address, language)
    assert page.evaluate("document.documentElement.dir || 'ltr'") == MADE_UP[language]
    counted("pairs of numbers whose first does not stand left", sweep.wrong_digits(page), sweep.pairs(page))
    assert sweep.wrong_digits(page) == []
    found = [(390, one) for one in sweep.overflows(page)]
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_timeout(100)
    found += [(320, one) for one in sweep.overflows(page)]
    counted("overflows in the made-up languages at 390 and 320 px", found, looks=2)
    assert found == []


@pytest.mark.parametrize("address", SCREENS)
def test_no_sentence_of_ours_stays_english_in_another_language(
    phones: Phones, address: str, counted: Counted
) -> None:
    page = phones.at(address, "ar-XB")
    found = sweep.keyless(page, "\n".join(phones.told))
    counted("sentences without a key", found)
    assert found == []


def test_a_page_from_right_to_left_keeps_its_turned_sheet_without_a_network(phones: Phones) -> None:
    page = phones.at("/", "calm")
    page.evaluate("localStorage.setItem('alongside.language', 'ar-XB')")
    worker_stands(page)
    page.reload()
    worker_answers(page)
    page.reload()
    stands(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("html")).to_have_attribute("dir", "rtl", timeout=SLOW)
    stands(page)
    rules = page.evaluate(
        "[...document.styleSheets].map(one => [one.href.endsWith('.rtl.css'), one.cssRules.length > 100])"
    )
    assert rules == [[True, True]]
