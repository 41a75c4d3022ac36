"""One batch, one transaction: each message is stored, known already, or in quarantine with its reason."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from backend.core import clock
from backend.core.db import transaction
from backend.devices import service as devices
from backend.observations.reading import DeviceStatus, Inbound, Outcome, Presence, Reading, Refused, Stored
from backend.observations.service import record_readings
from device_gateway.anchors import Anchors
from device_gateway.arrival import Arrived, Verdict
from device_gateway.born import say_again
from device_gateway.clock import skew_s
from device_gateway.envelope import moment
from device_gateway.gaps import Gaps
from device_gateway.held import alert_held
from device_gateway.opening import Opened, inbound, open_message
from device_gateway.refusal import Undecodable
from device_gateway.signs import Pace
from device_gateway.sparing import (
    DATABASE_ERRORS,
    Write,
    is_refusal,
    lacks_partition,
    open_months,
    plainly,
    quietly,
    sparing,
)

log = logging.getLogger("device_gateway.ingest")

READ_TOGETHER = 250


@dataclass(slots=True)
class Ingest:
    """What a gateway remembers between batches: when it last wrote each device's signs of life, and counts."""

    pace: Pace = field(default_factory=Pace)
    gaps: Gaps = field(default_factory=Gaps)
    anchors: Anchors = field(default_factory=Anchors)
    wearing: devices.Wearing = field(default_factory=devices.Wearing)
    retained_ignored: int = 0
    # Called now and then while messages are read: whoever has more haste goes first.
    give_way: Callable[[], None] = lambda: None

    def handle(self, batch: Sequence[Arrived], opened: Sequence[Opened] | None = None) -> list[Verdict]:
        """Store a batch and COMMIT; only then is there a verdict to acknowledge or receipt.

        `opened` is what `open_all` made of this batch, once: storing writes on it, so a second try opens anew.

        Raises the driver's error when the database is away or lacks a month: nothing is stored then, and the same
        batch is given again. A value the database refuses is found by halving and put in quarantine.
        """
        kept = self.open_all(batch) if opened is None else opened
        try:
            return self._store(kept, plainly)
        except DATABASE_ERRORS as error:
            if lacks_partition(error):
                open_months()
            elif not is_refusal(error):
                raise
            log.warning("a batch of %d cannot be stored at once; storing it by halves", len(batch))
        return self._store(self.open_all(batch), sparing)

    def _store(self, kept: Sequence[Opened], write: Write) -> list[Verdict]:
        now = time.monotonic()
        readable = [one for one in kept if one.refused is None]
        statuses = [one for one in readable if one.channel == "status"]
        presences = [one for one in readable if one.channel == "presence"]
        with transaction():
            readings = [one for one in readable if one.gives_readings]
            self.anchors.settle(readings)
            self._store_readings(readings, write)
            _store_statuses(statuses, write)
            self.gaps.note(kept, clock.now())
            signs = self._signs(kept, now)
            # Beside the readings, and worth none of them: what is refused here is left out.
            write(signs, quietly(devices.note_signs))
            write([one for one in statuses if one.refused is None], _note_batteries)
            _note_presences(presences, write)
            say_again([*statuses, *presences])
            refused = [one for one in kept if one.refused is not None]
            _recall(refused)
            _hold([_held(one, one.refused) for one in refused if one.refused is not None], write)
            _alert_held([one for one in refused if one.refused is not None and one.gives_readings], write)
        self.pace.wrote(signs, now)
        self.gaps.stored()
        self.anchors.stored()
        return [one.verdict() for one in kept if one.channel != "presence" or one.refused is not None]

    def open_all(self, batch: Sequence[Arrived]) -> list[Opened]:
        """Read and decode a batch, without what a broker only repeats; no database."""
        opened: list[Opened] = []
        for start in range(0, len(batch), READ_TOGETHER):
            self.give_way()
            some = [self._open(arrived) for arrived in batch[start : start + READ_TOGETHER]]
            opened += [one for one in some if one is not None]
        return opened

    def _store_readings(self, opened: Sequence[Opened], write: Write) -> None:
        if not opened:
            return
        outcomes = write([inbound(one) for one in opened], self._record)
        for one, outcome in zip(opened, outcomes, strict=True):
            if isinstance(outcome, Refused):
                one.refused = outcome
            else:
                one.device_row_id = outcome.device_row_id
                one.is_fresh = isinstance(outcome, Stored)

    def _record(self, some: Sequence[Inbound]) -> list[Outcome]:
        worn = self.wearing.wearers([(one.device, one.readings[0].effective_at, one.slot) for one in some])
        return record_readings(some, worn=worn)

    def _signs(self, kept: Sequence[Opened], now: float) -> list[devices.Sign]:
        """One sign of life a device, with its newest reading, of those worth a write."""
        heard: dict[int, Opened] = {}
        newest: dict[int, datetime] = {}
        for one in kept:
            row_id = one.device_row_id
            if row_id is None:
                continue
            heard[row_id] = one
            at = getattr(one.items[0], "effective_at", None) if one.items else None
            if at is not None and (row_id not in newest or at > newest[row_id]):
                newest[row_id] = at
        return [
            _sign(row_id, one, newest.get(row_id))
            for row_id, one in heard.items()
            if self.pace.is_due(row_id, one.head.boot or None, now)
        ]

    def _open(self, arrived: Arrived) -> Opened | None:
        device, channel = arrived.address()
        if channel == "alarm":
            # The alarm session stores it and answers; this copy is only counted and acknowledged.
            self.gaps.pass_alarm(arrived, device)
            return None
        if arrived.retained and channel != "presence":
            # A broker repeats a retained message to every new subscription: an old reading is no news.
            self.retained_ignored += 1
            return None
        if channel == "presence" and not arrived.payload:
            # How the broker is told to forget a retained presence, by us when a device is put out.
            return None
        one = open_message(arrived, device, channel)
        # A question for the time is answered beside the alarms and kept nowhere, unless it cannot be read.
        return None if channel == "time" and one.refused is None else one


