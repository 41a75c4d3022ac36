"""An alarm is never held: in every state of device, person, clock and bytes it is on the desk as it arrives."""

import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

import pytest

from tests.device_gateway.rig import Json, Speaker, World, alarm, obs, until

Speak = Callable[[str], Speaker]


def alerts(world: World, device: str) -> list[tuple[Any, ...]]:
    """What the desks have of a device."""
    return world.all(
        "select patient_id, rule, level from alert where id in (select alert_id from alarm_event where device = %s)"
        " order by id",
        device,
    )


def bound(world: World) -> tuple[str, int]:
    return world.worn("pendant")


def unbound(world: World) -> tuple[str, None]:
    return world.device("pendant"), None


def unknown(_world: World) -> tuple[str, None]:
    return f"test-stranger-{id(object()):x}", None


def without_consent(world: World) -> tuple[str, int]:
    device, patient = world.device("pendant"), world.patient(consent=None)
    world.bind(device, patient)
    return device, patient


def paused(world: World) -> tuple[str, int]:
    device, patient = world.worn("pendant")
    version = world.one(
        "insert into pathway_version (pathway, version, title, body, reason, author)"
        " values ('copd', %s, 'COPD', '{}', 'test', 'test') returning id",
        device,
    )
    world.db.execute(
        "insert into enrolment (patient_id, pathway_version_id, status, valid)"
        " values (%s, %s, 'paused', '[2020-01-01,)')",
        (patient, version),
    )
    return device, patient


def formerly_bound(world: World) -> tuple[str, None]:
    device, patient = world.device("pendant"), world.patient()
    world.bind(device, patient, "[2020-01-01,2021-01-01)")
    return device, None


STATES: list[Callable[[World], tuple[str, int | None]]] = [
    bound, unbound, unknown, without_consent, paused, formerly_bound,
]  # fmt: skip
CLOCKS = ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "2026-02-30T00:00:00Z"]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("raised", [None, *CLOCKS])
def test_an_alarm_is_on_the_desk_in_every_state_and_by_any_clock(
    world: World, speak: Speak, state: Callable[[World], tuple[str, int | None]], raised: str | None
) -> None:
    device, patient = state(world)
    speaker = speak(device)
    body = alarm("fall", **({"raised": raised} if raised else {}))
    speaker.send("alarm", body)
    until(lambda: speaker.states(body["alarm"]) == ["received"], what="`received`")
    assert alerts(world, device) == [(patient, "fall", "emergency")]
    late = world.one("select now() - true_at from alert a join alarm_event e on e.alert_id = a.id"
                     " where e.device = %s", device)  # fmt: skip
    assert 0 <= late.total_seconds() < 120


BROKEN: list[tuple[str, str, Json | bytes]] = [
    ("no text at all", "technical", bytes(range(128, 200))),
    ("cut short", "technical", b'{"v":1,"id":"0123456789abcdef","alarm":"a-123'),
    ("an unknown kind", "technical", alarm("earthquake")),
    ("no kind", "technical", {"alarm": "a-12345678", "phase": "raise"}),
    ("a NUL inside", "sos", alarm(boot="b\0")),
    ("a NUL in the alarm's id", "sos", alarm(alarm="a-1234\x005678")),
    ("empty", "technical", b""),
    ("a seq below nothing", "fall", alarm("fall", seq=-1)),
    ("an unknown phase", "smoke", alarm("smoke", "shout")),
    ("an id that is no text", "fall", alarm("fall", alarm=7)),
    ("nested ten thousand deep", "technical", json.dumps(alarm()).encode()[:-1] + b',"x":' + b"[" * 10_000),
]


