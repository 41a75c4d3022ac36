"""A server dies while devices publish: nothing receipted is lost, and the screens say how old they are."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time

import pytest
from playwright.sync_api import Locator, expect

from tests.flows.by_hand import ByHand, pressure, until
from tests.flows.conftest import SignedIn, System, was_not_reloaded
from tests.running import Running, alongside, start_demo

pytestmark = pytest.mark.xdist_group("flows")

DIASTOLIC = 71


def _publish(monitor: ByHand, stop: threading.Event) -> None:
    """Publish ten readings a second until told to stop."""
    number = 0
    while not stop.is_set():
        number += 1
        monitor.send(monitor.reading(*pressure(110 + number % 40, DIASTOLIC)))
        time.sleep(0.1)


def _noticed(system: System, part: str, status: Locator) -> bool:
    """Strike once more, unless the phone says that it shows what it had."""
    if "Showing what we had at" in status.inner_text():
        return True
    with contextlib.suppress(ProcessLookupError):
        os.kill(system.pid(part), signal.SIGKILL)
    time.sleep(0.5)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("part", ["postgres", "mosquitto"])
@pytest.mark.hazard("H02")
@pytest.mark.hazard("H05")
def test_a_killed_part_loses_no_receipted_reading_and_the_phone_says_its_age_and_recovers(
    system: System, signed_in: SignedIn, monitor: ByHand, part: str
) -> None:
    # Given a phone that is up to date and a device that publishes all the time
    phone = signed_in("demo-person")
    status = phone.locator(".al-sync")
    expect(status).to_contain_text("Up to date", timeout=60_000)
    stop = threading.Event()
    publisher = threading.Thread(target=_publish, args=(monitor, stop))
    publisher.start()
    try:
        until(lambda: len(monitor.stored) > 10, 120, "receipts before the kill")
        pid = system.pid(part)
        # When the part is killed outright
        os.kill(pid, signal.SIGKILL)
        if part == "postgres":
            # It is up again within a second, which no phone notices: struck until one does.
            until(lambda: _noticed(system, part, status), 120, "the phone says how old what it shows is")
        until(lambda: system.pid(part) != pid, 120, f"{part} started again")
        stored = len(monitor.stored)
        # Then receipts come again, and the phone is up to date by itself
        until(lambda: len(monitor.stored) > stored + 10, 120, "receipts after the restart")
        expect(status).to_contain_text("Up to date", timeout=120_000)
        assert was_not_reloaded(phone)
    finally:
        stop.set()
        publisher.join()
    time.sleep(1.0)
    # And every receipted reading is there once
    kept = system.rows(
        "select message_id, count(*) from message_key where message_id = any(%s) group by 1",
        list(monitor.stored),
    )
    assert len(kept) == len(monitor.stored)
    assert {times for _, times in kept} == {1}
    doubled = system.rows(
        "select count(*) from (select patient_id, code, effective_at, device_message_id from observation"
        " where received_at > now() - interval '10 minutes' group by 1, 2, 3, 4 having count(*) > 1) d"
    )
    assert doubled == [(0,)]


@pytest.mark.slow
def test_a_second_start_keeps_the_data_and_the_oximeter_falls_again(system: System) -> None:
    # Given a demo whose oximeter has fallen
    running = system.running
    until(lambda: _falls(system), 300, "the first fall")
    counts = "select (select count(*) from patient), (select count(*) from account)"
    before, passwords = system.rows(counts), running.told["accounts"]
    ((readings,),) = system.rows("select count(*) from observation")
    # When it is stopped and started again
    alongside("down", "--home", str(running.home))
    again: Running = start_demo(running.home, running.told["ports"]["app"])
    running.told.update(again.told)
    # Then everything is there, and the last visitor's alert is closed; how long it may take is
    # measured by `python -m bench second_start`
    assert system.rows(counts) == before
    assert again.told["accounts"] == passwords
    ((there,),) = system.rows("select count(*) from observation")
    assert there >= readings
    assert _falls(system) == [("demo-restarted",)]
    # And for the next visitor the oximeter falls again
    until(lambda: len(_falls(system)) == 2, 300, "the next fall")
    assert _falls(system) == [("demo-restarted",), (None,)]


def _falls(system: System) -> list[tuple[str | None]]:
    """The outcome of each oxygen alert of the falling person, None while it is open, oldest first."""
    return system.rows(
        "select a.outcome from alert a join patient p on p.id = a.patient_id"
        " where p.family_name = 'Ash' and a.rule = 'spo2_low' order by a.id"
    )
