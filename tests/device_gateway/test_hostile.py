"""What a hostile or broken device may say to stop, slow or swell the gateway, each once proved and now held off."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from backend.core.db import database_app, db, plain_dsn, transaction
from backend.devices import service as devices
from device_gateway.alarms import handle_alarm
from device_gateway.arrival import Arrived, Verdict
from device_gateway.ingest import Ingest
from tests.alerts.people import run
from tests.conftest import Database
from tests.device_gateway.rig import Json, ago, alarm, obs, spo2
from tests.factories import Factory, Ref

BIG = 9007199254740991


def worn(make: Factory) -> Ref:
    """A device of somebody who agreed."""
    patient, device = make.patient(), make.device()
    make.monitoring_consent(patient)
    make.wears(patient, device)
    return device


@pytest.fixture
def device(app: Flask, make: Factory) -> Ref:
    return worn(make)


def given(app: Flask, device: Ref, *bodies: Json | bytes, ingest: Ingest | None = None) -> list[Verdict]:
    """What the gateway says of messages of one batch."""
    came = [
        Arrived(
            f"al/v1/{device.name}/up/obs",
            body if isinstance(body, bytes) else json.dumps(body).encode(),
            datetime.now(UTC),
        )
        for body in bodies
    ]
    with app.app_context():
        return (ingest or Ingest()).handle(came)


@pytest.mark.parametrize("up_ms", [10**14, BIG])
def test_an_uptime_of_a_thousand_years_or_more_stops_no_batch(app: Flask, device: Ref, up_ms: int) -> None:
    timed: Json = {"taken": None, "up_ms": up_ms - 1, "clock": {"src": "none", "up_ms": up_ms}}
    verdicts = given(app, device, obs(**timed), obs())
    assert [verdict.refused for verdict in verdicts] == [None, None]


def test_a_retained_alarm_whose_id_no_database_can_hold_is_raised_and_holds_up_no_other(
    app: Flask, device: Ref, tmp_path: Path
) -> None:
    press = alarm(alarm="a\0bcdefgh")
    with app.app_context():
        arrived = Arrived(
            f"al/v1/{device.name}/up/alarm", json.dumps(press).encode(), datetime.now(UTC), retained=True
        )
        assert handle_alarm(arrived, tmp_path) is not None
    assert run(app, "select count(*) as n from alert where device = :d", d=device.name)[0].n == 1


def test_a_dangerous_value_with_a_vast_exponent_writes_no_card_of_a_million_digits(
    app: Flask, device: Ref
) -> None:
    body = json.dumps(obs(m=[{"k": "bp.systolic", "val": 0, "u": "mm[Hg]"}])).replace(
        '"val": 0', '"val": 1e1000000'
    )
    (verdict,) = given(app, device, body.encode())
    assert verdict.refused is not None
    longest = run(
        app, "select coalesce(max(length(reason)), 0) as n from alert where device = :d", d=device.name
    )
    assert longest[0].n < 1_000


def test_a_status_of_a_device_that_staff_have_in_hand_holds_up_no_batch(
    flow_database: Database, tmp_path: Path
) -> None:
    """A rotation holds the device and its settings while the broker answers: seconds, when the broker is slow."""
    gateway = database_app(flow_database.config(tmp_path, database_url=flow_database.url("al_gateway")))
    with psycopg.connect(plain_dsn(flow_database.url())) as staff:
        row = staff.execute(
            "insert into device (device_id, kind) values ('held-by-staff', 'hub') returning id"
        ).fetchone()
        assert row is not None
        staff.execute(
            "insert into device_config (device_id, rev, body) values (%s, 2, '{\"hb_s\": 60}')", row
        )
        staff.commit()
        staff.execute("update device_config set set_at = now() where device_id = %s", row)
        with gateway.app_context(), transaction():
            db.session.execute(text("set local lock_timeout = '2s'"))
            devices.note_applied([devices.Applied("held-by-staff", row[0], 2, datetime.now(UTC))])
        staff.rollback()
        with gateway.app_context(), transaction():
            devices.note_applied([devices.Applied("held-by-staff", row[0], 2, datetime.now(UTC))])
        said = staff.execute("select applied_rev from device_config where device_id = %s", row).fetchone()
        assert said == (2,)
    with gateway.app_context():
        db.engine.dispose()


def test_a_press_hours_after_a_responder_set_off_is_not_told_that_help_is_coming(
    app: Flask, device: Ref, tmp_path: Path
) -> None:
    """Nobody has confirmed anything since: whoever set off then has been and gone, and the card was never closed."""

    def press() -> str:
        body = alarm()
        arrived = Arrived(f"al/v1/{device.name}/up/alarm", json.dumps(body).encode(), datetime.now(UTC))
        with app.app_context():
            assert handle_alarm(arrived, tmp_path) is not None
        said: str = body["alarm"]
        return said

    def told(alarm_id: str) -> list[str]:
        asked = "select payload ->> 'state' as s from downlink where payload ->> 'alarm' = :a order by id"
        return [row.s for row in run(app, asked, a=alarm_id)]

    press()
    with app.app_context(), transaction():
        set_off = "update alert set claimed_at = :at, help_coming_at = :at where device = :d"
        db.session.execute(text(set_off), {"at": datetime.now(UTC) - timedelta(minutes=5), "d": device.name})
    assert told(press()) == ["help_coming"]
    with app.app_context(), transaction():
        db.session.execute(text(set_off), {"at": datetime.now(UTC) - timedelta(hours=3), "d": device.name})
    assert told(press()) == ["being_handled"]


def test_a_gateway_that_was_killed_after_many_small_batches_reports_no_gap_of_what_it_stored(
    app: Flask, make: Factory, device: Ref
) -> None:
    other, first = worn(make), Ingest()
    given(app, device, obs(seq=0), ingest=first)
    given(app, device, obs(seq=1), ingest=first)
    for seq in range(110):
        given(app, other, obs(seq=seq), ingest=first)
    given(app, device, obs(seq=2), ingest=Ingest())
    with app.app_context():
        assert [gap for gap in devices.gaps_of(device.id) if gap.boot == "b1" and gap.missing] == []


def test_a_reading_of_another_moment_under_a_used_id_is_not_taken_for_a_resend(
    app: Flask, device: Ref
) -> None:
    """A meter that counts from one again after a reset keeps its boot too; only the time it measured at tells."""
    first = obs(taken=ago(hours=2))
    again = first | {"sent": ago(seconds=1)}
    other = first | {"taken": ago(minutes=1), "m": [spo2(85)]}
    broken = first | {"taken": ago(minutes=3), "m": [spo2(850)]}
    verdicts = given(app, device, first, again, other, broken)
    assert [verdict.refused for verdict in verdicts] == [None, None, "id-reused", "implausible"]
