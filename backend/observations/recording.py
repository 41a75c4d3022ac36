"""Puts readings into the record of whoever wore the device then, a batch at a time, and wakes the rules."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.core.db import driver_connection
from backend.devices.service import Asked, Incoming, Wearer, already_kept, receive, wearers
from backend.observations.reading import Duplicate, Inbound, Outcome, Refused, Stored
from backend.observations.writing import Kept, write

BOUNDS_KEPT_S = 60.0
# What a device's clock may be before ours (Alongside default, as the device contract has it).
AHEAD = timedelta(minutes=2)


def record_readings(
    batch: Sequence[Inbound], *, worn: Sequence[Wearer] | None = None, keyed: bool = True
) -> list[Outcome]:
    """Store each message's readings for who wore the device at the time of measurement; never commits.

    `worn` names whose they are instead, where somebody at a desk said so; `keyed` False stores a message whose
    id is known already, because what was stored under it has been taken out of the record.

    One of the four doors to a person's data: refuses what is bound to nobody, not consented to, or outside
    the months kept open. Answers in the order of `batch`. Raises psycopg.DataError or IntegrityError when the
    database refuses a value, with nothing of the batch stored.
    """
    outcomes: list[Outcome | None] = [None] * len(batch)
    if worn is None:
        worn = wearers([(one.device, one.readings[0].effective_at, one.slot) for one in batch])
    bounds = _BOUNDS.get()
    open_: list[int] = []
    for n, (one, wearer) in enumerate(zip(batch, worn, strict=True)):
        if refused := _refusal(one, wearer, bounds):
            outcomes[n] = refused
        else:
            open_.append(n)
    rows = receive([_incoming(batch[n], worn[n]) for n in open_], keyed=keyed)
    kept: list[Kept] = []
    again: list[int] = []
    for n, row_id in zip(open_, rows, strict=True):
        device_row_id, patient_id = worn[n].device_row_id, worn[n].patient_id
        assert device_row_id is not None
        assert patient_id is not None
        if row_id is None:
            again.append(n)
        else:
            stored = Stored(device_row_id, patient_id, row_id)
            outcomes[n] = stored
            kept.append((batch[n], worn[n], stored))
    for n, outcome in zip(again, _known([batch[n] for n in again], [worn[n] for n in again]), strict=True):
        outcomes[n] = outcome
    if kept:
        write(kept)
    return [outcome for outcome in outcomes if outcome is not None]


def _known(again: Sequence[Inbound], worn: Sequence[Wearer]) -> list[Outcome]:
    """What ids known before mean: a resend, or another message whose id was used already."""
    same = already_kept([Asked(one.device, one.message_id, one.boot, one.seq, one.taken_at) for one in again])
    outcomes: list[Outcome] = []
    for is_same, wearer in zip(same, worn, strict=True):
        assert wearer.device_row_id is not None
        outcomes.append(
            Refused("id-reused", "`boot`, `seq` or `taken` differ from the message stored with this id")
            if is_same is False
            else Duplicate(wearer.device_row_id)
        )
    return outcomes


class _Bounds:
    """The months kept open, asked again each minute: a month that goes in between is refused by the table itself."""

    def __init__(self) -> None:
        self._asked_at = float("-inf")
        self._known: tuple[datetime, datetime] | None = None

    def get(self) -> tuple[datetime, datetime]:
        """[earliest, latest) of what an observation's time may be."""
        if self._known is None or time.monotonic() - self._asked_at > BOUNDS_KEPT_S:
            row = driver_connection().execute("select earliest, latest from partition_bounds()").fetchone()
            assert row is not None
            self._known, self._asked_at = (row[0], row[1]), time.monotonic()
        return self._known


_BOUNDS = _Bounds()


def _refusal(one: Inbound, wearer: Wearer, bounds: tuple[datetime, datetime]) -> Refused | None:
    if wearer.device_row_id is None:
        return Refused("unknown-device", "no device is registered with the id in the topic")
    if wearer.is_revoked:
        return Refused("device-revoked", "it was put out as lost, stolen, faulty or returned")
    at = one.readings[0].effective_at
    # A month that nobody has opened yet is our own fault and no fault of the reading: the table says so then.
    if at < bounds[0] or (at >= bounds[1] and at > one.received_at + AHEAD):
        return Refused(
            "time-out-of-range", f"measured at {at.isoformat()}; open from {bounds[0].isoformat()}"
        )
    if wearer.patient_id is None and one.slot < 0:
        return Refused(
            "slot-unknown",
            f"at {at.isoformat()}: it does not know who measured, and not one person alone had it",
        )
    if wearer.patient_id is None:
        return Refused("not-bound", f"at {at.isoformat()} in slot {one.slot}")
    if not wearer.consented:
        return Refused("no-consent", f"at {at.isoformat()}")
    return None


def _incoming(one: Inbound, wearer: Wearer) -> Incoming:
    return Incoming(
        one.device, wearer.device_row_id, one.channel, one.message_id, one.boot, one.seq, one.received_at,
        one.payload, one.taken_at, one.method,
    )  # fmt: skip
