"""Reads an alarm of the Alongside envelope; what it cannot read is raised all the same, by ingest."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import UNSET

from backend.observations.reading import Alarm, AlarmKind, DeviceMessage, Phase
from device_gateway.contract import scaip
from device_gateway.envelope import AlarmBody, Scaip, moment, read
from device_gateway.refusal import Undecodable

CHANNEL = "alarm"

FIELDS = ("dty", "stc", "lco", "pri")


def decode(message: DeviceMessage) -> list[Alarm]:
    """The one alarm of a message; raises Undecodable. A `raised` that is no real time is left out, not refused."""
    body = read(AlarmBody, message.payload)
    try:
        raised_at: datetime | None = moment(body.raised, "raised")
    except Undecodable:
        raised_at = None
    return [
        Alarm(
            alarm_id=body.alarm,
            phase=Phase(body.phase),
            kind=AlarmKind(body.kind),
            raised_at=raised_at,
            received_at=message.received_at,
            device=message.device_id,
            message_id=body.id,
            scaip=_scaip(body.kind, None if body.scaip is UNSET else body.scaip),
        )
    ]


def _scaip(kind: str, said: Scaip | None) -> tuple[tuple[str, str], ...]:
    """The device's own codes, completed from contract/scaip.json where it says none and one is known."""
    own = {} if said is None else {field: getattr(said, field) for field in FIELDS}
    codes = dict(scaip()[kind]) | {field: str(code) for field, code in own.items() if code is not UNSET}
    return tuple((field, codes[field]) for field in FIELDS if field in codes)


# Samples are decoded as if received at 2026-11-22T08:15:04Z from the device sample-device.
SAMPLES: Sequence[tuple[bytes, Sequence[Alarm]]] = (
    (
        b'{"v":1,"id":"01JD8Z0M3Y6T2Q4R8S1V5W7X9A","boot":"b17","seq":4211,"clock":{"src":"gateway"},'
        b'"alarm":"a-01JD8Z0M3Y","phase":"raise","kind":"fall","raised":"2026-11-22T08:15:02+00:00",'
        b'"scaip":{"dty":"0005","stc":"0009","lco":"012","pri":1},"voice":false}',
        (
            Alarm(
                "a-01JD8Z0M3Y",
                Phase.RAISE,
                AlarmKind.FALL,
                datetime(2026, 11, 22, 8, 15, 2, tzinfo=UTC),
                datetime(2026, 11, 22, 8, 15, 4, tzinfo=UTC),
                "sample-device",
                "01JD8Z0M3Y6T2Q4R8S1V5W7X9A",
                scaip=(("dty", "0005"), ("stc", "0009"), ("lco", "012"), ("pri", "1")),
            ),
        ),
    ),
    (
        b'{"v":1,"id":"01JD8Z0M3Y6T2Q4R8S1V5W7X9B","boot":"b17","seq":4212,"clock":{"src":"none"},'
        b'"alarm":"a-01JD8Z0M3Z","phase":"raise","kind":"smoke","raised":"1970-01-01T00:00:02+00:00","scaip":{"lco":"003"}}',
        (
            Alarm(
                "a-01JD8Z0M3Z",
                Phase.RAISE,
                AlarmKind.SMOKE,
                datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC),
                datetime(2026, 11, 22, 8, 15, 4, tzinfo=UTC),
                "sample-device",
                "01JD8Z0M3Y6T2Q4R8S1V5W7X9B",
                scaip=(("dty", "0023"), ("stc", "0009"), ("lco", "003")),
            ),
        ),
    ),
)
