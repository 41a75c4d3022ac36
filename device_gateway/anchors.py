"""Dates what a device without a clock measured by when its life began, so that waiting at the broker adds nothing.

Its uptime is counted back from our receipt, which is late by what the message waited. A life begins once: the message
that waited least says best when, and every other of that boot is dated by it. Only ever to an earlier time.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from backend.core.db import db
from backend.devices import service as devices
from backend.devices.service import Anchor
from backend.observations.reading import Reading
from device_gateway.cbor import as_json
from device_gateway.opening import Opened
from device_gateway.sparing import DATABASE_ERRORS, is_refusal

log = logging.getLogger("device_gateway.anchors")

# Alongside defaults. A crystal gains or loses up to a second in a few hours; less than two seconds is the network.
DRIFT = 100e-6
NOTHING, WORTH_A_WRITE = timedelta(seconds=2), timedelta(seconds=1)
LONGEST_MEMORY = 100_000

Key = tuple[str, str]


class _Clock(Struct, frozen=True):
    up_ms: int


class _Sent(Struct, frozen=True):
    clock: _Clock


_SENT = msgspec.json.Decoder(_Sent)


@dataclass(slots=True)
class Anchors:
    """The anchors of this life, read from the record at first need. Used by one thread, in the batch's transaction."""

    known: dict[Key, Anchor] = field(default_factory=dict)
    _unstored: bool = False

    def settle(self, opened: Sequence[Opened]) -> None:
        """Date anew what was dated by uptime; everything else stays as it is."""
        timed = [one for one in opened if _is_timed_by_uptime(one)]
        if self._unstored or len(self.known) > LONGEST_MEMORY:
            self.known.clear()
        self._unstored = True
        if not timed:
            return
        try:
            with db.session.begin_nested():
                self._settle(timed)
        except DATABASE_ERRORS as error:
            if not is_refusal(error):
                raise
            log.error("%d messages keep the time counted back from their receipt", len(timed))
            self.known.clear()

    def stored(self) -> None:
        """What was settled is committed."""
        self._unstored = False

    def _settle(self, timed: Sequence[Opened]) -> None:
        unknown = list({key: None for one in timed if (key := _key(one)) not in self.known})
        if unknown:
            for key, anchor in zip(unknown, devices.known_anchors(unknown), strict=True):
                if anchor is not None:
                    self.known[key] = anchor
        fresh: dict[Key, Anchor] = {}
        for one in timed:
            key, up_ms = _key(one), _up_ms(one)
            before = self.known.get(key)
            try:
                anchor, waited = judged(before, one.arrived.received_at, up_ms)
            except OverflowError:
                # A life that began before the year 1 says nothing, and must not end anybody else's.
                continue
            self.known[key] = anchor
            if before is None or abs(anchor.booted_at - before.booted_at) >= WORTH_A_WRITE:
                fresh[key] = anchor
            _set_back(one, waited)
        devices.note_anchors(fresh)


def date_again(opened: Sequence[Opened]) -> None:
    """Date kept messages that are tried again as they were dated when they came; never moves an anchor.

    Their boot has gone on since, so that an uptime below the newest one is no other life. An anchor of a later life
    under the same boot lies after them and moves nothing.
    """
    timed = [one for one in opened if _is_timed_by_uptime(one)]
    if not timed:
        return
    for one, anchor in zip(timed, devices.known_anchors([_key(one) for one in timed]), strict=True):
        if anchor is None:
            continue
        try:
            began = one.arrived.received_at - timedelta(milliseconds=_up_ms(one))
        except OverflowError:
            continue
        if began >= anchor.noted_at and _up_ms(one) < anchor.up_ms:
            # Counted back, it began after the anchor was noted and had run for less: another life, not noted yet.
            continue
        slack = abs(one.arrived.received_at - anchor.noted_at) * DRIFT
        _set_back(one, began - anchor.booted_at - slack)


def _set_back(one: Opened, waited: timedelta) -> None:
    if waited > NOTHING:
        one.items = [
            msgspec.structs.replace(item, effective_at=item.effective_at - waited)
            for item in one.items
            if isinstance(item, Reading)
        ]


def _up_ms(one: Opened) -> int:
    return _SENT.decode(as_json(one.arrived.payload)).clock.up_ms


def judged(before: Anchor | None, received_at: datetime, up_ms: int) -> tuple[Anchor, timedelta]:
    """The anchor after a message sent at an uptime of `up_ms`, and how long that message had waited.

    An uptime that runs backwards is another life under the same boot, and begins an anchor of its own.
    """
    here = Anchor(received_at - timedelta(milliseconds=up_ms), received_at, up_ms)
    if before is None or up_ms < before.up_ms:
        return here, timedelta(0)
    slack = max(received_at - before.noted_at, timedelta(0)) * DRIFT
    waited = here.booted_at - (before.booted_at + slack)
    if waited <= timedelta(0):
        return here, timedelta(0)
    return before._replace(up_ms=up_ms), waited


def _key(one: Opened) -> Key:
    return one.device, one.head.boot


def _is_timed_by_uptime(one: Opened) -> bool:
    first = one.items[0] if one.items and one.refused is None else None
    return (
        isinstance(first, Reading)
        and first.method == "uptime"
        and bool(one.head.boot)
        and "\0" not in one.head.boot
        and devices.DEVICE_ID.fullmatch(one.device) is not None
    )
