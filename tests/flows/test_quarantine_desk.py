"""A nurse at the desk of held readings: one is given to a person and taken back, a batch is withdrawn and put back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser import sweep
from tests.flows.by_hand import ByHand, ago, until
from tests.flows.conftest import PHONE, SignedIn, System

pytestmark = pytest.mark.xdist_group("flows")

LONDON = ZoneInfo("Europe/London")
SLOW = 60_000
SPARE = "demo-ox-015"


_WORN = (
    "update device_association set valid = tstzrange(lower(valid), %s)"
    " where id = (select max(a.id) from device_association a join device d on d.id = a.device_id"
    " where d.device_id = %s)"
)


@pytest.fixture
def spare(system: System) -> Iterator[ByHand]:
    """A device that somebody wore until an hour ago and nobody does now; at the end they wear it again."""
    device = ByHand(system.spare(SPARE)).connect()
    system.rows(_WORN, datetime.now(UTC) - timedelta(hours=1), device.id)
    yield device
    device.close()
    system.rows(_WORN, None, device.id)


def free_minutes(system: System, device_id: str) -> int:
    """So many minutes ago this device measured nothing for ten minutes on either side: the demo's days stay out."""
    for minutes in range(200, 1000, 25):
        middle = datetime.now(UTC) - timedelta(minutes=minutes)
        ((others,),) = system.rows(
            "select count(*) from observation where device_id = (select id from device where device_id = %s)"
            " and effective_at between %s and %s",
            device_id,
            middle - timedelta(minutes=10),
            middle + timedelta(minutes=10),
        )
        if others == 0:
            return minutes
    raise AssertionError("no quiet time was found")


def weight(kg: float) -> dict[str, object]:
    return {"k": "weight", "val": kg, "u": "kg"}


def swept(page: Page) -> list[object]:
    """What somebody with poor sight, a keyboard or a small phone would meet."""
    return [*sweep.axe(page), *sweep.small_targets(page, 24), *sweep.overflows(page)]


def on_record(desk: Page, person: str, words: str, *, there: bool) -> None:
    """The team's page of the person has these words, or has them no more but for an alert that says they were
    withdrawn; it may show what it kept for a moment."""
    desk.goto(f"/team/person/{person}")
    expect(desk.locator(".al-timeline").first).to_be_visible(timeout=SLOW)
    found = desk.get_by_text(words)
    if not there:
        found = found.filter(has_not_text="withdrawn")
    found = found.first
    if there:
        expect(found).to_be_attached(timeout=SLOW)
    else:
        expect(found).not_to_be_attached(timeout=SLOW)


def test_a_reading_of_nobodys_kit_is_given_to_a_person_and_taken_back(
    system: System, signed_in: SignedIn, spare: ByHand
) -> None:
    # Given a reading of kit that nobody wears any more
    sent = spare.send(spare.reading(weight(71.7)))
    until(lambda: spare.rejected.get(sent) == "not-bound", 120, "the refusal")
    ((person, name),) = system.rows(
        "select public_id::text, given_name || ' ' || family_name from patient where family_name = 'Ash'"
    )
    desk = signed_in("demo-nurse")
    desk.goto(f"/team/quarantine?device={spare.id}")
    link = desk.locator('[data-reason="not-bound"] h2 a').first
    expect(link).to_be_visible(timeout=SLOW)
    assert swept(desk) == []
    link.click()
    # When the nurse finds the person by name, chooses them and says why
    expect(desk.get_by_role("heading", name="Whose reading is it?")).to_be_visible(timeout=SLOW)
    assert swept(desk) == []
    desk.get_by_role("button", name="Give it to this person").click()
    expect(desk.get_by_text("Choose a person")).to_be_visible()
    desk.get_by_label("Find a person by name or NHS number").fill("ash")
    desk.keyboard.press("Enter")
    desk.get_by_role("radio", name=re.compile(name)).check(timeout=SLOW)
    desk.get_by_label("How do you know that it is theirs?").fill("She told me on the telephone")
    assert swept(desk) == []
    # Looked for somebody else meanwhile, nobody is chosen any more
    desk.get_by_label("Find a person by name or NHS number").fill("granite")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("radio", name=re.compile(name))).not_to_be_attached(timeout=SLOW)
    desk.get_by_role("button", name="Give it to this person").click()
    expect(desk.get_by_text("Choose a person")).to_be_visible()
    desk.get_by_label("Find a person by name or NHS number").fill(name)
    desk.keyboard.press("Enter")
    desk.get_by_role("radio", name=re.compile(name)).check(timeout=SLOW)
    desk.get_by_role("button", name=f"Give it to {name}").click()
    expect(desk.get_by_text("Given to a person")).to_be_visible(timeout=SLOW)
    # Then it is on the person's page, with who said so
    on_record(desk, person, "71.7", there=True)
    on_record(desk, person, "She told me on the telephone", there=True)
    # When it is taken back, it is gone from there and waits again
    desk.goto("/team/quarantine?state=resolved")
    desk.locator('[data-reason="not-bound"] h2 a').first.click()
    desk.get_by_role("button", name="Take it back").click(timeout=SLOW)
    desk.get_by_label("Why is it undone?").fill("It was her neighbour's")
    assert swept(desk) == []
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_role("heading", name="Whose reading is it?")).to_be_visible(timeout=SLOW)
    on_record(desk, person, "71.7", there=False)
    on_record(desk, person, "It was her neighbour's", there=True)


