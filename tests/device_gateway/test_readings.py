"""A reading from a device's publish to its row, its mark for the rules and its receipt."""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import psycopg
import pytest

from tests.device_gateway.rig import GatewayProcess, Json, Speaker, World, ago, obs, receipted, spo2, until

Speak = Callable[[str], Speaker]


def test_a_reading_is_stored_receipted_marked_for_the_rules_and_told(world: World, speak: Speak) -> None:
    device, patient = world.worn()
    listener = psycopg.connect(world.owner_dsn, autocommit=True)
    listener.execute("listen alongside")
    speaker = speak(device)
    body = obs([spo2(91.50)], taken=ago(minutes=3))
    speaker.send("obs", body)
    until(lambda: body["id"] in speaker.stored(), what="the receipt")

    rows = world.all("select code, value, quality, source from observation where patient_id = %s", patient)
    assert rows == [(5, Decimal("91.5"), 0, 0)]
    assert world.one("select value from latest where patient_id = %s and code = 5", patient) == Decimal(
        "91.5"
    )
    assert world.all("select codes, priority from evaluation_wait where patient_id = %s", patient) == [
        ([5], 5)
    ]
    assert (
        world.one(
            "select m.payload from device_message m join message_key k on k.device_message_id = m.id"
            " where k.message_id = %s",
            body["id"],
        )
        == json.dumps(body).encode()
    )
    told = [json.loads(one.payload) for one in listener.notifies(timeout=30, stop_after=2)]
    listener.close()
    assert {one["t"] for one in told} >= {"observation"}
    noticed = next(one for one in told if one["t"] == "observation")
    assert noticed["m"] == body["id"]
    assert noticed["c"] == ["spo2"]
    seen = world.all(
        "select boot, last_seq, last_reading_at is not null from device_state s join device d on d.id = s.device_id"
        " where d.device_id = %s",
        device,
    )
    assert seen == [("b1", 0, True)]


def test_a_resend_is_receipted_again_and_stored_once(world: World, speak: Speak) -> None:
    device, patient = world.worn()
    speaker = speak(device)
    body = obs()
    speaker.send("obs", body)
    until(lambda: body["id"] in speaker.stored())
    speaker.acks.clear()
    speaker.send("obs", {**body, "sent": ago()})
    until(lambda: body["id"] in speaker.stored(), what="the second receipt")
    assert world.one("select count(*) from observation where patient_id = %s", patient) == 1


def test_a_resend_stays_stored_when_consent_was_withdrawn_since(world: World, speak: Speak) -> None:
    device, patient = world.worn()
    speaker = speak(device)
    body = obs()
    speaker.send("obs", body)
    until(lambda: body["id"] in speaker.stored())
    world.db.execute("update consent set revoked_at = now() where patient_id = %s", (patient,))
    speaker.acks.clear()
    speaker.send("obs", body)
    until(lambda: body["id"] in speaker.stored(), what="the second receipt")
    assert speaker.rejected() == {}


@pytest.mark.hazard("H12")
def test_an_older_reading_never_replaces_the_latest(world: World, speak: Speak) -> None:
    device, patient = world.worn()
    speaker = speak(device)
    newer, older = obs([spo2(95)]), obs([spo2(88)], taken=ago(days=2), seq=1)
    for body in (newer, older):
        speaker.send("obs", body)
        until(partial(receipted, speaker, body))
    assert world.one("select value from latest where patient_id = %s and code = 5", patient) == 95
    assert world.one("select count(*) from observation where patient_id = %s", patient) == 2
    priorities = world.all("select priority from evaluation_wait where patient_id = %s order by id", patient)
    assert priorities == [(5,), (0,)]


def test_receipts_are_the_first_at_once_and_then_one_in_half_a_second(world: World, speak: Speak) -> None:
    device, _ = world.worn()
    speaker = speak(device)
    bodies = [obs(seq=n) for n in range(40)]
    for body in bodies:
        speaker.send("obs", body)
    until(lambda: {body["id"] for body in bodies} <= speaker.stored(), what="all receipts")
    gaps = [later - sooner for sooner, later in zip(speaker.acked_at, speaker.acked_at[1:], strict=False)]
    assert all(gap > 0.4 for gap in gaps), gaps
    assert len(speaker.acks) < 10
    assert speaker.acks[-1]["upto"] == 39


