"""One reading from a home device to a phone and a team: the main job, walked with real processes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.flows.by_hand import ByHand, pressure, until
from tests.flows.conftest import SignedIn, System, was_not_reloaded

pytestmark = pytest.mark.xdist_group("flows")

FALLING, SILENT = "Rose Ash", "Winifred Thrift"


def test_a_published_reading_is_on_the_phone_without_a_reload(
    system: System, signed_in: SignedIn, monitor: ByHand
) -> None:
    # Given a phone that shows today
    phone = signed_in("demo-person")
    tile = phone.locator("li", has=phone.locator('[data-kind="blood-pressure"]'))
    expect(tile).to_be_visible(timeout=60_000)
    # When the monitor publishes
    message = monitor.send(monitor.reading(*pressure(127, 73)))
    # Then the phone shows it, and the device has its receipt
    expect(tile).to_contain_text("127 over 73", timeout=60_000)
    assert was_not_reloaded(phone)
    until(lambda: message in monitor.stored, 120, "the receipt")


def test_the_falling_oximeter_raises_its_alert_on_both_screens(system: System, signed_in: SignedIn) -> None:
    # Given a desk and a phone that are open
    desk, phone = signed_in("demo-nurse"), signed_in("demo-person")
    # When the pretend oximeter falls, which nobody has to start
    row = desk.locator("[data-alert]", has_text=FALLING).filter(has_text=re.compile(r"Oxygen \d\d%"))
    expect(row.first).to_be_visible(timeout=300_000)
    # Then the list had it without a reload, with the reason in a sentence, and the phone says what to do
    assert was_not_reloaded(desk)
    expect(row.first).to_contain_text("target 88 to 92")
    expect(phone.get_by_role("alert").filter(has_text="act now")).to_be_visible(timeout=60_000)
    assert was_not_reloaded(phone)


def test_a_pressed_pendant_is_on_the_desk_at_once_and_hears_that_it_is(
    system: System, signed_in: SignedIn, tmp_path: Path
) -> None:
    # Given an open desk
    desk = signed_in("demo-nurse")
    expect(desk.locator("[data-alert]").first).to_be_visible(timeout=60_000)
    before = desk.locator(".al-row--emergency", has_text=FALLING).count()
    # When somebody presses the pendant that no stub plays
    device = system.spare("demo-pendant-001")
    secret = tmp_path / "secret"
    secret.write_text(device["secret"])
    pressed = subprocess.run(
        [
            sys.executable, "-m", "firmware_stubs.pendant", "--press", "--device-id", device["id"],
            "--secret-file", str(secret), "--host", device["host"], "--port", str(device["port"]),
            "--ca-file", device["ca_file"], "--timeout", "120",
        ],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    # Then the pendant was told, and the emergency is on the list without a reload
    assert pressed.returncode == 0, pressed.stdout + pressed.stderr
    assert "received" in pressed.stdout
    expect(desk.locator(".al-row--emergency", has_text=FALLING)).to_have_count(before + 1, timeout=60_000)
    assert was_not_reloaded(desk)


@pytest.mark.hazard("H03")
def test_the_silent_device_raises_its_alert(system: System, signed_in: SignedIn) -> None:
    desk = signed_in("demo-nurse-2")
    row = desk.locator("[data-alert]", has_text=SILENT)
    expect(row).to_contain_text("No sign from the blood pressure monitor", timeout=300_000)


def test_who_became_severe_is_on_the_list_and_the_steady_people_are_not(
    system: System, signed_in: SignedIn
) -> None:
    desk = signed_in("demo-coordinator")
    expect(desk.locator("[data-alert]", has_text="Victor Granite")).to_contain_text(
        "Blood pressure", timeout=120_000
    )
    names = desk.locator("[data-alert] .al-row__name").all_inner_texts()
    assert len(names) <= 6, names
    assert "Canary Test" not in names


@pytest.mark.hazard("H24")
def test_the_canary_arrives_at_the_end_of_the_stream_and_is_in_no_list(system: System) -> None:
    seen = "select extract(epoch from clock_timestamp() - at)::float from heartbeat where name = 'canary'"
    until(lambda: system.rows(seen), 120, "the canary's first arrival")
    ((age,),) = system.rows(seen)
    assert age < 360
