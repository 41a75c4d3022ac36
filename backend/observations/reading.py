"""The plain types every reading travels in, from a device's bytes to a rule; no database, no Flask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from msgspec import Struct

from backend.observations.codes import Code


class Special(Enum):
    """What a device says instead of a number. It alerts or is refused, and is never a number."""

    LO = 1
    HI = 2
    NOT_A_NUMBER = 3
    NOT_AT_THIS_RESOLUTION = 4


class Source(Enum):
    """Who or what made a reading."""

    DEVICE = 0
    PERSON = 1
    TEAM = 2
    FORM = 3

    # By identity, as members are equal: asked for with every reading.
    __hash__ = object.__hash__


class Quality(Enum):
    """What the device said of its own measurement. Demo and invalid never enter a record."""

    OK = 0
    SUSPECT = 1
    MOTION = 2
    INVALID = 3
    DEMO = 4

    # By identity, as members are equal: asked for with every reading.
    __hash__ = object.__hash__


# The payload names a user that the device itself does not know: whoever has it alone, and nobody of several.
UNKNOWN_SLOT = -1


class Reading(Struct, frozen=True, gc=False):
    """One value: `value` in the UCUM `unit` of its code, measured at `effective_at` (aware UTC).

    `taken_at` is the device's own time of measurement as it said it, None when it said none; `method` names the
    rule of the clock table that gave `effective_at`. `slot` is the user of a shared device where the payload
    itself names one. `beside` is what the payload said that is no value of its own (name, words).
    """

    code: Code
    value: Decimal | Special | str
    unit: str
    effective_at: datetime
    source: Source = Source.DEVICE
    quality: Quality = Quality.OK
    taken_at: datetime | None = None
    method: str = "device"
    slot: int | None = None
    beside: tuple[tuple[str, str], ...] = ()


class Phase(Enum):
    """Where an alarm stands, in the words of the wire contract."""

    RAISE = "raise"
    REPEAT = "repeat"
    CANCEL = "cancel"
    CLEAR = "clear"
    TEST = "test"


class AlarmKind(Enum):
    """The alarms of the wire contract (schema.json); `technical` is also what an unreadable alarm becomes."""

    SOS = "sos"
    FALL = "fall"
    INACTIVITY = "inactivity"
    SMOKE = "smoke"
    CO = "co"
    GAS = "gas"
    HEAT = "heat"
    FLOOD = "flood"
    DOOR = "door"
    BED = "bed"
    EPILEPSY = "epilepsy"
    MEDICATION = "medication"
    TAMPER = "tamper"
    LOW_BATTERY = "low_battery"
    POWER = "power"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it came. It is judged by `received_at`, never by the device's clock (`raised_at`)."""

    alarm_id: str
    phase: Phase
    kind: AlarmKind
    raised_at: datetime | None
    received_at: datetime
    device: str
    message_id: str | None = None
    detail: str = ""
    # The codes an alarm centre speaks, as the device sent them or as its kind stands for: dty, stc, lco, pri.
    scaip: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What a device says of itself: battery in percent, signal, readings it still holds."""

    battery_pct: Decimal | None = None
    mains: bool | None = None
    rssi_dbm: int | None = None
    buffered: int | None = None
    self_test: str | None = None
    # The revision of its settings that it runs.
    config_rev: int | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """A birth or a last will, paired by `boot` so that a late will cannot mark a reconnected device lost."""

    state: str
    boot: str
    model: str | None = None
    firmware: str | None = None
    hb_s: int | None = None
    seq_next: int | None = None
    # Seconds until a sleeping device wakes, as it said.
    next_wake_s: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """What is known of a device's kind before it speaks."""

    kind: str = ""
    model: str = ""
    zone: str = "Europe/London"


HOME = DeviceProfile()


class DeviceMessage(Struct, frozen=True, gc=False):
    """A message as the broker gave it."""

    device_id: str
    message_id: str
    topic: str
    payload: bytes
    received_at: datetime
    profile: DeviceProfile = HOME


@dataclass(frozen=True, slots=True)
class Limit:
    """A range for one code, with who says so: a clinician's name of record or a pack and its source."""

    low: Decimal | None
    high: Decimal | None
    source: str
    personal: bool = False


Limits = Mapping[Code, Limit]


class Inbound(Struct, frozen=True, gc=False):
    """A decoded message on its way into a record: whose it is, is found out by `record_readings`."""

    device: str
    message_id: str
    boot: str | None
    seq: int | None
    slot: int
    received_at: datetime
    payload: bytes
    # All of one measurement act, so all with one effective_at.
    readings: tuple[Reading, ...]
    # The device's own time of measurement, and the number of the clock rule that was used (clock.py METHODS).
    taken_at: datetime | None = None
    method: int | None = None
    # The channel of its topic after `up/`, as it came: obs or raw/<format>.
    channel: str = "obs"


class Stored(Struct, frozen=True, gc=False):
    """The message is in the record, once; the keys are the inside ones."""

    device_row_id: int
    patient_id: int
    device_message_id: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same device sent the same message id before: nothing to do, and the receipt is the same."""

    device_row_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """To be kept in quarantine: `reason` is a code of the device contract, `detail` says where in the message."""

    reason: str
    detail: str


Outcome = Stored | Duplicate | Refused


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A reading as it stands in the record, with when we had it and the row of the message it came in."""

    reading: Reading
    received_at: datetime
    device_message_id: int | None
    device_row_id: int | None
