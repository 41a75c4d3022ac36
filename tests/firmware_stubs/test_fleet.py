"""The fleet as a measuring tool: it makes what was asked, survives kill -9, and its ledger is true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from firmware_stubs.journal import read_ledger
from tests.firmware_stubs.conftest import Planner, Starter
from tests.firmware_stubs.stand_in import FarEnd, wait_until


def _many(count: int) -> list[dict[str, Any]]:
    stubs = ("pulse_oximeter", "blood_pressure_monitor", "scale")
    return [{"stub": stubs[n % 3], "device_id": f"dev-{n:05d}", "seed": n} for n in range(count)]


def _boots(far_end: FarEnd) -> set[str]:
    return {one["boot"] for _, channel, one in far_end.messages if channel == "obs"}


def test_a_count_is_made_once_receipted_and_reported(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    path, report = plan(_many(30)), tmp_path / "report.json"
    process = start("fleet", "--plan", path, "--count", 600, "--rate", 600, "--report", report)
    assert process.wait(120) == 0
    told = json.loads(report.read_text())
    assert (told["made"], told["receipted"], told["rejected"], told["unreceipted"]) == (600, 600, 0, 0)
    assert len(far_end.stored) == 600
    assert len({device for device in far_end.stored.values()}) == 30
    # 600 a second are asked of it: it does not go faster, and how fast a busy machine goes is no test's matter.
    assert told["seconds"] > 0.9


def test_five_kills_of_the_fleet_in_mid_stream_lose_nothing_and_make_nothing_twice(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    path, report = plan(_many(40)), tmp_path / "report.json"
    for life in range(5):
        far_end.giving = life % 2 == 0
        # More than any life comes to, however slow the machine: each is killed while it makes.
        process = start("fleet", "--plan", path, "--count", 1_000_000, "--rate", 400)
        wait_until(lambda life=life: len(_boots(far_end)) > life)  # type: ignore[misc]  # bound now
        made = read_ledger(tmp_path / "state").made_count + 100
        wait_until(lambda made=made: read_ledger(tmp_path / "state").made_count > made)  # type: ignore[misc]  # bound now
        process.kill()
        process.wait()
    far_end.giving = True
    before = read_ledger(tmp_path / "state")
    assert before.waiting_count > 0
    last = start("fleet", "--plan", path, "--until-receipted", "--report", report, "--timeout", 120)
    assert last.wait(180) == 0
    told, ledger = json.loads(report.read_text()), read_ledger(tmp_path / "state")
    assert (told["made"], told["receipted"], told["unreceipted"]) == (before.made_count, before.made_count, 0)
    assert told["resends"] > 0
    assert ledger.made_ids() == ledger.receipted_ids() == set(far_end.stored)
    assert len(_boots(far_end)) >= 5


def test_until_receipted_makes_nothing_new_and_empties_the_journal(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    path = plan(_many(5))
    far_end.giving = False
    first = start("fleet", "--plan", path, "--count", 50, "--rate", 500, "--timeout", 1)
    assert first.wait(60) == 1
    assert read_ledger(tmp_path / "state").waiting_count == 50
    far_end.giving = True
    assert start("fleet", "--plan", path, "--until-receipted").wait(60) == 0
    ledger = read_ledger(tmp_path / "state")
    assert (ledger.made_count, ledger.receipted_count) == (50, 50)


def test_a_thousand_devices_are_a_thousand_connections_of_one_process(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    path, report = plan(_many(1000), resend_s=5.0), tmp_path / "report.json"
    process = start("fleet", "--plan", path, "--count", 2000, "--rate", 1000, "--report", report)
    assert process.wait(120) == 0
    told = json.loads(report.read_text())
    assert (told["devices"], told["receipted"]) == (1000, 2000)
    births = [device for device, channel, one in far_end.messages if channel == "presence" and "model" in one]
    assert len(set(births)) == 1000


def test_a_plan_with_a_wrong_stub_is_refused_in_words(plan: Planner, start: Starter) -> None:
    process = start("fleet", "--plan", plan([{"stub": "toaster", "device_id": "dev-00001"}]))
    assert process.wait(60) == 2
    assert process.stderr is not None
    assert b"no stub is called 'toaster'" in process.stderr.read()
