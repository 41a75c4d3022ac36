"""A press, a nurse who takes it, a key-holder who sets off: the desk writes it down and the pendant says so."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import sweep
from tests.flows.by_hand import until
from tests.flows.conftest import SignedIn, System


@pytest.mark.hazard("H35")
def test_the_pendant_says_that_help_is_coming_only_after_a_nurse_wrote_down_who_set_off(
    system: System, signed_in: SignedIn, tmp_path: Path
) -> None:
    # Given a pendant that was pressed, on a card of its own, and shows what it hears
    system.close_all()
    device = system.spare("demo-pendant-001")
    secret = tmp_path / "secret"
    secret.write_text(device["secret"])
    command = [
        sys.executable, "-m", "firmware_stubs.pendant", "--course", "press", "--device-id", device["id"],
        "--secret-file", str(secret), "--host", device["host"], "--port", str(device["port"]),
        "--ca-file", device["ca_file"], "--state-dir", str(tmp_path / "pendant"),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pendant:
        shown: list[str] = []
        assert pendant.stdout is not None
        threading.Thread(target=shown.extend, args=(pendant.stdout,), daemon=True).start()
        try:
            until(
                lambda: any("received" in line for line in shown),
                120,
                f"the pendant says `received`: {shown}",
            )
            desk = signed_in("demo-nurse")
            _follow(desk, shown)
        finally:
            pendant.terminate()
            sys.stdout.write("".join(shown))


def _follow(desk: Page, shown: list[str]) -> None:
    rows = desk.locator(".al-row--emergency").filter(has_text=re.compile("pendant", re.IGNORECASE))
    # Another test's press may stand there, claimed.
    row = rows.filter(has_not_text="You have this").first
    row.locator(".al-row__open").click()
    card = desk.locator(".al-person-card")
    expect(card).to_contain_text("your alarm has been received")
    # When she claims it, the pendant says that somebody looks; nobody has said that help is coming
    card.get_by_role("button", name=re.compile("^Claim")).click()
    until(lambda: any("being_handled" in line for line in shown), 120, "the pendant says `being_handled`")
    expect(card).to_contain_text(re.compile("told at .*: somebody is looking at it"), timeout=60_000)
    assert not any("help_coming" in line for line in shown)
    # When she writes down who set off
    card.get_by_role("button", name="Somebody has set off").click()
    card.get_by_label("Their name or call sign").fill("Ann Example")
    card.get_by_label("Minutes until they are there").fill("10")
    assert [*sweep.axe(desk), *sweep.small_targets(desk, 24), *sweep.overflows(desk)] == []
    card.get_by_role("button", name="Tell the device that help is coming").click()
    # Then the pendant says it, and never who
    until(lambda: any("help_coming" in line for line in shown), 120, "the pendant says `help_coming`")
    assert "Ann" not in "".join(shown)
    expect(card).to_contain_text(re.compile("told at .*: help is coming"), timeout=60_000)
    expect(card).to_contain_text("A key-holder has set off (Ann Example), there in about 10 min")