@pytest.mark.hazard("H47")
def test_a_devices_morning_is_looked_at_withdrawn_and_put_back(
    system: System, signed_in: SignedIn, monitor: ByHand
) -> None:
    # Given two odd values of a worn monitor, at a time of day when it measured nothing else
    back = free_minutes(system, monitor.id)
    for n, (systolic, diastolic) in enumerate(((61, 41), (62, 42))):
        body = monitor.reading(
            {"k": "bp.systolic", "val": systolic, "u": "mm[Hg]"},
            {"k": "bp.diastolic", "val": diastolic, "u": "mm[Hg]"},
            taken=ago(minutes=back + n),
        )
        sent = monitor.send(body)
        until(partial(monitor.stored.__contains__, sent), 120, "the receipt")
    ((person,),) = system.rows(
        "select p.public_id::text from patient p join device_association a on a.patient_id = p.id"
        " join device d on d.id = a.device_id where d.device_id = %s",
        monitor.id,
    )
    desk = signed_in("demo-nurse")
    on_record(desk, person, "61 over 41", there=True)
    # When the nurse looks at that time first
    desk.goto(f"/team/quarantine-void?device={monitor.id}")
    local = datetime.now(LONDON)
    desk.get_by_label("Measured from").fill(f"{local - timedelta(minutes=back + 5):%Y-%m-%dT%H:%M}")
    desk.get_by_label("Measured before").fill(f"{local - timedelta(minutes=back - 5):%Y-%m-%dT%H:%M}")
    desk.get_by_role("button", name="Look first").click()
    expect(desk.get_by_role("heading", name="2 measurements would be withdrawn")).to_be_visible(timeout=SLOW)
    assert swept(desk) == []
    desk.get_by_role("button", name="Withdraw 2 measurements").click()
    expect(desk.get_by_text("Say why in a few words").first).to_be_visible()
    desk.get_by_label("What was wrong with the device?").fill("The cuff leaked")
    desk.keyboard.press("Enter")
    # Then they are gone from the record, and the way back stands there
    put_back = desk.get_by_role("button", name="Put these readings back")
    expect(put_back).to_be_visible(timeout=SLOW)
    assert swept(desk) == []
    on_record(desk, person, "61 over 41", there=False)
    # And put back, they are there again
    desk.goto(f"/team/quarantine-void?device={monitor.id}")
    put_back.click(timeout=SLOW)
    desk.get_by_label("Why is it undone?").fill("It was the other cuff")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text(re.compile("^Undone by"))).to_be_visible(timeout=SLOW)
    on_record(desk, person, "61 over 41", there=True)


def test_the_desk_works_on_a_phone_and_says_how_far_a_replay_is(
    system: System, signed_in: SignedIn, monitor: ByHand
) -> None:
    sent = [monitor.send(monitor.reading({"k": "spo2", "val": 96, "u": "kPa"})) for _ in range(3)]
    until(lambda: all(one in monitor.rejected for one in sent), 120, "the refusals")
    desk = signed_in("demo-nurse")
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]  # playwright's ViewportSize is a TypedDict of the same shape
    desk.goto(f"/team/quarantine?reason=unit&device={monitor.id}")
    button = desk.get_by_role("button", name=re.compile(r"^Try (these \d+|this one) again"))
    expect(button).to_be_visible(timeout=SLOW)
    assert swept(desk) == []
    button.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text(re.compile(r"still waits?:"))).to_be_visible(timeout=SLOW)
    assert swept(desk) == []
    desk.locator('[data-reason="unit"] h2 a').first.click()
    expect(desk.locator("mark")).to_be_visible(timeout=SLOW)
    assert swept(desk) == []
