"""What a home hub captures from Bluetooth sensors reaches the right record, at the right time, or is held."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import cbor2
import pytest

from tests.device_gateway.rig import Speaker, World, alarm, message_id, obs, until

Speak = Callable[[str], Speaker]
LONG = 120.0
LONDON = ZoneInfo("Europe/London")
UP_MS = 9_000_000


def captured(raw: bytes, seq: int, seconds_ago: int | None = 2, **more: Any) -> dict[str, Any]:
    """A hub's envelope around captured bytes; without `seconds_ago` it does not say when it captured them."""
    when = {} if seconds_ago is None else {"up_ms": UP_MS - 1000 * seconds_ago}
    clock = {"src": "none", "up_ms": UP_MS}
    return {"v": 1, "id": message_id(), "boot": "h1", "seq": seq, "clock": clock, **when, **more, "raw": raw}


def local(at: datetime) -> bytes:
    """A time as a sensor in London shows it."""
    shown = at.astimezone(LONDON)
    return struct.pack("<H5B", shown.year, shown.month, shown.day, shown.hour, shown.minute, shown.second)


def answer(hub: Speaker, number: str, body: dict[str, Any]) -> str | None:
    """Send captured bytes; None when they were stored, else the reason they were refused."""
    hub.send(f"raw/gatt-{number}", cbor2.dumps(body))
    until(lambda: body["id"] in hub.stored() or body["id"] in hub.rejected(), LONG, "an answer")
    return hub.rejected().get(body["id"])


def record(world: World, patient: int) -> list[tuple[Any, ...]]:
    """The person's values."""
    return world.all(
        "select code, value, special, quality, effective_at from observation where patient_id = %s order by code",
        patient,
    )


def test_a_cuff_behind_a_hub_reaches_the_record_with_its_bytes_and_how_its_time_was_found(
    world: World, speak: Speak
) -> None:
    device, patient = world.worn("hub")
    hub = speak(device)
    body = captured(bytes.fromhex("14 8000 5200 6100 4800 0400"), 0)
    before = datetime.now(UTC)
    assert answer(hub, "2a35", body) is None
    rows = record(world, patient)
    assert [(code, value) for code, value, *_ in rows] == [
        (1, Decimal(128)), (2, Decimal(82)), (3, Decimal(97)), (4, Decimal(72)), (23, Decimal(1)),
    ]  # fmt: skip
    assert {row[3] for row in rows} == {1}
    assert timedelta(0) < rows[0][4] - (before - timedelta(seconds=2)) < timedelta(seconds=LONG)
    kept = world.all(
        "select m.payload, m.clock_method, m.taken_at from device_message m"
        " join message_key k on k.device_message_id = m.id where k.message_id = %s",
        body["id"],
    )
    assert kept == [(cbor2.dumps(body), 2, None)]


def test_what_a_sensor_kept_is_filed_when_it_was_measured_and_not_when_it_was_fetched(
    world: World, speak: Speak
) -> None:
    device, patient = world.worn("hub")
    hub = speak(device)
    on_sunday = (datetime.now(UTC) - timedelta(days=3)).replace(hour=12, microsecond=0)
    assert answer(hub, "2a9d", captured(b"\x02\x70\x3f" + local(on_sunday), 0)) is None
    assert record(world, patient) == [(8, Decimal("81.2"), None, 0, on_sunday)]
    method = world.one(
        "select m.clock_method from device_message m join device d on d.id = m.device_id where d.device_id = %s",
        device,
    )
    assert method == 4


@pytest.mark.hazard("H33")
def test_a_meter_that_shows_lo_is_in_the_record_as_lo(world: World, speak: Speak) -> None:
    device, patient = world.worn("hub")
    hub = speak(device)
    at = (datetime.now(UTC) - timedelta(minutes=1)).replace(microsecond=0)
    raw = b"\x06\x2a\x00" + local(at) + b"\x02\x08\x11"
    assert answer(hub, "2a18", captured(raw, 0, None)) is None
    assert record(world, patient) == [(9, None, 1, 0, at)]


@pytest.mark.parametrize(
    ("number", "raw", "reason"),
    [
        ("2a18", "06 2a00 00000000000000 37c0 1a", "control-solution"),
        ("2a5e", "02 6100 4000 0004", "test-reading"), ("2a9d", "00 ffff", "not-a-measurement"),
        ("2a1c", "00 ffff7f00", "not-a-measurement"), ("2a1c", "00 7d01", "gatt"),
        ("2a1c", "00 da0300ff", "implausible"), ("2a77", "00", "channel"),
    ],
)  # fmt: skip
def test_what_is_no_measurement_of_the_wearer_is_held_and_never_in_the_record(
    world: World, speak: Speak, number: str, raw: str, reason: str
) -> None:
    device, patient = world.worn("hub")
    hub = speak(device)
    body = captured(bytes.fromhex(raw), 0)
    assert answer(hub, number, body) == reason
    assert record(world, patient) == []
    assert world.all("select reason, payload from quarantine where device = %s", device) == [
        (reason, cbor2.dumps(body))
    ]


def test_the_users_of_a_shared_scale_are_told_apart_and_a_guest_is_nobody(world: World, speak: Speak) -> None:
    device, first, second = world.device("scale"), world.patient(), world.patient()
    world.bind(device, first, slot=1)
    world.bind(device, second, slot=2)
    hub = speak(device)
    assert answer(hub, "2a9d", captured(bytes.fromhex("04 703f 02"), 0)) is None
    assert [row[1] for row in record(world, second)] == [Decimal("81.2")]
    assert answer(hub, "2a9d", captured(bytes.fromhex("04 703f ff"), 1)) == "slot-unknown"
    assert answer(hub, "2a9d", captured(bytes.fromhex("04 703f 03"), 2)) == "not-bound"
    assert record(world, first) == []


def test_a_scale_of_one_person_that_knows_no_users_is_theirs(world: World, speak: Speak) -> None:
    device, patient = world.worn("scale")
    assert answer(speak(device), "2a9d", captured(bytes.fromhex("04 703f ff"), 0)) is None
    assert [row[1] for row in record(world, patient)] == [Decimal("81.2")]


def test_a_reading_in_cbor_is_stored_as_the_same_one_in_json(world: World, speak: Speak) -> None:
    device, patient = world.worn()
    speaker = speak(device)
    body = obs([{"k": "temperature", "val": 36.6, "u": "Cel"}])
    speaker.send("obs", cbor2.dumps(body))
    until(lambda: body["id"] in speaker.stored(), LONG)
    assert [row[1] for row in record(world, patient)] == [Decimal("36.6")]
    speaker.send("obs", b"\xbf\x61a\x01\xff")
    until(lambda: "not-cbor" in speaker.rejected().values(), LONG)


def test_an_alarm_in_cbor_is_heard_and_so_is_one_that_cannot_be_read(world: World, speak: Speak) -> None:
    device, _ = world.worn("pendant")
    speaker = speak(device)
    press = alarm("sos")
    speaker.send("alarm", cbor2.dumps(press))
    until(lambda: "received" in speaker.states(press["alarm"]), LONG, "received")
    broken = cbor2.dumps(alarm("fall"))[:-3]
    speaker.send("alarm", broken)
    held = "select reason from quarantine where device = %s and payload = %s"
    assert until(lambda: world.one(held, device, broken), LONG) == "alarm-unreadable"
