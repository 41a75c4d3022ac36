"""Firmware, battery and tests of kit over time: written by themselves, and never in an alarm's way."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.core.db import transaction
from backend.kit import history
from backend.kit.service import note_test
from tests.kit.conftest import House

NOW = datetime.now(UTC)


def test_each_new_firmware_is_one_row(house: House) -> None:
    kit = house.make.device()
    for hours, firmware in ((9, "1.0"), (8, "1.0"), (7, "1.1"), (6, "1.1"), (5, "1.0")):
        house.make.says(kit, firmware=firmware, presence_at=NOW - timedelta(hours=hours))
    kept = house.nurse.read(kit)["firmware_history"]
    assert [row["firmware"] for row in kept] == ["1.0", "1.1", "1.0"]


def test_a_battery_is_one_row_a_day_or_a_step_of_5_percent(house: House) -> None:
    kit = house.make.device()
    for hours, pct in ((60, 90), (59, 89), (50, 88), (49, 84), (40, 81), (24, 80), (23, 74), (22.99, 90)):
        at = NOW - timedelta(hours=hours)
        house.make.says(kit, battery_pct=Decimal(pct), battery_at=at)
    assert [row["pct"] for row in house.nurse.read(kit)["battery_history"]] == [74, 80, 84, 90]
    assert house.nurse.read(kit)["battery_pct"] == 90


def test_a_test_that_came_whole_is_kept_once_however_often_the_device_repeats_it(
    house: House, app: Flask
) -> None:
    kit = house.make.device("pendant")
    for minutes in (30, 29.5, 5):
        with app.app_context(), transaction():
            note_test(kit.id, NOW - timedelta(minutes=minutes))
    row = house.nurse.read(kit)
    assert datetime.fromisoformat(row["last_full_test_at"]) == NOW - timedelta(minutes=5)
    assert [one["kind"] for one in row["history"]] == ["test", "test"]


def test_what_happened_to_kit_is_never_written_anew(house: House, connection: Connection) -> None:
    for role in ("al_app", "al_gateway", "al_worker"):
        for table in ("kit_event", "kit_step", "kit_firmware", "kit_battery"):
            held = connection.execute(
                text("select has_table_privilege(:role, :table, 'update')"
                     " or has_table_privilege(:role, :table, 'delete')"),
                {"role": role, "table": table},
            )  # fmt: skip
            assert held.scalar_one() is False, (role, table)
    for table in ("claim_code", "claim_attempt"):
        held = connection.execute(
            text("select has_table_privilege('al_gateway', :table, 'select')"), {"table": table}
        )
        assert held.scalar_one() is False


def test_a_page_read_while_the_kit_changes_shows_the_version_of_what_stands_on_it(
    house: House, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = house.make.device()
    before = house.nurse.read(kit)
    events_of = history.events

    def changed_meanwhile(device_id: int) -> Any:
        read = events_of(device_id)
        connection.execute(
            text("update device set version = version + 1, batch = 'B2' where id = :id and batch is null"),
            {"id": kit.id},
        )
        return read

    monkeypatch.setattr(history, "events", changed_meanwhile)
    seen = house.nurse.read(kit)
    assert (seen["version"], seen["batch"]) == (before["version"] + 1, "B2")
