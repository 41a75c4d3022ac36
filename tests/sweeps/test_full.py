"""Every screen of a person with all that may stand on it: read, touched, tabbed through, narrowed and made large."""

import pytest
from playwright.sync_api import Page

from tests.browser import sweep
from tests.figures import Counted
from tests.sweeps.phones import SCREENS, Phones

SMALLEST_TARGET = 48
# The smallest phone, an ordinary one whose owner made everything twice as large, a tablet and a desk.
WIDTHS = (320, 195, 820, 1280)


# Opened once for all that is tried on it.
@pytest.fixture(scope="module", params=SCREENS)
def screen(request: pytest.FixtureRequest, phones: Phones) -> Page:
    """Each screen in turn, on the person's own phone."""
    return phones.at(request.param, "full")


def test_a_full_screen_is_clean_and_so_is_what_can_be_opened_on_it(screen: Page, counted: Counted) -> None:
    found = sweep.all_of(screen, SMALLEST_TARGET)
    screen.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found += sweep.all_of(screen, SMALLEST_TARGET, is_quick=True)
    counted("axe violations, small targets, faint texts and overflows", found, looks=2)
    assert found == []


def test_nothing_on_a_screen_is_cut_off_when_it_is_narrow_wide_or_its_letters_are_large(
    screen: Page, counted: Counted
) -> None:
    found: list[object] = []
    for width in WIDTHS:
        screen.set_viewport_size({"width": width, "height": 640})
        screen.wait_for_timeout(100)
        found += [(width, one) for one in sweep.overflows(screen)]
    screen.set_viewport_size({"width": 390, "height": 844})
    with sweep.twice_the_size(screen):
        found += [("200%", one) for one in sweep.overflows(screen)]
    counted("overflows at 320, 195, 820 and 1280 px and at 200% text", found, looks=5)
    assert found == []


def test_every_control_is_reached_by_tab_and_its_focus_is_seen(screen: Page, counted: Counted) -> None:
    found = sweep.lost_to_the_keyboard(screen)
    counted("controls that Tab does not reach, or unseen", found)
    assert found == []


def test_a_screen_stands_in_the_colours_a_person_chose_and_does_not_move_for_who_asked_that(
    screen: Page, counted: Counted
) -> None:
    screen.emulate_media(forced_colors="active", reduced_motion="reduce")
    try:
        found = sweep.faint(screen) + sweep.shapeless(screen) + sweep.moving(screen)
    finally:
        screen.emulate_media(forced_colors="none", reduced_motion="no-preference")
    counted("faults in forced colours and with reduced motion", found)
    assert found == []
