"""Who wore a device at one moment: asked of the database, or remembered for as long as nothing there has changed."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec

from backend.core.binary import micros
from backend.core.db import driver_connection

# The database holds no device id of another shape, and nothing else may reach a query's text.
DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9-]{7,63}")
MOST_REMEMBERED = 50_000

_WEARERS = """select w.n, d.id, a.patient_id, p.public_id::text,
        exists (select from consent c where c.patient_id = a.patient_id and c.kind = 'monitoring'
            and c.revoked_at is null and c.valid @> w.at), d.revoked_at is not null
    from json_to_recordset(%s::json) w (n int, device text, at timestamptz, slot int)
    left join device d on d.device_id = w.device
    left join device_association a on a.device_id = d.id and a.slot = w.slot and a.valid @> w.at
    left join patient p on p.id = a.patient_id"""

_ANY_SLOT = """select d.id, a.patient_id, p.public_id::text,
        exists (select from consent c where c.patient_id = a.patient_id and c.kind = 'monitoring'
            and c.revoked_at is null and c.valid @> %(at)s::timestamptz)
    from device d
    left join device_association a on a.device_id = d.id and a.valid @> %(at)s::timestamptz
    left join patient p on p.id = a.patient_id
    where d.device_id = %(device)s order by a.slot"""

# The row's own writer and the server's start stand beside the number, so that a database put back from a copy
# never looks as if nothing had changed.
_EPOCH = "select epoch, xmin::text, pg_postmaster_start_time() from binding_epoch"

# A range as two microseconds, inclusive and exclusive; times are whole microseconds, so nothing lies between.
_BOUND = """select d.device_id, d.id, d.revoked_at is not null, a.slot, a.patient_id, p.public_id::text,
        extract(epoch from lower(a.valid)) * 1000000 + (not lower_inc(a.valid))::int,
        extract(epoch from upper(a.valid)) * 1000000 + upper_inc(a.valid)::int
    from device d
    left join device_association a on a.device_id = d.id and not isempty(a.valid)
    left join patient p on p.id = a.patient_id
    where d.device_id = any(%s)"""
_AGREED = """select c.patient_id,
        extract(epoch from lower(c.valid)) * 1000000 + (not lower_inc(c.valid))::int,
        extract(epoch from upper(c.valid)) * 1000000 + upper_inc(c.valid)::int
    from consent c
    where c.patient_id = any(%s) and c.kind = 'monitoring' and c.revoked_at is null and not isempty(c.valid)"""
_UNIX_TO_2000 = 946_684_800_000_000


class Wearer(NamedTuple):
    """Who wore a device at one moment; None where nobody did. `patient` is the public id, as text."""

    device_row_id: int | None
    patient_id: int | None
    patient: str | None
    consented: bool
    # Put out, as lost or stolen: what of it still waits at the broker is held, except an alarm.
    is_revoked: bool = False


Asked = tuple[str, datetime, int]
UNKNOWN = Wearer(None, None, None, False)


def wearers(asked: Sequence[Asked]) -> list[Wearer]:
    """For each (device id, moment, slot), in order: who wore it then and agreed to monitoring; one query.

    A slot below 0 is a user the device does not know: whoever had it alone then, and nobody of several.
    Reads patient and consent by SQL: it is part of the gateway's door to a record (`record_readings`), and a
    query a reading for the record's own door would cost a hundred times as much.
    """
    found = [UNKNOWN] * len(asked)
    questions = [
        {"n": n, "device": device, "at": at, "slot": slot}
        for n, (device, at, slot) in enumerate(asked)
        if DEVICE_ID.fullmatch(device)
    ]
    if not questions:
        return found
    with driver_connection().cursor() as cursor:
        # One JSON text and not four arrays: a thousand rows are written ten times as fast.
        cursor.execute(_WEARERS, (msgspec.json.encode(questions).decode(),))
        for n, *wearer in cursor:
            found[n] = Wearer(*wearer)
    for n, (device, at, slot) in enumerate(asked):
        if slot < 0 and len(alone := wearers_in_any_slot(device, at)) == 1:
            found[n] = alone[0]._replace(is_revoked=found[n].is_revoked)
    return found


def wearers_in_any_slot(device: str, at: datetime) -> list[Wearer]:
    """Everybody a device was bound to then, lowest slot first; one without a patient when it was nobody."""
    if not DEVICE_ID.fullmatch(device):
        return [UNKNOWN]
    rows = driver_connection().execute(_ANY_SLOT, {"device": device, "at": at}).fetchall()
    return [Wearer(*row) for row in rows] or [UNKNOWN]


class _Span(NamedTuple):
    """From `low` up to and not including `high`, in microseconds since 2000."""

    low: float
    high: float

    @classmethod
    def of(cls, low: Decimal | None, high: Decimal | None) -> "_Span":
        """From what `_SPAN` answers: None and infinity have no end."""
        return cls(
            float("-inf") if low is None or low.is_infinite() else int(low) - _UNIX_TO_2000,
            float("inf") if high is None or high.is_infinite() else int(high) - _UNIX_TO_2000,
        )


class _Bound(NamedTuple):
    """One binding of a device, with the two answers it can give."""

    slot: int
    span: _Span
    agreed: tuple[_Span, ...]
    with_consent: Wearer
    without: Wearer


class _Known(NamedTuple):
    """A device with everybody who ever wore it."""

    nobody: Wearer
    bound: tuple[_Bound, ...]


class Wearing:
    """Answers as `wearers` does, from memory while the database's count of changes to bindings stands still.

    Every transaction that changes a binding, a consent or whose they are adds one to `binding_epoch` as it
    commits. The count is read in the batch's own transaction, before anything that is remembered is used or read,
    so an answer is never older than one by query would be. Used by one thread.
    """

    def __init__(self) -> None:
        self._epoch: object = None
        self._devices: dict[str, _Known] = {}

    def wearers(self, asked: Sequence[Asked]) -> list[Wearer]:
        """For each (device id, moment, slot), in order, as `wearers`."""
        epoch = driver_connection().execute(_EPOCH, prepare=True).fetchone()
        if epoch is None or epoch != self._epoch or len(self._devices) > MOST_REMEMBERED:
            self._devices.clear()
            self._epoch = epoch
        known = self._devices
        if new := {device for device, _, _ in asked if device not in known}:
            self._learn([device for device in new if DEVICE_ID.fullmatch(device)])
        return [_at(known[device], at, slot) if device in known else UNKNOWN for device, at, slot in asked]

    def _learn(self, devices: Collection[str]) -> None:
        """Read these devices; one that is not registered is asked for again each time."""
        if not devices:
            return
        connection = driver_connection()
        rows = connection.execute(_BOUND, (list(devices),)).fetchall()
        people = sorted({row[4] for row in rows if row[4] is not None})
        agreed: dict[int, list[_Span]] = {}
        for patient_id, low, high in connection.execute(_AGREED, (people,)):
            agreed.setdefault(patient_id, []).append(_Span.of(low, high))
        found: dict[str, tuple[Wearer, list[_Bound]]] = {}
        for device, row_id, is_revoked, slot, patient_id, patient, low, high in rows:
            _, bound = found.setdefault(device, (Wearer(row_id, None, None, False, is_revoked), []))
            if patient_id is not None:
                bound.append(
                    _Bound(
                        slot,
                        _Span.of(low, high),
                        tuple(agreed.get(patient_id, ())),
                        Wearer(row_id, patient_id, patient, True, is_revoked),
                        Wearer(row_id, patient_id, patient, False, is_revoked),
                    )
                )
        for device, (nobody, bound) in found.items():
            self._devices[device] = _Known(nobody, tuple(bound))


def _at(known: _Known, at: datetime, slot: int) -> Wearer:
    moment = micros(at)
    alone = known.nobody
    for its_slot, (low, high), agreed, with_consent, without in known.bound:
        if not low <= moment < high:
            continue
        if its_slot == slot:
            return with_consent if _holds(agreed, moment) else without
        if slot < 0:
            if alone is not known.nobody:
                return known.nobody
            alone = with_consent if _holds(agreed, moment) else without
    return alone


def _holds(spans: Iterable[_Span], moment: int) -> bool:
    for low, high in spans:  # noqa: SIM110 - asked for every message: a generator would cost as much again
        if low <= moment < high:
            return True
    return False
