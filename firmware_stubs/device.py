"""What every pretend device does alike: birth, readings kept until their receipt, resends, heartbeats."""

from __future__ import annotations

import random
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from firmware_stubs import wire
from firmware_stubs.account import Account
from firmware_stubs.hard_times import HardTimes
from firmware_stubs.housekeeping import Housekeeping
from firmware_stubs.journal import Kept
from firmware_stubs.link import Link
from firmware_stubs.own_clock import OwnClock
from firmware_stubs.physiology import Person, Vitals
from firmware_stubs.plan import DeviceSpec
from firmware_stubs.rig import Rig
from firmware_stubs.sleep import Sleep
from firmware_stubs.trouble import NOTHING, Troubles, spoilt
from firmware_stubs.wire import Body

# Birth and status go out beside the readings and count against the broker's receive maximum.
BESIDE = 4
MOST_PATIENT = 12  # times the first wait


@dataclass(slots=True)
class Attempt:
    """How often a message went out, when it goes again (monotonic seconds), and its last bytes."""

    tries: int
    due: float
    payload: bytes


class Device:
    """One device on one connection. A stub subclasses it as `Stub` and says what it measures."""

    caps: ClassVar[tuple[str, ...]] = ("status",)
    usual_model: ClassVar[str] = "alongside-stub"
    usual_every_s: ClassVar[float] = 60.0

    def __init__(self, spec: DeviceSpec, rig: Rig) -> None:
        self.spec, self.rig, self.id = spec, rig, spec.device_id
        self.person = Person(spec.seed, spec.baseline, self.body_course())
        self.account = Account(self.id, (*rig.journal.secrets(self.id), spec.secret))
        self.link = Link(rig.loop, rig.broker, rig.tls, self.account, self)
        self.waiting = rig.journal.waiting(self.id)
        self.house = Housekeeping(self)
        self.clock = OwnClock(self, without=spec.clock == "none")
        self.sleep = Sleep(self, spec.sleep_s)
        self.uptime = rig.uptime
        self.readings = 0
        self.seq = 0
        self._ready: deque[str] = deque(self.waiting)
        self._on_wire: dict[int, str] = {}
        self._attempts: dict[str, Attempt] = {}
        self._next_look = float("inf")
        self.hard_times = HardTimes(self)
        self._troubles = Troubles(spec.seed, spec.faults)
        self._mishap = NOTHING
        self._last: Vitals | None = None

    # What a stub says of itself.

    def body_course(self) -> str:
        """The course of the person this device is on."""
        return self.spec.course or "steady"

    def measure(self, vitals: Vitals) -> list[Body]:
        """The `m` of one reading of this body; empty for a device that measures nothing."""
        del vitals
        return []

    def alarm_state(self, said: Body) -> None:
        """The far side told the state of an alarm (`down/alarm`)."""

    def is_needed_awake(self) -> bool:
        """Whether somebody may be told something at any moment, so that it must not sleep."""
        return False

    def again_after_s(self, kept: Kept, tries: int) -> float:
        """Seconds to wait for the receipt after the `tries`-th sending: doubling, with some spread."""
        del kept
        return self.rig.resend_s * min(2.0 ** min(tries - 1, 10), MOST_PATIENT) * random.uniform(0.9, 1.2)

    def again(self, kept: Kept) -> Body:
        """What to send when no receipt came: the same message with the same id."""
        return kept.body

    def is_settled_by_receipt(self, kept: Kept) -> bool:
        """An alarm is settled by `down/alarm` alone: that its bytes are stored does not mean anybody knows."""
        return kept.channel != wire.ALARM

    def bytes_of(self, channel: str, body: Body) -> bytes:
        """The payload as it goes out now, which says when that is."""
        del channel
        return wire.encode(body, self.uptime, self.clock_time())

    # Its life.

    def open(self, *, timetable: bool) -> None:
        """Connect, and with `timetable` begin to measure `start_after_s` from now."""
        self.link.open(wire.down_filter(self.id), self.house.will)
        if timetable:
            self.rig.loop.call_later(self.spec.start_after_s, self.begin)

    def begin(self) -> None:
        """The course starts, with its first reading at once, and another every so often."""
        if not self.rig.making:
            return
        self.take_reading()
        self.rig.loop.call_later(self.every_s / self.rig.speed, self.begin)

    def begin_once(self) -> None:
        """What a hand does once: take one reading."""
        self.take_reading()

    def close(self) -> None:
        """Say that it goes, then go."""
        if self.link.up:
            self.house.say_presence({"state": "going_offline"})
        self.link.close()

    @property
    def every_s(self) -> float:
        """Seconds of its course between two readings."""
        return self.house.every_s or self.spec.every_s or self.usual_every_s

    def take_reading(self) -> None:
        """Measure now and keep it; it goes out once it is on disk. What goes wrong with kit goes wrong here."""
        self.readings += 1
        self._mishap = self.clock.mishap = mishap = self._troubles.at(self.readings)
        self.hard_times.begin(mishap)
        if mishap.stuck and self._last is not None:
            vitals = self._last
        else:
            course_s = (self.readings - 1) * self.every_s
            vitals = self.person.vitals(wire.utc_now().timestamp(), course_s, self.readings)
        self._last = vitals
        if m := self.measure(vitals):
            self.keep_reading(spoilt(m, mishap))

    def keep_reading(self, m: list[Body]) -> None:
        """Keep one measurement act; a hub that wraps a sensor's bytes does it otherwise."""
        self.keep(wire.OBS, {**self.head(), **self.when(), "m": m})

    def when(self) -> Body:
        """The time of a measurement taken now, by the device's own clock, and its uptime."""
        return {"taken": wire.local_time(self.clock_time()), "up_ms": self.uptime.milliseconds()}

    def clock_time(self) -> datetime:
        """What the device's clock shows."""
        return self.clock.now()

    def keep(self, channel: str, body: Body) -> None:
        """Keep a message until its receipt, and send it at the end of this turn."""
        kept = Kept(self.id, channel, str(body["id"]), body)
        self.rig.journal.keep(kept)
        self._ready.append(kept.id)
        self.rig.fresh.append(self)
        self.sleep.wake()

    def head(self) -> Body:
        """The envelope of this device's next message."""
        self.seq += 1
        return {**wire.envelope(self.uptime, self.seq - 1), "clock": self.clock.said()}

    def pump(self) -> None:
        """Send what is ready, as far as the broker's receive maximum lets it."""
        while self._ready and len(self._on_wire) < max(1, self.link.window - BESIDE) and self.link.up:
            kept = self.waiting.get(self._ready.popleft())
            if kept is not None:
                self._send(kept)

    def change_secret(self, secret: str) -> None:
        """Keep a new secret beside the old one, on disk too, for the next connection."""
        self.account.learn(secret)
        self.rig.journal.keep_secrets(self.id, self.account.secrets)

    # What the link tells it.

    def came_up(self) -> None:
        """Birth before data; then everything without a receipt goes out at once."""
        self.rig.up += 1
        self.house.came_up()
        self.clock.ask()
        self.sleep.came_up()
        self._ready = deque(self.waiting)
        self.rig.fresh.append(self)

    def went_down(self) -> None:
        """Nothing that was on the wire is sure: it waits for the next connection."""
        self.rig.up -= 1
        self._on_wire.clear()
        self.house.went_down()

    def taken(self, mid: int) -> None:
        """The broker has it in memory, which makes room on the wire and promises nothing."""
        self._on_wire.pop(mid, None)
        if self._ready:
            self.rig.fresh.append(self)

    def heard(self, topic: str, payload: bytes) -> None:
        """Receipts, alarm states and config; anything else, and anything broken, is ignored."""
        if topic.endswith("/down/ack"):
            receipt = wire.receipt(payload)
            if receipt is not None:
                self._receipted(receipt)
            return
        said = wire.object_of(payload)
        if said is None:
            return
        if topic.endswith("/down/alarm"):
            self.alarm_state(said)
        elif topic.endswith("/down/config"):
            self.house.configure(said)
        elif topic.endswith("/down/time"):
            self.clock.told(said)

    # Inside.

    def _send(self, kept: Kept) -> None:
        before = self._attempts.get(kept.id)
        tries = 1 if before is None else before.tries + 1
        body = kept.body if before is None else self.again(kept)
        payload, topic = self.bytes_of(kept.channel, body), wire.up_topic(self.id, kept.channel)
        mid = self.link.publish(topic, payload)
        if mid is None:
            self._ready.appendleft(kept.id)
            return
        self._on_wire[mid] = kept.id
        if tries == 1 and self._mishap.twice:
            self.link.publish(topic, payload)
        due = time.monotonic() + self.again_after_s(kept, tries)
        self._attempts[kept.id] = Attempt(tries, due, payload)
        self._look_at(due)
        self.rig.resends += tries > 1 or kept.body["boot"] != self.uptime.boot

    def _look_at(self, due: float) -> None:
        if due < self._next_look:
            self._next_look = due
            self.rig.loop.call_later(max(0.05, due - time.monotonic()), lambda: self._look(due))

    def _look(self, due: float) -> None:
        if due != self._next_look:
            return
        self._next_look = float("inf")
        now, on_wire, ready = time.monotonic(), set(self._on_wire.values()), set(self._ready)
        for message_id, attempt in self._attempts.items():
            if attempt.due <= now:
                attempt.due = now + 1.0
                if message_id not in on_wire and message_id not in ready:
                    self._ready.append(message_id)
        self._look_at(min((attempt.due for attempt in self._attempts.values()), default=self._next_look))
        # Not from here: what was kept in this turn must be on disk before it goes out.
        self.rig.fresh.append(self)

    def _receipted(self, receipt: wire.Receipt) -> None:
        for message_id in receipt.ids:
            self._settle(message_id, None)
        if receipt.upto is not None and receipt.boot is not None:
            for kept in list(self.waiting.values()):
                seq = kept.body["seq"]
                if kept.body["boot"] == receipt.boot and isinstance(seq, int) and seq <= receipt.upto:
                    self._settle(kept.id, None)
        for named, code in receipt.rejected:
            self._settle(named if named in self.waiting else self._by_hash(named), code)

    def _settle(self, message_id: str | None, code: str | None) -> None:
        kept = self.waiting.get(message_id or "")
        if kept is not None and self.is_settled_by_receipt(kept):
            self.settled(kept, code)

    def settled(self, kept: Kept, code: str | None) -> None:
        """Note the receipt (or, with a code, the refusal) and stop sending."""
        if code is None:
            self.rig.journal.stored(kept.id)
        else:
            self.rig.journal.refused(kept.id, code)
        self._attempts.pop(kept.id, None)

    def _by_hash(self, named: str) -> str | None:
        """The message whose last bytes have this SHA-256: how a gateway names what it cannot read."""
        for message_id, attempt in self._attempts.items():
            if sha256(attempt.payload).hexdigest() == named:
                return message_id
        return None
