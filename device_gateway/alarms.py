"""One alarm, one transaction, whatever is wrong with it: what cannot be read is raised as a technical alarm."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import text

from backend.alerts.service import has_come_before, raise_alarm, raise_unstorable
from backend.core.db import db, transaction
from backend.devices import service as devices
from backend.kit.service import note_test
from backend.observations.reading import Alarm, AlarmKind, DeviceMessage, Phase
from device_gateway import dead_letters
from device_gateway.arrival import Arrived
from device_gateway.cbor import as_json
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


# How long an alarm waits for whoever holds its person's cards, before others are stored first. Our own default.
PATIENCE = "500ms"
_PATIENCE = text("select set_config('lock_timeout', :patience, true)")
ALARM_ID = re.compile("[ -~]{8,64}")
_GLIMPSE = msgspec.json.Decoder(_Glimpse)


@dataclass(frozen=True, slots=True)
class AlarmVerdict:
    """What the device is told: `received` for `alarm_id`; else that `named` could not be read."""

    device: str
    alarm_id: str | None
    named: str


def handle_alarm(arrived: Arrived, dead_folder: Path) -> AlarmVerdict | None:
    """Raise one alarm and COMMIT; None when there is nothing to tell the device.

    Neither binding, consent, pause nor the device's clock can stop it, nor the broker's word that it is a retained
    copy: a press that came while our session was gone comes in no other way. Only a copy of a message that is on
    record is passed over. Raises the driver's OperationalError when the database is away, or when somebody holds the
    person's cards for longer than PATIENCE; the same message is given again then. What the database refuses in every
    form is written to a file in `dead_folder`, which the gateway's heartbeat tells of; the device is told nothing
    then and takes its second path.
    """
    device, _ = arrived.address()
    alarm, trouble = _read(arrived, device)
    if arrived.retained and _is_copy(alarm):
        return None
    new: list[int] = []
    if trouble is None and _refused(lambda: _raise(arrived, alarm, new)):
        log.warning(
            "the database refuses an alarm of device %s as it stands; raising it as technical", device
        )
        trouble = Undecodable("unstorable", "the database refused a value in it")
        alarm = _technical(arrived, device, trouble)
    if trouble is not None:
        unread, why = replace(alarm, message_id=None), trouble
        if _refused(lambda: _raise(arrived, unread, new, why)) and not _bury(arrived, device, dead_folder):
            return None
    _note_first(new, arrived)
    readable = trouble is None or not alarm.alarm_id.startswith("unreadable-")
    head = read_head(arrived.payload)
    named = arrived.fingerprint() if head is None else head.id
    return AlarmVerdict(device, alarm.alarm_id if readable else None, named)


@contextmanager
def _briefly() -> Iterator[None]:
    """A transaction that waits for no lock longer than PATIENCE."""
    with transaction():
        db.session.execute(_PATIENCE, {"patience": PATIENCE})
        yield


def _refused(work: Callable[[], object]) -> bool:
    """Do one transaction; True when the database refuses what is in it, so that trying again would be for ever."""
    try:
        with _briefly():
            work()
    except DATABASE_ERRORS as error:
        if not is_refusal(error):
            raise
        return True
    return False


def _is_copy(alarm: Alarm) -> bool:
    """Whether it is on record. What the database cannot even be asked for is not, and goes the way of an alarm."""
    try:
        with _briefly():
            return has_come_before(alarm)
    except DATABASE_ERRORS as error:
        if not is_refusal(error):
            raise
        return False


def _bury(arrived: Arrived, device: str, folder: Path) -> bool:
    """The last two ways to tell somebody: a card of our own words alone, else a file; True for the card."""
    log.error("the database refuses an alarm of device %s in every form", device[:128])
    dead_letters.keep(folder, arrived)
    known = device if devices.DEVICE_ID.fullmatch(device) else "unreadable"
    if _refused(lambda: raise_unstorable(known, arrived.received_at)):
        log.critical("an alarm could not be stored in any form; its bytes are in %s", folder.name)
        return False
    return True


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
    known = reasons().get(trouble.reason)
    words = f"{known.words if known else trouble.reason} ({trouble.detail})".replace("\0", "")
    try:
        glimpse = _GLIMPSE.decode(as_json(arrived.payload))
    except (*UNREADABLE, Undecodable):
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


def _raise(arrived: Arrived, alarm: Alarm, new: list[int], trouble: Undecodable | None = None) -> None:
    """The alert first: whatever is kept beside it stands in the same transaction. `new` is told of kit unheard yet."""
    wearer, shared = _wearer(arrived, alarm.device)
    detail = ". ".join(words for words in (shared, alarm.detail) if words)
    raise_alarm(replace(alarm, detail=detail), wearer.device_row_id, wearer.patient_id)
    if trouble is None:
        _keep(arrived, alarm, wearer)
    else:
        _hold(arrived, alarm.device, "alarm-unreadable", f"{trouble.reason}: {trouble.detail}")
    if wearer.device_row_id is not None:
        if not devices.note_heard(wearer.device_row_id, arrived.received_at):
            new.append(wearer.device_row_id)
        if trouble is None and alarm.phase is Phase.TEST:
            _note_test(wearer.device_row_id, arrived)


def _note_first(new: list[int], arrived: Arrived) -> None:
    """The first word of kit that only ever sends alarms, when its alarm is stored: worth no alarm."""
    for device_row_id in new[-1:]:
        try:
            with _briefly():
                devices.note_first_heard(device_row_id, arrived.received_at)
        except DATABASE_ERRORS as error:
            log.warning("a first sign of life could not be noted: %s", type(error).__name__)


def _note_test(device_row_id: int, arrived: Arrived) -> None:
    """That a test came whole, for whoever looks after the kit; worth no alarm, so nothing here stops one."""
    try:
        with db.session.begin_nested():
            note_test(device_row_id, arrived.received_at)
    except DATABASE_ERRORS as error:
        log.error("a test could not be noted: %s", type(error).__name__)


def _keep(arrived: Arrived, alarm: Alarm, wearer: devices.Wearer) -> None:
    """The raw copy. A month that nobody has opened does not make an alarm unreadable: its bytes go aside then."""
    head = read_head(arrived.payload)
    copy = devices.Incoming(
        alarm.device, wearer.device_row_id, "alarm", alarm.message_id, (head and head.boot) or None,
        head.seq_or_none() if head else None, arrived.received_at, arrived.payload,
    )  # fmt: skip
    try:
        devices.keep_beside(copy)
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
