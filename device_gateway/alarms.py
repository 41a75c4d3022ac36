"""One alarm, one transaction, whatever is wrong with it: what cannot be read is raised as a technical alarm."""

import logging
import re
from dataclasses import dataclass, replace

import msgspec
from msgspec import Struct

from backend.alerts.service import raise_alarm
from backend.core.db import db, transaction
from backend.devices import service as devices
from backend.observations.reading import Alarm, AlarmKind, DeviceMessage, Phase
from device_gateway.arrival import Arrived
from device_gateway.contract import reasons
from device_gateway.decoders import al_alarm
from device_gateway.envelope import UNREADABLE, read_head
from device_gateway.refusal import Undecodable
from device_gateway.sparing import DATABASE_ERRORS, is_refusal, lacks_partition

log = logging.getLogger("device_gateway.alarms")


class _Glimpse(Struct, frozen=True):
    """What of a broken alarm still tells a repeat from a new press, a test from the real thing, a fall from a door."""

    alarm: object = None
    phase: object = None
    kind: object = None


ALARM_ID = re.compile("[ -~]{8,64}")
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
        except DATABASE_ERRORS as error:
            if not is_refusal(error):
                raise
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
    except Exception as error:
        # Whatever a decoder does, somebody may have pressed.
        log.error("decoding: alarm of device %s: %s", device[:128], type(error).__name__)
        unexpected = Undecodable("schema", f"decoding: {type(error).__name__}")
        return _technical(arrived, device, unexpected), unexpected


def _technical(arrived: Arrived, device: str, trouble: Undecodable) -> Alarm:
    """The alarm as far as it can be recognised: its id, phase and kind each by themselves."""
    words = f"{reasons()[trouble.reason].words} ({trouble.detail})".replace("\0", "")
    try:
        glimpse = _GLIMPSE.decode(arrived.payload)
    except UNREADABLE:
        glimpse = _Glimpse()
    readable = isinstance(glimpse.alarm, str) and ALARM_ID.fullmatch(glimpse.alarm)
    alarm_id = str(glimpse.alarm) if readable else f"unreadable-{arrived.fingerprint()[:40]}"
    phase = next((one for one in Phase if one.value == glimpse.phase), Phase.RAISE)
    kind = next((one for one in AlarmKind if one.value == glimpse.kind), AlarmKind.TECHNICAL)
    return Alarm(alarm_id, phase, kind, None, arrived.received_at, device, None, words)


def _wearer(arrived: Arrived, device: str) -> tuple[devices.Wearer, str]:
    """Whose alarm it is, in whatever slot, and what to say when it may be another's."""
    worn = devices.wearers_in_any_slot(device, arrived.received_at)
    several = len({one.patient_id for one in worn}) > 1
    return worn[0], "Several people share this device; it may be another of them" if several else ""


def _raise(arrived: Arrived, alarm: Alarm, trouble: Undecodable | None = None) -> None:
    """The alert first: whatever is kept beside it stands in the same transaction."""
    wearer, shared = _wearer(arrived, alarm.device)
    detail = ". ".join(words for words in (shared, alarm.detail) if words)
    raise_alarm(replace(alarm, detail=detail), wearer.device_row_id, wearer.patient_id)
    if trouble is None:
        _keep(arrived, alarm, wearer)
    else:
        _hold(arrived, alarm.device, "alarm-unreadable", f"{trouble.reason}: {trouble.detail}")
    if wearer.device_row_id is not None:
        devices.note_heard(wearer.device_row_id, arrived.received_at)


def _keep(arrived: Arrived, alarm: Alarm, wearer: devices.Wearer) -> None:
    """The raw copy. A month that nobody has opened does not make an alarm unreadable: its bytes go aside then."""
    head = read_head(arrived.payload)
    copy = devices.Incoming(
        alarm.device, wearer.device_row_id, "alarm", alarm.message_id, (head and head.boot) or None,
        head.seq_or_none() if head else None, arrived.received_at, arrived.payload,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            devices.receive([copy], keyed=False)
    except DATABASE_ERRORS as error:
        if not lacks_partition(error):
            raise
        log.error(
            "no partition for alarm %s of device %s; its bytes are in quarantine",
            alarm.message_id,
            alarm.device,
        )
        _hold(arrived, alarm.device, "unstorable", "raised as it was read; no month is open for its bytes")


def _hold(arrived: Arrived, device: str, reason: str, detail: str) -> None:
    devices.hold(
        [
            devices.Held(
                device, "alarm", arrived.topic, reason, detail, None, arrived.received_at, arrived.payload
            )
        ]
    )