def test_upto_stops_before_a_message_that_was_not_stored(world: World, speak: Speak) -> None:
    device, _ = world.worn()
    speaker = speak(device)
    bodies = [obs(seq=0), obs([spo2(96, q="demo")], seq=1), obs(seq=2)]
    for body in bodies:
        speaker.send("obs", body)
    until(lambda: bodies[2]["id"] in speaker.stored())
    assert speaker.acks[-1].get("upto") == 0


def test_quality_and_a_low_that_is_no_number_are_kept_as_said(world: World, speak: Speak) -> None:
    device, patient = world.worn("glucose-meter")
    speaker = speak(device)
    body = obs([{"k": "glucose", "txt": "LO"}, {"k": "pulse", "val": 70, "u": "/min", "q": "motion"}])
    speaker.send("obs", body)
    until(lambda: body["id"] in speaker.stored())
    rows = world.all(
        "select code, value, special, quality from observation where patient_id = %s order by code", patient
    )
    assert rows == [(4, Decimal(70), None, 2), (9, None, 1, 0)]
    assert world.one("select priority from evaluation_wait where patient_id = %s", patient) == 10


def test_a_status_and_a_birth_say_battery_firmware_and_presence(world: World, speak: Speak) -> None:
    device, _ = world.worn()
    speaker = speak(device)
    birth = {
        "v": 1,
        "type": "presence",
        "state": "ready",
        "boot": "b9",
        "model": "acme",
        "fw": "1.2",
        "hb_s": 900,
    }
    speaker.send("presence", birth, retain=True)
    head = {"v": 1, "id": "status-0000000001", "boot": "b9", "seq": 0, "clock": {"src": "none"}}
    speaker.send("status", {**head, "bat_pct": 41.5})
    sql = (
        "select s.firmware, s.presence, s.presence_boot, s.hb_s, s.battery_pct from device_state s"
        " join device d on d.id = s.device_id where d.device_id = %s"
    )
    until(lambda: world.all(sql, device) == [("1.2", "ready", "b9", 900, Decimal("41.5"))])
    speaker.send("presence", {"v": 1, "state": "lost", "boot": "b8"}, retain=True)
    speaker.send("presence", {"v": 1, "state": "sleeping", "boot": "b9"}, retain=True)
    until(lambda: world.all(sql, device)[0][1] == "sleeping", what="the will of an older life is passed over")
    assert world.one("select model from device where device_id = %s", device) == "acme"


@pytest.mark.hazard("H08")
def test_a_clock_far_off_is_flagged_and_the_time_is_worked_out(world: World, speak: Speak) -> None:
    device, patient = world.worn()
    speaker = speak(device)
    wrong: Json = {
        "sent": "1970-01-01T00:10:00Z",
        "taken": "1970-01-01T00:05:00Z",
        "clock": {"src": "manual"},
    }
    body = obs(**wrong)
    speaker.send("obs", body)
    until(lambda: body["id"] in speaker.stored())
    age = world.one(
        "select now() - effective_at from observation where patient_id = %s", patient
    ).total_seconds()
    assert 295 < age < 420
    skew = world.one(
        "select clock_skew_s from device_state s join device d on d.id = s.device_id where d.device_id = %s",
        device,
    )
    assert skew < -1_000_000_000


def test_the_gateway_says_how_it_is(world: World, gateway: GatewayProcess) -> None:
    detail = until(lambda: world.one("select detail from heartbeat where name = 'gateway'"))
    assert {"queued", "echo_ms", "broker", "stored", "refused", "retained_ignored"} <= set(detail)
    until(
        lambda: (
            world.one("select (detail->>'echo_ms')::float from heartbeat where name = 'gateway'") is not None
        ),
        what="an echo through the broker",
    )
