"""Every kind of refusal: kept with its reason, receipted as rejected, counted, and nothing else held up."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import pytest

from device_gateway.contract import reasons
from tests.device_gateway.rig import Json, Speaker, World, ago, obs, refused, spo2, until

Speak = Callable[[str], Speaker]

NOW = datetime.now(UTC)
READABLE_ID = "0123456789abcdef"
REFUSED: list[tuple[str, str, Json | bytes]] = [
    ("broken text", "not-json", b'{"v":1,"id":"0123456789abcdef"'),
    ("bytes that are no text", "not-json", bytes(range(200, 256))),
    ("no id", "schema", obs(id=None)),
    ("a later version", "version", obs(v=2)),
    ("a time without offset", "schema", obs(taken="2026-11-22T08:14:31")),
    ("the 30th of February", "time", obs(taken="2026-02-30T08:14:31Z")),
    ("neither time nor uptime", "schema", obs(taken=None)),
    ("uptime without its counterpart", "no-time", obs(taken=None, up_ms=5)),
    ("a time to come", "ahead", obs(taken=(NOW + timedelta(hours=3)).isoformat())),
    ("a time before the months kept open", "time-out-of-range", obs(taken="2020-06-01T00:00:00Z")),
    ("a clock nobody has set", "clock-not-set", obs(taken="1970-01-01T00:00:00Z")),
    ("a clock that says nobody has set it", "clock-not-set", obs(clock={"src": "ntp", "synced": False})),
    (
        "a pressure above the one above it",
        "implausible",
        obs(
            [{"k": "bp.systolic", "val": 80, "u": "mm[Hg]"}, {"k": "bp.diastolic", "val": 120, "u": "mm[Hg]"}]
        ),
    ),
    ("an unknown kind", "unmapped", obs([{"k": "mood.guess", "val": 1, "u": "1"}])),
    ("another unit", "unit", obs([{"k": "temperature", "val": 98.2, "u": "[degF]"}])),
    ("another code", "code", obs([spo2(96, code="loinc:8867-4")])),
    ("a boolean for a number", "value", obs([spo2(True)])),
    ("a text for a number", "value", obs([{"k": "spo2", "txt": "ninety"}])),
    ("a demonstration", "not-a-measurement", obs([spo2(96, q="demo")])),
    ("an invalid measurement", "not-a-measurement", obs([spo2(96, q="invalid")])),
    ("a value nobody lives with", "implausible", obs([spo2(7)])),
    ("a NUL in a text", "unstorable", obs(boot="b\0")),
    ("one bad entry beside a good one", "unit", obs([spo2(96), {"k": "pulse", "val": 70, "u": "Hz"}])),
    ("more than is read", "too-large", b'{"id":"%s","x":"' % READABLE_ID.encode() + b"x" * 40_000 + b'"}'),
]


@pytest.fixture(scope="module")
def worn(world: World) -> tuple[str, int]:
    """One device for all refusals of this module: they must not disturb one another."""
    return world.worn()


@pytest.mark.parametrize(("_what", "reason", "body"), REFUSED, ids=[one[0] for one in REFUSED])
@pytest.mark.hazard("H10")
def test_a_refusal_is_kept_with_its_reason_receipted_and_counted_and_holds_nothing_up(
    world: World, speak: Speak, worn: tuple[str, int], _what: str, reason: str, body: Json | bytes
) -> None:
    device, _ = worn
    speaker = speak(device)
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    before, good, after = obs(seq=1), [payload], obs(seq=2)
    speaker.send("obs", before)
    for one in (*good, *good):
        speaker.send("obs", one)
    speaker.send("obs", after)
    named = READABLE_ID if reason == "too-large" else sha256(payload).hexdigest()
    if isinstance(body, dict) and body.get("id"):
        named = body["id"]
    until(lambda: speaker.rejected().get(named) == reason, what=f"{reason} for {named}: {speaker.rejected()}")
    until(lambda: {before["id"], after["id"]} <= speaker.stored(), what="the good ones beside it")
    rows = world.all(
        "select reason, times, channel, device, message_id, device_id is not null, payload, detail <> ''"
        " from quarantine where payload_sha256 = %s",
        sha256(payload).digest(),
    )
    message_id: Any = named if len(named) != 64 else None
    assert rows == [(reason, 2, "obs", device, message_id, True, payload, True)]
    assert reasons()[reason].words
    stored = world.one("select count(*) from message_key where message_id = %s", message_id)
    assert stored == 0


def test_a_device_we_do_not_know_is_refused(world: World, speak: Speak) -> None:
    speaker = speak("test-never-registered")
    body = obs()
    speaker.send("obs", body)
    until(lambda: speaker.rejected().get(body["id"]) == "unknown-device")
    status: Json = {
        "v": 1,
        "id": "status-0000000009",
        "boot": "b",
        "seq": 0,
        "clock": {"src": "none"},
        "bat_pct": 1,
    }
    speaker.send("status", status)
    until(lambda: speaker.rejected().get(status["id"]) == "unknown-device")


@pytest.mark.parametrize("channel", ["raw/gatt-2a77", "weather", "obs/more"])
def test_a_channel_that_does_not_exist_is_refused(
    world: World, speak: Speak, worn: tuple[str, int], channel: str
) -> None:
    speaker = speak(worn[0])
    body = obs()
    speaker.send(channel, body)
    until(lambda: speaker.rejected().get(body["id"]) == "channel")


@pytest.mark.parametrize(
    ("valid", "taken", "slot"),
    [
        (None, ago(minutes=1), None),
        ("[2020-01-01,2020-02-01)", ago(minutes=1), None),
        (f"[{NOW.isoformat()},)", ago(days=1), None),
        ("[2020-01-01,)", ago(minutes=1), 3),
    ],
    ids=["never bound", "bound until long ago", "bound only later", "another slot of a shared device"],
)
def test_a_reading_from_outside_the_binding_goes_to_nobody(
    world: World, speak: Speak, valid: str | None, taken: str, slot: int | None
) -> None:
    device, patient = world.device(), world.patient()
    if valid is not None:
        world.bind(device, patient, valid)
    speaker = speak(device)
    body = obs(taken=taken, slot=slot)
    speaker.send("obs", body)
    until(lambda: speaker.rejected().get(body["id"]) == "not-bound")
    assert world.one("select count(*) from observation where patient_id = %s", patient) == 0
    assert world.one("select reason from quarantine where message_id = %s", body["id"]) == "not-bound"


def test_a_handed_over_device_gives_each_person_their_own_readings(world: World, speak: Speak) -> None:
    device, first, second = world.device(), world.patient(), world.patient()
    handed_over = datetime.now(UTC) - timedelta(hours=1)
    world.bind(device, first, f"[2020-01-01,{handed_over.isoformat()})")
    world.bind(device, second, f"[{handed_over.isoformat()},)")
    speaker = speak(device)
    bodies = [obs([spo2(91)], taken=ago(hours=2)), obs([spo2(97)], seq=1)]
    for body in bodies:
        speaker.send("obs", body)
    until(lambda: {body["id"] for body in bodies} <= speaker.stored())
    assert world.all("select value from observation where patient_id = %s", first) == [(91,)]
    assert world.all("select value from observation where patient_id = %s", second) == [(97,)]


def test_without_consent_to_monitoring_nothing_enters_the_record(world: World, speak: Speak) -> None:
    for consent in (None, "[2020-01-01,2021-01-01)"):
        device, patient = world.device(), world.patient(consent=consent)
        world.bind(device, patient)
        speaker = speak(device)
        body = obs()
        speaker.send("obs", body)
        until(partial(refused, speaker, body, "no-consent"))
        assert world.one("select count(*) from observation where patient_id = %s", patient) == 0


def test_one_value_the_database_refuses_never_aborts_its_batch(world: World, speak: Speak) -> None:
    device, patient = world.worn()
    speaker = speak(device)
    bodies = [obs(seq=n, boot="b\0" if n == 57 else "b1") for n in range(120)]
    for body in bodies:
        speaker.client.publish(f"al/v1/{device}/up/obs", json.dumps(body), 1)
    until(lambda: len(speaker.stored()) == 119, what="119 stored")
    until(lambda: speaker.rejected() == {bodies[57]["id"]: "unstorable"})
    assert world.one("select count(*) from observation where patient_id = %s", patient) == 119


def test_a_retained_reading_is_not_taken_for_news(world: World, speak: Speak) -> None:
    # The gateway's subscription stands, so a retained publish arrives as an ordinary one and is stored once.
    device, patient = world.worn()
    speaker = speak(device)
    body = obs()
    speaker.send("obs", body, retain=True)
    until(lambda: body["id"] in speaker.stored())
    speaker.client.publish(f"al/v1/{device}/up/obs", b"", 1, retain=True).wait_for_publish(60)
    assert world.one("select count(*) from observation where patient_id = %s", patient) == 1
