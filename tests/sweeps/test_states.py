"""Every screen of a person with little on it, before a fault, without a network, for who helps, and before sign-in."""

import pytest

from tests.browser import sweep
from tests.figures import Counted
from tests.sweeps.phones import OPEN, SCREENS, Phones

SMALLEST_TARGET = 48


@pytest.mark.parametrize("state", ["calm", "helping", "unsent", "fault"])
@pytest.mark.parametrize("address", SCREENS)
def test_a_screen_is_clean_in_each_state(phones: Phones, address: str, state: str, counted: Counted) -> None:
    found = sweep.all_of(phones.at(address, state), SMALLEST_TARGET, is_quick=True)
    counted("axe violations, small targets, faint texts and overflows", found)
    assert found == []


@pytest.mark.parametrize("address", OPEN)
def test_a_screen_that_opens_before_sign_in_is_clean_there_and_not_cut_off(
    phones: Phones, address: str, counted: Counted
) -> None:
    page = phones.at(address, "signed-out")
    found = sweep.all_of(page, SMALLEST_TARGET, is_quick=True)
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_timeout(100)
    found += sweep.overflows(page)
    counted("axe violations, small targets, faint texts and overflows", found, looks=2)
    assert found == []