@pytest.mark.parametrize(("_what", "kind", "body"), BROKEN, ids=[one[0] for one in BROKEN])
@pytest.mark.parametrize("state", [bound, unbound], ids=lambda state: state.__name__)
def test_an_alarm_that_cannot_be_read_is_raised_all_the_same_and_its_bytes_are_kept(
    world: World,
    speak: Speak,
    _what: str,
    kind: str,
    body: Json | bytes,
    state: Callable[[World], tuple[str, int | None]],
) -> None:
    device, patient = state(world)
    speaker = speak(device)
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    speaker.send("alarm", payload)
    until(lambda: alerts(world, device), what="an alert")
    assert [(one[0], one[1]) for one in alerts(world, device)] == [(patient, kind)]
    assert world.one("select payload from quarantine where topic = %s", f"al/v1/{device}/up/alarm") == payload
    assert world.one("select reason from quarantine where topic = %s", f"al/v1/{device}/up/alarm") == (
        "alarm-unreadable"
    )
    alarm_id = body.get("alarm", "") if isinstance(body, dict) else ""
    if isinstance(alarm_id, str) and alarm_id and "\0" not in alarm_id:
        until(lambda: speaker.states(alarm_id) == ["received"])
    else:
        named = body["id"] if isinstance(body, dict) else sha256(payload).hexdigest()
        until(
            lambda: speaker.rejected() == {named: "alarm-unreadable"}, what=f"{named}: {speaker.rejected()}"
        )


def test_repeats_are_answered_each_time_and_open_one_alert(world: World, speak: Speak) -> None:
    device, patient = world.worn("pendant")
    speaker = speak(device)
    press = alarm()
    speaker.send("alarm", press)
    for _ in range(3):
        speaker.send("alarm", {**press, "phase": "repeat"})
    until(lambda: speaker.states(press["alarm"]) == ["received"] * 4)
    assert alerts(world, device)[0][0] == patient
    assert world.one("select count(distinct alert_id) from alarm_event where device = %s", device) == 1


def test_an_alarm_with_the_id_of_a_stored_reading_is_no_duplicate_of_it(world: World, speak: Speak) -> None:
    device, _ = world.worn("pendant")
    speaker = speak(device)
    body = obs()
    speaker.send("obs", body)
    until(lambda: body["id"] in speaker.stored())
    press = alarm(id=body["id"])
    speaker.send("alarm", press)
    until(lambda: speaker.states(press["alarm"]) == ["received"])
    assert len(alerts(world, device)) == 1


def test_a_test_press_is_kept_and_disturbs_nobody(world: World, speak: Speak) -> None:
    device, _ = world.worn("pendant")
    speaker = speak(device)
    press = alarm(phase="test")
    speaker.send("alarm", press)
    until(lambda: speaker.states(press["alarm"]) == ["received"])
    assert alerts(world, device) == []
    assert world.one("select phase from alarm_event where device = %s", device) == "test"


def test_the_alarm_as_it_came_is_kept(world: World, speak: Speak) -> None:
    device, _ = world.worn("pendant")
    speaker = speak(device)
    press = alarm()
    speaker.send("alarm", press)
    until(lambda: speaker.states(press["alarm"]))
    kept = world.one("select payload from device_message where device = %s and channel = 2", device)
    assert json.loads(kept) == press


@pytest.mark.parametrize("slots", [[1], [2, 5]], ids=["one person in slot 1", "two people"])
def test_an_alarm_of_a_device_bound_in_another_slot_is_its_wearers(
    world: World, speak: Speak, slots: list[int]
) -> None:
    device, people = world.device("pendant"), [world.patient() for _ in slots]
    for slot, person in zip(slots, people, strict=True):
        world.bind(device, person, slot=slot)
    speaker = speak(device)
    press = alarm()
    speaker.send("alarm", press)
    until(lambda: speaker.states(press["alarm"]) == ["received"])
    assert alerts(world, device) == [(people[0], "sos", "emergency")]
    reason = world.one("select reason from alert where patient_id = %s", people[0])
    assert ("Several people share this device" in reason) == (len(slots) > 1)


def test_kit_that_only_ever_sends_alarms_has_been_heard(world: World, speak: Speak) -> None:
    device, _ = world.worn("pendant")
    speaker = speak(device)
    seen = (
        "select s.last_seen_at from device_state s join device d on d.id = s.device_id where d.device_id = %s"
    )
    assert world.one(seen, device) is None
    for _ in range(2):
        press = alarm()
        speaker.send("alarm", press)
        until(partial(speaker.states, press["alarm"]))
        assert world.one(seen, device) is not None
