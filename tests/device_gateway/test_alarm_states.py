"""Every combination of binding, monitoring, consent, clock, kind and phase: an alarm is on a desk, never held."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from itertools import cycle, product
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from backend.alerts.alarms import MEANINGS, RULES
from backend.core.db import plain_dsn
from backend.observations.reading import AlarmKind, Phase
from device_gateway.alarms import AlarmVerdict, handle_alarm
from device_gateway.arrival import Arrived
from tests.alerts.people import own_app, run
from tests.conftest import Database
from tests.device_gateway.rig import Json, alarm
from tests.factories import Factory, Ref, ended, since

TODAY = datetime.now(UTC)
BINDINGS = ("bound", "unbound", "unknown", "revoked", "two slots", "handed over today")
MONITORING = ("live", "paused", "ended", "none")
CONSENTS = ("given", "withdrawn", "none")
CLOCKS = ("right", "1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "none", "2026-02-30T25:61:00Z")
RAISES = (Phase.RAISE, Phase.REPEAT)


def alerts(app: Flask, device: str) -> list[Any]:
    asked = """select a.patient_id, a.rule, a.level, a.title, a.reason, a.closed_at, a.true_at from alert a
        where a.id in (select alert_id from alarm_event where device = :d) or (a.device = :d) order by a.id"""
    return run(app, asked, d=device)


def come(
    app: Flask, folder: Path, device: str, body: Json | bytes, *, retained: bool = False
) -> AlarmVerdict | None:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    with app.app_context():
        return handle_alarm(Arrived(f"al/v1/{device}/up/alarm", payload, datetime.now(UTC), retained), folder)


def worn(make: Factory, people: tuple[Ref, Ref], binding: str) -> tuple[str, Ref | None]:
    """A device in that state of binding: its id, and who wears it now by the record."""
    wearer, other = people
    if binding == "unknown":
        return f"stranger-{uuid4().hex[:12]}", None
    revoked = {"revoked_at": TODAY} if binding == "revoked" else {}
    device = make.device(
        "pendant", f"kit-{uuid4().hex[:12]}", last_known_address="Flat 2, 14 Test Row", **revoked
    )
    if binding == "unbound":
        return device.name, None
    hour = TODAY - timedelta(hours=1)
    if binding == "handed over today":
        make.wears(other, device, Range(TODAY - timedelta(days=9), hour))
        make.wears(wearer, device, Range(hour, None))
    else:
        make.wears(wearer, device)
        if binding == "two slots":
            make.wears(other, device, slot=1)
    return device.name, wearer


@pytest.mark.hazard("H31")
@pytest.mark.parametrize("monitoring", MONITORING)
@pytest.mark.parametrize("consent", CONSENTS)
@pytest.mark.hazard("H28")
def test_no_state_of_person_device_or_clock_holds_an_alarm(
    app: Flask, make: Factory, tmp_path: Path, monitoring: str, consent: str
) -> None:
    wearer, other = make.patient(), make.patient()
    if monitoring != "none":
        make.enrolment(wearer, make.pathway("copd", {}), monitoring)
    if consent != "none":
        make.monitoring_consent(wearer, ended() if consent == "withdrawn" else since())
    kinds, phases, retained = cycle(AlarmKind), cycle(RAISES), cycle((False, True, False))
    for binding, clock in product(BINDINGS, CLOCKS):
        device, person = worn(make, (wearer, other), binding)
        kind, phase = next(kinds), next(phases)
        body = alarm(kind.value, phase.value) | ({} if clock in ("right", "none") else {"raised": clock})
        if clock == "none":
            body |= {"clock": {"src": "none", "up_ms": 5}, "sent": None}
            body = {name: value for name, value in body.items() if value is not None}
        verdict = come(app, tmp_path, device, body, retained=next(retained))
        assert verdict == AlarmVerdict(device, body["alarm"], body["id"]), (binding, clock, phase)
        (found,) = alerts(app, device)
        what = (binding, clock, phase, kind)
        assert (found.patient_id, found.rule, found.level) == (
            person and person.id, RULES.get(kind, kind.value), MEANINGS[kind].level.value,
        ), what  # fmt: skip
        assert found.closed_at is None, what
        assert abs((found.true_at - datetime.now(UTC)).total_seconds()) < 60, what
        if person is None:
            assert found.title.startswith("Unassigned"), what
            assert "Last known address" in found.reason, what
        elif binding == "two slots":
            assert "Several people share this device" in found.reason, what
        # The next combination is another day's.
        run(app, "update alert set closed_at = clock_timestamp() where closed_at is null returning id")


@pytest.mark.hazard("H31")
@pytest.mark.parametrize("binding", ["bound", "unbound"])
def test_every_kind_in_every_phase_is_on_a_desk_at_its_level_but_for_a_test(
    app: Flask, make: Factory, tmp_path: Path, binding: str
) -> None:
    other, retained = make.patient(), cycle((False, True))
    for kind, phase in product(AlarmKind, Phase):
        device, person = worn(make, (make.patient(), other), binding)
        assert come(app, tmp_path, device, alarm(kind.value, phase.value), retained=next(retained))
        found = [(one.patient_id, one.rule, one.level) for one in alerts(app, device)]
        # A test disturbs nobody; what is cancelled or over before its raise came is kept and waits for it.
        disturbs = phase in RAISES
        expected = (
            [(person and person.id, RULES.get(kind, kind.value), MEANINGS[kind].level.value)]
            if disturbs
            else []
        )
        assert found == expected, (kind, phase)
        assert run(app, "select phase from alarm_event where device = :d", d=device) == [(phase.value,)]


BROKEN: dict[str, bytes] = {
    "junk": bytes(range(128, 250)), "empty": b"", "a cbor map": bytes.fromhex("a26176016269646161"),
    "cbor cut short": b"\xbf\x61", "huge": b'{"v":1,"x":"' + b"y" * 60_000 + b'"}',
    "another version": json.dumps(alarm() | {"v": 9}).encode(), "a list": b"[]", "null": b"null",
}  # fmt: skip


@pytest.mark.hazard("H31")
@pytest.mark.parametrize("binding", ["bound", "unbound", "unknown", "revoked"])
@pytest.mark.parametrize("retained", [False, True], ids=["live", "retained"])
def test_an_alarm_nobody_can_read_is_a_technical_alarm_of_the_person(
    app: Flask, make: Factory, tmp_path: Path, binding: str, retained: bool
) -> None:
    for what, payload in BROKEN.items():
        device, person = worn(make, (make.patient(), make.patient()), binding)
        assert come(app, tmp_path, device, payload, retained=retained), what
        (found,) = alerts(app, device)
        assert found.patient_id == (person and person.id), what
        assert found.level in ("urgent", "emergency"), what
        (kept,) = run(app, "select reason, payload from quarantine where device = :d", d=device)
        assert (kept.reason, bytes(kept.payload)) == ("alarm-unreadable", payload), what


def test_the_codes_an_alarm_centre_speaks_are_kept_as_sent_or_as_the_kind_stands_for(
    app: Flask, make: Factory, tmp_path: Path
) -> None:
    device, _ = worn(make, (make.patient(), make.patient()), "bound")
    come(app, tmp_path, device, alarm("fall", scaip={"dty": "0005", "stc": "0010", "lco": "012", "pri": 1}))
    come(app, tmp_path, device, alarm("sos"))
    kept = run(app, "select scaip from alarm_event where device = :d order by id", d=device)
    assert [row.scaip for row in kept] == [
        {"dty": "0005", "stc": "0010", "lco": "012", "pri": "1"},
        {"dty": "0003", "stc": "0010"},
    ]


def test_a_retained_copy_of_an_alarm_on_record_is_no_second_press_however_old(
    app: Flask, make: Factory, tmp_path: Path
) -> None:
    device, _ = worn(make, (make.patient(), make.patient()), "bound")
    press = alarm()
    for payload in (press, b"unreadable"):
        assert come(app, tmp_path, device, payload)
    run(app, "update alarm_event set received_at = received_at - interval '30 days' where device = :d returning id",
         d=device)  # fmt: skip
    run(app, "update alert set closed_at = clock_timestamp() returning id")
    for payload in (press, b"unreadable"):
        assert come(app, tmp_path, device, payload, retained=True) is None
    assert len(run(app, "select 1 from alarm_event where device = :d", d=device)) == 2


def test_a_new_press_that_comes_only_as_a_retained_message_is_raised(
    app: Flask, make: Factory, tmp_path: Path
) -> None:
    device, person = worn(make, (make.patient(), make.patient()), "bound")
    first, second = alarm(), alarm()
    come(app, tmp_path, device, first)
    come(app, tmp_path, device, second, retained=True)
    assert len(run(app, "select 1 from alarm_event where device = :d", d=device)) == 2
    assert [one.patient_id for one in alerts(app, device)] == [person and person.id]


def doomed(database: Database, *tables: str) -> str:
    """Have the database refuse whatever a device says in these tables; its name."""
    name = f"doomed-{uuid4().hex[:12]}"
    with psycopg.connect(plain_dsn(database.url("al_migrate")), autocommit=True) as owner:
        owner.execute("""create function refuse() returns trigger language plpgsql as
            $$ begin raise exception using errcode = 'P0001', message = 'no'; end $$""")
        for table in tables:
            owner.execute(f"""create trigger refuse before insert on {table} for each row
                when (new.device = '{name}') execute function refuse()""")
    return name


@pytest.mark.hazard("H31")
def test_an_alarm_the_database_refuses_in_every_form_is_a_card_of_our_own_words_and_a_file(
    flow_database: Database, tmp_path: Path
) -> None:
    device = doomed(flow_database, "alarm_event")
    with own_app(flow_database, "al_gateway", tmp_path) as app:
        assert come(app, tmp_path, device, alarm())
        (card,) = run(app, "select rule, level, patient_id from alert where device = :d", d=device)
    assert tuple(card) == ("alarm_unstorable", "emergency", None)
    assert len(list(tmp_path.glob("*.json"))) == 1


@pytest.mark.hazard("H31")
def test_an_alarm_for_which_not_even_a_card_can_be_stored_is_on_the_disk_and_the_device_is_not_calmed(
    flow_database: Database, tmp_path: Path
) -> None:
    device, press = doomed(flow_database, "alarm_event", "alert"), alarm()
    with own_app(flow_database, "al_gateway", tmp_path) as app:
        assert come(app, tmp_path, device, press) is None
        assert come(app, tmp_path, device, press) is None
    (path,) = tmp_path.glob("*.json")
    kept = json.loads(path.read_text())
    assert kept["topic"] == f"al/v1/{device}/up/alarm"
    assert json.loads(b64decode(kept["payload"])) == press
    assert path.stat().st_mode & 0o077 == 0