def _hold(held: Sequence[devices.Held], write: Write) -> None:
    kept = write(held, quietly(devices.hold))
    for one, outcome in zip(held, kept, strict=True):
        if isinstance(outcome, Refused):
            log.error("a refused message cannot be kept as it is; keeping its bytes")
            named = f"unreadable-{sha256(one.topic.encode(errors='replace')).hexdigest()}"
            devices.hold(
                [
                    replace(
                        one,
                        device="unreadable",
                        topic=named,
                        channel="unreadable",
                        detail="",
                        message_id=None,
                    )
                ]
            )


def _store_statuses(opened: Sequence[Opened], write: Write) -> None:
    if not opened:
        return
    worn = devices.wearers([(one.device, one.arrived.received_at, 0) for one in opened])
    known: list[Opened] = []
    for one, wearer in zip(opened, worn, strict=True):
        one.device_row_id = wearer.device_row_id
        if wearer.device_row_id is None:
            one.refused = Refused("unknown-device", "no device is registered with the id in the topic")
        elif wearer.is_revoked:
            one.refused = Refused("device-revoked", "it was put out as lost, stolen, faulty or returned")
            one.device_row_id = None
        else:
            known.append(one)
    kept = write([_incoming(one) for one in known], lambda some: devices.receive(some, keyed=False))
    for one, outcome in zip(known, kept, strict=True):
        if isinstance(outcome, Refused):
            one.refused, one.device_row_id = outcome, None


def _incoming(one: Opened) -> devices.Incoming:
    head, arrived = one.head, one.arrived
    return devices.Incoming(
        one.device, one.device_row_id, one.channel, one.message_id, head.boot or None, head.seq_or_none(),
        arrived.received_at, arrived.payload,
    )  # fmt: skip


def _note_batteries(opened: Sequence[Opened]) -> list[None]:
    for one in opened:
        for item in one.items:
            if (
                isinstance(item, DeviceStatus)
                and one.device_row_id is not None
                and item.battery_pct is not None
            ):
                devices.note_status(one.device_row_id, one.device, item.battery_pct, one.arrived.received_at)
    return [None] * len(opened)


def _note_presences(opened: Sequence[Opened], write: Write) -> None:
    def note(some: Sequence[Opened]) -> list[None]:
        for one in some:
            for item in one.items:
                if isinstance(item, Presence):
                    at, retained = one.arrived.received_at, one.arrived.retained
                    devices.note_presence(one.device, item, at, retained=retained)
        return [None] * len(some)

    for one, outcome in zip(opened, write(opened, note), strict=True):
        if isinstance(outcome, Refused):
            one.refused = outcome


def _recall(refused: Sequence[Opened]) -> None:
    """A message stored before stays stored, whatever has changed since: its resend is told so again."""
    asked = [one for one in refused if one.message_id is not None and one.gives_readings]
    known = devices.already_kept(
        [
            devices.Asked(one.device, one.head.id, one.head.boot or None, one.head.seq_or_none(), _taken(one))
            for one in asked
        ]
    )
    for one, is_same in zip(asked, known, strict=True):
        if is_same:
            one.refused = None


def _taken(one: Opened) -> datetime | None:
    """When it says that it measured; not of captured bytes, whose time without a zone depends on how it is read."""
    first = one.items[0] if one.items and one.channel == "obs" else None
    return first.taken_at if isinstance(first, Reading) else None


def _alert_held(refused: Sequence[Opened], write: Write) -> None:
    """Tell somebody of what is dangerous in it; nothing that goes wrong here keeps the batch from being stored."""
    try:
        for one, outcome in zip(refused, write(refused, quietly(alert_held)), strict=True):
            if isinstance(outcome, Refused):
                log.error(
                    "held message %s of device %s: nobody could be told", one.message_id, one.device[:128]
                )
    except DATABASE_ERRORS:
        raise
    except Exception as error:
        log.error("held messages: nobody could be told: %s", type(error).__name__)


def _held(one: Opened, refused: Refused) -> devices.Held:
    return devices.Held(
        one.device, one.channel.split("/")[0], one.arrived.topic, refused.reason, refused.detail, one.message_id,
        one.arrived.received_at, one.arrived.payload,
    )  # fmt: skip


def _sign(row_id: int, one: Opened, reading_at: datetime | None) -> devices.Sign:
    head, received_at = one.head, one.arrived.received_at
    try:
        skew = skew_s(moment(head.sent, "sent"), received_at) if head.sent else None
    except Undecodable:
        skew = None
    return devices.Sign(
        row_id, received_at, reading_at, head.boot or None, head.seq_or_none(), skew, bool(head.sent)
    )
