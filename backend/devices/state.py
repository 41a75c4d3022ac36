"""What a device last said of itself: signs of life, battery, presence, clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

import msgspec

from backend.core.db import driver_connection
from backend.core.notices import notify_all

_SIGNS = """insert into device_state (device_id, boot, last_seq, last_seen_at, last_reading_at, clock_skew_s)
    select * from json_to_recordset(%(signs)s::json) s (device_row_id int, boot text, seq bigint, seen_at timestamptz,
        reading_at timestamptz, skew_s int)
    on conflict (device_id) do update set
        boot = coalesce(excluded.boot, device_state.boot),
        last_seq = case when excluded.boot is distinct from device_state.boot
            then coalesce(excluded.last_seq, device_state.last_seq)
            else greatest(excluded.last_seq, device_state.last_seq) end,
        last_seen_at = greatest(excluded.last_seen_at, device_state.last_seen_at),
        last_reading_at = greatest(excluded.last_reading_at, device_state.last_reading_at),
        clock_skew_s = case when %(clock_said)s then excluded.clock_skew_s else device_state.clock_skew_s end"""

# An alarm must not wait for a batch that holds this row; whoever holds it notes a sign of life just now.
_HEARD = """with held as (update device_state set last_seen_at = greatest(last_seen_at, %(at)s) where device_id in
        (select device_id from device_state where device_id = %(id)s for update skip locked))
    select exists (select from device_state where device_id = %(id)s)"""

# To make a row is to wait for whoever makes it at the same time, so an alarm does it when it is safe, or not at all.
_FIRST = """insert into device_state (device_id, last_seen_at) values (%(id)s, %(at)s) on conflict (device_id)
    do update set last_seen_at = greatest(device_state.last_seen_at, excluded.last_seen_at)"""

_STATUS = """update device_state set battery_pct = coalesce(%(battery)s, battery_pct),
        battery_at = case when %(battery)s::numeric is null then battery_at else %(at)s end
    where device_id = %(id)s"""

# A birth begins a life; any other state counts only for the life it names, so that the late will of an old
# connection cannot mark a device lost that is back. A retained copy is news of a state, not a sign of life.
# A device that sleeps says for how long; it may not sleep longer than staff allow it to be silent, which is two and
# a half of the interval they set.
_PRESENCE = """insert into device_state as s (device_id, firmware, presence, presence_at, presence_boot, hb_s,
        last_seen_at, asleep_until)
    select d.id, %(firmware)s, %(state)s, %(at)s, %(boot)s, %(hb_s)s,
        case when %(alive)s then %(at)s::timestamptz end,
        case when %(state)s = 'sleeping' and %(next_wake_s)s::numeric is not null then %(at)s::timestamptz
            + interval '1 second' * least(%(next_wake_s)s::numeric, 2.5 * coalesce(d.expected_every_s, d.hb_s)) end
    from device d where d.device_id = %(device)s
    on conflict (device_id) do update set
        firmware = coalesce(excluded.firmware, s.firmware), presence = excluded.presence,
        presence_at = case when %(retained)s and s.presence = excluded.presence
            and s.presence_boot = excluded.presence_boot then s.presence_at else excluded.presence_at end,
        asleep_until = case when %(retained)s and s.presence = excluded.presence
            and s.presence_boot = excluded.presence_boot then s.asleep_until else excluded.asleep_until end,
        presence_boot = excluded.presence_boot, hb_s = coalesce(excluded.hb_s, s.hb_s),
        last_seen_at = greatest(s.last_seen_at, excluded.last_seen_at)
    where %(state)s = 'ready' or s.presence_boot is null or s.presence_boot = %(boot)s
    returning s.device_id"""

_MODEL = "update device set model = %(model)s where id = %(id)s and model is null"

_PATIENT = """select p.public_id from device_association a join patient p on p.id = a.patient_id
    where a.device_id = %s and a.valid @> clock_timestamp() order by a.slot limit 1"""


class PresenceSaid(Protocol):
    """What a birth or a will says (`observations.reading.Presence`, which stands above this slice)."""

    @property
    def state(self) -> str: ...
    @property
    def boot(self) -> str: ...
    @property
    def model(self) -> str | None: ...
    @property
    def firmware(self) -> str | None: ...
    @property
    def hb_s(self) -> int | None: ...
    @property
    def next_wake_s(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of life. With `clock_said`, `skew_s` None means that its clock is within ten minutes of ours."""

    device_row_id: int
    seen_at: datetime
    reading_at: datetime | None = None
    boot: str | None = None
    seq: int | None = None
    skew_s: int | None = None
    clock_said: bool = False


def note_signs(signs: Sequence[Sign]) -> None:
    """Write when devices were last heard; the caller says it seldom enough (seconds, not every message)."""
    for clock_said in (True, False):
        said = sorted(
            (one for one in signs if one.clock_said is clock_said), key=lambda sign: sign.device_row_id
        )
        if said:
            # One JSON text and not a statement a device: a fleet is written ten times as fast.
            driver_connection().execute(
                _SIGNS, {"signs": msgspec.json.encode(said).decode(), "clock_said": clock_said}
            )


def note_heard(device_row_id: int, at: datetime) -> bool:
    """Write that a device was heard, waiting for nobody: beside an alarm. False when it has no row to write in yet."""
    row = driver_connection().execute(_HEARD, {"id": device_row_id, "at": at}).fetchone()
    return row is not None and bool(row[0])


def note_first_heard(device_row_id: int, at: datetime) -> None:
    """Write the first sign of life of kit that only ever sends alarms; may wait, so not beside one."""
    with driver_connection().cursor() as cursor:
        cursor.execute("set local lock_timeout = '200ms'")
        cursor.execute(_FIRST, {"id": device_row_id, "at": at})


def note_status(device_row_id: int, device: str, battery_pct: Decimal | None, at: datetime) -> None:
    """Write what a status said of the battery; `note_signs` has made the row."""
    with driver_connection().cursor() as cursor:
        cursor.execute(_STATUS, {"id": device_row_id, "battery": battery_pct, "at": at})
    _tell(device_row_id, device)


def note_presence(device: str, presence: PresenceSaid, at: datetime, *, retained: bool) -> bool:
    """Write a birth or a will; False when the device is not known or the message is of an older life."""
    with driver_connection().cursor() as cursor:
        cursor.execute(
            _PRESENCE,
            {"device": device, "firmware": presence.firmware, "state": presence.state, "at": at,
             "boot": presence.boot, "hb_s": presence.hb_s, "next_wake_s": presence.next_wake_s, "retained": retained,
             "alive": presence.state != "lost" and not retained},
        )  # fmt: skip
        row = cursor.fetchone()
        if row is None:
            return False
        if presence.model is not None:
            cursor.execute(_MODEL, {"id": row[0], "model": presence.model})
    _tell(row[0], device)
    return True


def _tell(device_row_id: int, device: str) -> None:
    with driver_connection().cursor() as cursor:
        row = cursor.execute(_PATIENT, (device_row_id,)).fetchone()
    notify_all([{"t": "device", "p": None if row is None else str(row[0]), "d": device}])
