"""The lock of one's own phone: by PIN, by the phone's own finger or face, and what ten wrong PINs leave."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.flows.by_hand import until
from tests.flows.conftest import System
from tests.journeys.conftest import OWN, SLOW, NewPhone, go, is_ready_to_be_offline, sign_in
from tests.journeys.test_readings import stored

pytestmark = pytest.mark.xdist_group("journeys")

PIN, TRIES = "402718", 10
# An authenticator that stays in the phone, asks for its owner and gives a secret (CTAP 2.1's hmac-secret, as PRF).
AUTHENTICATOR: dict[str, Any] = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "hasPrf": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
KEPT = """async () => { const db = await new Promise(done => { const open = indexedDB.open('alongside');
      open.onsuccess = () => done(open.result); });
  const all = table => new Promise(done => { const asked = db.transaction(table).objectStore(table).getAllKeys();
      asked.onsuccess = () => done(asked.result); });
  const found = { vault: await all('vault'), snapshots: await all('snapshots'), outbox: (await all('outbox')).length };
  db.close(); return found; }"""


def with_a_pin(page: Page) -> None:
    """Lock this phone with a PIN from the settings."""
    page.goto("/settings/lock")
    page.get_by_label("New PIN").fill("40271")
    go(page, "Use this PIN")
    expect(page.get_by_text("Enter 6 numbers or more").first).to_be_visible()
    page.get_by_label("New PIN").fill(PIN)
    go(page, "Use this PIN")
    expect(page.get_by_text("A PIN opens Alongside.")).to_be_visible(timeout=SLOW)


def record(page: Page, systolic: str, diastolic: str) -> None:
    """A blood pressure, by the address that a locked phone's own link leads to."""
    page.goto("/take/blood-pressure/systolic")
    for step, value in (("systolic", systolic), ("diastolic", diastolic)):
        page.wait_for_url(f"**/{step}")
        page.locator("#number").fill(value)
        go(page, "Continue")
    go(page, "Save")
    expect(page.get_by_role("heading", name="Your reading", exact=True)).to_be_visible(timeout=SLOW)


def is_locked(page: Page) -> None:
    """Nothing but the way in, help, and what may be done without it."""
    expect(page.get_by_role("heading", name="Unlock", level=1)).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("navigation", name="Main pages")).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("Help now")).first).to_be_visible()


def is_open(page: Page) -> None:
    """The person's own page."""
    expect(page.get_by_role("navigation", name="Main pages")).to_be_visible(timeout=SLOW)


def try_pin(page: Page, pin: str) -> None:
    """Type a PIN and wait until it was judged."""
    page.get_by_label("Your PIN").fill(pin)
    go(page, "Unlock")
    expect(page.get_by_role("button", name="Unlocking")).to_have_count(0, timeout=SLOW)


@pytest.mark.hazard("H20")
def test_a_phone_with_a_pin_opens_by_it_alone_without_a_network_too_and_help_and_a_reading_need_none(
    phone: NewPhone, system: System
) -> None:
    page = phone("demo-person")
    with_a_pin(page)
    page.goto("/")
    is_ready_to_be_offline_locked(page)
    page.context.set_offline(True)
    page.goto("/plan")
    is_locked(page)
    page.goto("/help")
    expect(page.locator("a[href='tel:999']").first).to_be_visible(timeout=SLOW)
    record(page, "136", "73")
    page.goto("/")
    is_locked(page)
    try_pin(page, "111111")
    expect(page.get_by_text("You have 9 more tries").first).to_be_visible()
    try_pin(page, PIN)
    is_open(page)
    assert stored(system, 136) == []
    page.context.set_offline(False)
    until(lambda: len(stored(system, 136)) == 1, 120, "what was recorded while it was locked is there, once")


def is_ready_to_be_offline_locked(page: Page) -> None:
    """Locked from its first moment: only the worker has to be ready."""
    is_locked(page)
    try_pin(page, PIN)
    is_open(page)
    is_ready_to_be_offline(page)


@pytest.mark.hazard("H20")
def test_ten_wrong_pins_leave_nothing_to_read_and_what_was_recorded_still_arrives(
    phone: NewPhone, system: System
) -> None:
    page = phone("demo-person")
    is_ready_to_be_offline(page)
    with_a_pin(page)
    page.context.set_offline(True)
    record(page, "137", "74")
    page.goto("/")
    is_locked(page)
    for n in range(1, TRIES):
        try_pin(page, f"{n:06d}")
        left = TRIES - n
        words = f"You have {left} more {'try' if left == 1 else 'tries'}"
        expect(page.get_by_text(words).first).to_be_visible(timeout=SLOW)
        # Closing the page between two tries gives no more of them.
        if n in (3, 6):
            page.reload()
            is_locked(page)
    page.get_by_label("Your PIN").fill("999999")
    go(page, "Unlock")
    expect(page.get_by_label("Password", exact=True)).to_be_visible(timeout=SLOW)
    kept = page.evaluate(KEPT)
    assert (kept["vault"], kept["snapshots"], kept["outbox"]) == (["phone"], ["person|help"], 1)
    page.reload()
    expect(page.get_by_label("Password", exact=True)).to_be_visible(timeout=SLOW)
    assert stored(system, 137) == []

    page.context.set_offline(False)
    until(lambda: len(stored(system, 137)) == 1, 120, "what was recorded has arrived, once")
    page.reload()
    expect(page.get_by_label("Password", exact=True)).to_be_visible(timeout=SLOW)
    sign_in(page, system, "demo-person", OWN)
    is_open(page)
    assert len(stored(system, 137)) == 1


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """A finger, as a phone has it."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return cdp, str(made["authenticatorId"])


@pytest.mark.hazard("H20")
def test_a_phone_locked_by_a_finger_opens_by_that_finger_and_by_no_other_without_a_network_too(
    phone: NewPhone, system: System
) -> None:
    page = phone("demo-person")
    cdp, finger = authenticator(page)
    is_ready_to_be_offline(page)
    page.goto("/settings/lock")
    go(page, "Use finger, face or phone code")
    expect(page.get_by_text("Your finger, face or phone code opens Alongside.")).to_be_visible(timeout=SLOW)
    credentials = cdp.send("WebAuthn.getCredentials", {"authenticatorId": finger})["credentials"]
    assert len(credentials) == 1
    page.context.set_offline(True)
    page.goto("/")
    is_locked(page)
    go(page, "Use your finger, face or phone code")
    is_open(page)

    # Somebody else's finger, last: this phone then asks for its code, as phones do, which is not ours to play.
    page.goto("/")
    is_locked(page)
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": finger, "isUserVerified": False})
    go(page, "Use your finger, face or phone code")
    expect(page.get_by_text("That did not work. Try again").first).to_be_visible(timeout=SLOW)
    is_locked(page)

    # The same browser folder on a phone that has no such passkey.
    cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": finger})
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.reload()
    is_locked(page)
    go(page, "Use your finger, face or phone code")
    expect(page.get_by_text("That did not work. Try again").first).to_be_visible(timeout=SLOW)
    is_locked(page)
