"""No message of one device may stop, hold up or alter what another device's message becomes."""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from backend.core.db import db
from device_gateway import ingest, opening
from device_gateway.alarms import handle_alarm
from device_gateway.arrival import Arrived, Verdict
from device_gateway.decoders import al_alarm
from device_gateway.ingest import Ingest
from device_gateway.receipts import Row
from device_gateway.sparing import is_refusal
from tests.device_gateway.rig import Json, Speaker, World, alarm, obs, receipted, refused, spo2, until
from tests.factories import Factory, Ref

Speak = Callable[[str], Speaker]

NO_CLOCK: Json = {"taken": None, "up_ms": 1000, "clock": {"src": "none", "up_ms": 2000}}


def said(body: Json) -> bytes:
    return json.dumps(body).encode()


POISONS: dict[str, tuple[str, bytes]] = {
    "an exponent no decimal holds": ("obs", said(obs()).replace(b": 96,", b": 1e99999999999999999999,")),
    "lists ten thousand deep": ("obs", said(obs())[:-1] + b',"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}"),
    "sent in 2199": ("obs", said(obs(sent="2199-12-31T00:00:00Z", **NO_CLOCK))),
    "sent in 1900": ("obs", said(obs(sent="1900-01-01T00:00:00Z", **NO_CLOCK))),
    "a topic of 8000 characters": ("raw/" + secrets.token_hex(4000), b"x"),
    "a topic of 190 levels": ("raw" + "/a" * 185, b"x"),
    "an alarm ten thousand deep": ("alarm", said(alarm())[:-1] + b',"x":' + b"[" * 10_000),
}


@pytest.mark.parametrize("name", POISONS)
def test_a_poisonous_message_stops_nobody_elses_reading_or_alarm(
    world: World, speak: Speak, name: str
) -> None:
    bad, good = speak(world.worn()[0]), speak(world.worn()[0])
    bad.send(*POISONS[name])
    body, press = obs(), alarm()
    good.send("obs", body)
    good.send("alarm", press)
    until(lambda: receipted(good, body), what="the good reading")
    until(lambda: good.states(press["alarm"]) == ["received"], what="the good alarm")


def test_any_error_of_a_decoder_becomes_a_reason_or_a_technical_alarm(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_message: object) -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setattr(opening, "read_obs", lambda *_: None)
    monkeypatch.setitem(opening.DECODE, "obs", broken)
    monkeypatch.setattr(al_alarm, "decode", broken)
    device = make.device("pendant").name
    (verdict,) = given(app, Ingest(), device, obs())
    assert verdict.refused == "schema"
    press = alarm("fall")
    with app.app_context():
        told = handle_alarm(Arrived(f"al/v1/{device}/up/alarm", said(press), datetime.now(UTC)), tmp_path)
    assert told is not None
    assert told.alarm_id == press["alarm"]


def test_a_sign_of_life_the_database_refuses_costs_no_reading(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "skew_s", lambda *_: 2**40)
    device, _ = worn(make)
    assert [one.refused for one in given(app, Ingest(), device.name, obs())] == [None]


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (psycopg.errors.ProgramLimitExceeded, True), (psycopg.errors.NumericValueOutOfRange, True),
        (psycopg.DataError, True), (psycopg.OperationalError, False), (psycopg.errors.AdminShutdown, False),
        (psycopg.errors.ReadOnlySqlTransaction, False), (psycopg.errors.DiskFull, False),
        (psycopg.errors.DeadlockDetected, False), (psycopg.errors.CheckViolation, False),
    ],
)  # fmt: skip
def test_an_error_is_laid_to_the_message_only_where_trying_again_cannot_help(
    error: type[psycopg.Error], refusal: bool
) -> None:
    assert is_refusal(error("")) == refusal


def test_a_month_nobody_opened_is_opened_for_the_reading_that_needs_it(world: World, speak: Speak) -> None:
    device, patient = world.worn()
    speaker = speak(device)
    month = f"{datetime.now(UTC):%Y%m}"
    world.db.execute(f"drop table observation_{month}, device_message_{month}")
    body = obs()
    speaker.send("obs", body)
    until(lambda: receipted(speaker, body))
    assert world.one("select count(*) from observation where patient_id = %s", patient) == 1


def test_where_no_month_can_be_opened_a_reading_waits_and_an_alarm_stays_what_it_is(
    app: Flask, make: Factory, rows: Callable[..., list[Any]], tmp_path: Path
) -> None:
    device, _ = worn(make)
    at = datetime.now(UTC) + timedelta(days=200)
    with pytest.raises(psycopg.errors.CheckViolation):
        given(app, Ingest(), device.name, obs(taken=at.isoformat()), at=at)
    assert rows("select reason from quarantine where device = :d", d=device.name) == []
    with app.app_context():
        handle_alarm(Arrived(f"al/v1/{device.name}/up/alarm", said(alarm()), at), tmp_path)
    ((rule, level),) = rows(
        "select rule, level from alert a join alarm_event e on e.alert_id = a.id where e.device = :d",
        d=device.name,
    )
    assert (rule, level) == ("sos", "emergency")


def test_another_message_with_an_id_used_before_is_refused_and_a_resend_is_not(
    world: World, speak: Speak
) -> None:
    device, patient = world.worn()
    speaker = speak(device)
    first = obs([spo2(97)])
    speaker.send("obs", first)
    until(lambda: receipted(speaker, first))
    speaker.acks.clear()
    speaker.send("obs", first)
    until(lambda: receipted(speaker, first), what="the resend")
    for other in ({"boot": "b2"}, {"seq": 9}):
        speaker.acks.clear()
        speaker.send("obs", obs([spo2(80)], **{"id": first["id"], **other}))
        until(lambda: refused(speaker, first, "id-reused"))
        assert not receipted(speaker, first)
    assert world.all("select value from observation where patient_id = %s", patient) == [(97,)]
    held = "select count(*) from quarantine where device = %s and reason = 'id-reused'"
    assert world.one(held, device) == 2


def test_a_device_that_counts_anew_under_the_same_boot_is_not_told_what_is_not_stored() -> None:
    row = Row("b1")
    for seq in range(10):
        row.note(seq, is_fresh=True)
    row.note(4)
    assert row.upto == 9
    row.note(0, is_fresh=True)
    assert row.upto == 0
    row.note(2, is_fresh=True)
    assert row.upto == 0


def worn(make: Factory) -> tuple[Ref, Ref]:
    device, patient = make.device(), make.patient()
    make.wears(patient, device)
    make.monitoring_consent(patient)
    return device, patient


def given(app: Flask, to: Ingest, device: str, body: Json, at: datetime | None = None) -> list[Verdict]:
    with app.app_context():
        return to.handle([Arrived(f"al/v1/{device}/up/obs", said(body), at or datetime.now(UTC))])


@pytest.fixture
def rows(app: Flask) -> Callable[..., list[Any]]:
    """Asks the database of this test."""

    def ask(sql: str, **parameters: object) -> list[Any]:
        with app.app_context():
            return list(db.session.execute(text(sql), parameters).all())

    return ask
