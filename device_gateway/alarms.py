"""One alarm, one transaction, whatever is wrong with it: what cannot be read is raised as a technical alarm."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from backend.alerts.service import raise_alarm
from backend.core.db import transaction
from backend.devices import service as devices
from backend.observations.reading import Alarm, AlarmKind, DeviceMessage, Phase
from device_gateway.arrival import Arrived
from device_gateway.contract import reasons
from device_gateway.decoders import al_alarm
from device_gateway.envelope import read_head
from device_gateway.ingest import REFUSED_BY_DATABASE
from device_gateway.refusal import Undecodable

log = logging.getLogger("device_gateway.alarms")


class _Glimpse(Struct, frozen=True):
    """What of a broken alarm still tells a repeat from a new press, and a test from the real thing."""

    alarm: Annotated[str, Meta(min_length=8, max_length=64, pattern="^[ -~]+$")]
    phase: str = "raise"


_GLIMPSE = msgspec.json.Decoder(_Glimpse)


@dataclass(frozen=True, slots=True)
class AlarmVerdict:
    """What the device is told: `received` for `alarm_id`; else that `named` could not be read."""

    device: str
    alarm_id: str | None
    named: str


def handle_alarm(arrived: Arrived) -> AlarmVerdict | None:
    """Raise one alarm and COMMIT; None for a retained copy, which a broker repeats and nobody pressed.

    Neither binding, consent, pause nor the device's clock can stop it. Raises the driver's OperationalError
    when the database is away; the same message is given again then.
    """
    device, _ = arrived.address()
    if arrived.retained:
        return None
    alarm, trouble = _read(arrived, device)
    if trouble is None:
        try:
            with transaction():
                _raise(arrived, alarm)
        except REFUSED_BY_DATABASE:
            log.warning(
                "the database refuses an alarm of device %s as it stands; raising it as technical", device
            )
            trouble = Undecodable("unstorable", "the database refused a value in it")
            alarm = _technical(arrived, device, trouble)
    if trouble is not None:
        with transaction():
            _raise(arrived, replace(alarm, message_id=None), trouble)
    readable = trouble is None or not alarm.alarm_id.startswith("unreadable-")
    head = read_head(arrived.payload)
    named = arrived.fingerprint() if head is None else head.id
    return AlarmVerdict(device, alarm.alarm_id if readable else None, named)


def _read(arrived: Arrived, device: str) -> tuple[Alarm, Undecodable | None]:
    message = DeviceMessage(device, "", arrived.topic, arrived.payload, arrived.received_at)
    try:
        return al_alarm.decode(message)[0], None
    except Undecodable as trouble:
        return _technical(arrived, device, trouble), trouble


def _technical(arrived: Arrived, device: str, trouble: Undecodable) -> Alarm:
    words = f"{reasons()[trouble.reason].words} ({trouble.detail})"
    try:
        glimpse: _Glimpse | None = _GLIMPSE.decode(arrived.payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        glimpse = None
    alarm_id = glimpse.alarm if glimpse else f"unreadable-{arrived.fingerprint()[:40]}"
    phases: Sequence[str] = [phase.value for phase in Phase]
    phase = Phase(glimpse.phase) if glimpse and glimpse.phase in phases else Phase.RAISE
    return Alarm(alarm_id, phase, AlarmKind.TECHNICAL, None, arrived.received_at, device, None, words)


def _raise(arrived: Arrived, alarm: Alarm, trouble: Undecodable | None = None) -> None:
    """The alert first: whatever is kept beside it stands in the same transaction."""
    wearer = devices.wearers([(alarm.device, arrived.received_at, 0)])[0]
    raise_alarm(alarm, wearer.device_row_id, wearer.patient_id)
    if trouble is None:
        head = read_head(arrived.payload)
        devices.receive(
            [
                devices.Incoming(
                    alarm.device, wearer.device_row_id, "alarm", alarm.message_id,
                    (head and head.boot) or None, head.seq_or_none() if head else None,
                    arrived.received_at, arrived.payload,
                )
            ],
            keyed=False,
        )  # fmt: skip
    else:
        devices.hold(
            [
                devices.Held(
                    alarm.device, "alarm", arrived.topic, "alarm-unreadable",
                    f"{trouble.reason}: {trouble.detail}", None, arrived.received_at, arrived.payload,
                )
            ]
        )  # fmt: skip
    if wearer.device_row_id is not None:
        devices.note_heard(wearer.device_row_id, arrived.received_at)
