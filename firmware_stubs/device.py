"""What every pretend device does alike: birth, readings kept until their receipt, resends, heartbeats."""

from __future__ import annotations

import random
import time
from collections import deque
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from firmware_stubs import wire
from firmware_stubs.journal import Kept
from firmware_stubs.link import ON_THE_WIRE, Link
from firmware_stubs.physiology import Person, Vitals
from firmware_stubs.plan import DeviceSpec
from firmware_stubs.rig import Rig
from firmware_stubs.wire import Body

# Birth and status go out beside the readings and count against the broker's receive maximum.
WINDOW = ON_THE_WIRE - 4
LONGEST_RESEND_S = 60.0
HEARTBEATS_S = range(10, 90_001)


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
        self.link = Link(rig.loop, rig.broker, rig.tls, (spec.device_id, spec.secret), self)
        self.waiting = rig.journal.waiting(self.id)
        self._seq = 1
        self._ready: deque[str] = deque(self.waiting)
        self._on_wire: dict[int, str] = {}
        self._attempts: dict[str, Attempt] = {}
        self._next_look = float("inf")
        self._course_began = time.monotonic()
        self._hb_s, self._config_rev, self._beats = spec.hb_s, 0, 0

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

    def again_after_s(self, kept: Kept, tries: int) -> float:
        """Seconds to wait for the receipt after the `tries`-th sending: doubling, with some spread."""
        del kept
        return float(min(self.rig.resend_s * 2 ** (tries - 1), LONGEST_RESEND_S) * random.uniform(0.9, 1.2))

    def again(self, kept: Kept) -> Body:
        """What to send when no receipt came: the same message with the same id."""
        return kept.body

    # Its life.

    def open(self, *, timetable: bool) -> None:
        """Connect, and with `timetable` begin to measure `start_after_s` from now."""
        self.link.open(wire.down_filter(self.id), self._will)
        if timetable:
            self.rig.loop.call_later(self.spec.start_after_s, self.begin)

    def begin(self) -> None:
        """The course starts, with its first reading at once."""
        self._course_began = time.monotonic()
        self._on_time()

    def begin_once(self) -> None:
        """What a hand does once: take one reading."""
        self.take_reading()

    def close(self) -> None:
        """Say that it goes, then go."""
        if self.link.up:
            self._say_presence({"state": "going_offline"})
        self.link.close()

    def take_reading(self) -> None:
        """Measure now and keep it; it goes out once it is on disk."""
        now = wire.utc_now()
        course_s = (time.monotonic() - self._course_began) * self.rig.speed
        m = self.measure(self.person.vitals(now.timestamp(), course_s, self._seq))
        if m:
            self.keep(wire.OBS, wire.observation(self.rig.uptime, self._take_seq(), now, m))

    def keep(self, channel: str, body: Body) -> None:
        """Keep a message until its receipt, and send it at the end of this turn."""
        kept = Kept(self.id, channel, str(body["id"]), body)
        self.rig.journal.keep(kept)
        self._ready.append(kept.id)
        self.rig.fresh.append(self)

    def head(self) -> Body:
        """The envelope of this device's next message."""
        return wire.envelope(self.rig.uptime, self._take_seq())

    def pump(self) -> None:
        """Send what is ready, as far as the broker's receive maximum lets it."""
        while self._ready and len(self._on_wire) < WINDOW and self.link.up:
            kept = self.waiting.get(self._ready.popleft())
            if kept is not None:
                self._send(kept)

    # What the link tells it.

    def came_up(self) -> None:
        """Birth before data; then everything without a receipt goes out at once."""
        self._say_presence(
            {
                "state": "ready",
                "model": self.spec.model or self.usual_model,
                "fw": self.spec.fw,
                "caps": list(self.caps),
                "hb_s": self._hb_s,
                "seq_next": self._seq,
                "buffered": len(self.waiting),
            }
        )
        self._beats += 1
        self._heartbeat(self._beats)
        self._ready = deque(self.waiting)
        self.rig.fresh.append(self)

    def went_down(self) -> None:
        """Nothing that was on the wire is sure: it waits for the next connection."""
        self._on_wire.clear()
        self._beats += 1

    def taken(self, mid: int) -> None:
        """The broker has it in memory, which makes room on the wire and promises nothing."""
        self._on_wire.pop(mid, None)
        if self._ready:
            self.pump()

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
            self._configure(said)

    # Inside.

    def _send(self, kept: Kept) -> None:
        before = self._attempts.get(kept.id)
        tries = 1 if before is None else before.tries + 1
        body = kept.body if before is None else self.again(kept)
        payload = wire.encode(body, self.rig.uptime, wire.utc_now())
        mid = self.link.publish(wire.up_topic(self.id, kept.channel), payload)
        if mid is None:
            self._ready.appendleft(kept.id)
            return
        self._on_wire[mid] = kept.id
        due = time.monotonic() + self.again_after_s(kept, tries)
        self._attempts[kept.id] = Attempt(tries, due, payload)
        self._look_at(due)
        self.rig.resends += tries > 1 or kept.body["boot"] != self.rig.uptime.boot

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
        self.pump()

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
        # An alarm is settled by `down/alarm` alone: that its bytes are stored does not mean anybody knows.
        if kept is not None and kept.channel == wire.OBS:
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

    def _configure(self, said: Body) -> None:
        rev, hb_s = said.get("rev"), said.get("hb_s")
        if not isinstance(rev, int) or rev == self._config_rev:
            return
        self._config_rev = rev
        if isinstance(hb_s, int) and hb_s in HEARTBEATS_S:
            self._hb_s = hb_s
        self._beats += 1
        self._heartbeat(self._beats)

    def _heartbeat(self, beats: int) -> None:
        if beats != self._beats or not self.link.up:
            return
        # Two tenths of a percent an hour from a place of its own, and a new battery at twenty percent.
        used = (time.time() / 3600 * 0.2 + self.spec.seed * 7) % 80
        status = {"bat_pct": round(100 - used), "mains": False, "rssi_dbm": -60 - self.spec.seed % 20}
        body = {**self.head(), **status, "buffered": len(self.waiting), "self_test": "pass"}
        if self._config_rev:
            body["config_rev"] = self._config_rev
        payload = wire.encode(body, self.rig.uptime, wire.utc_now())
        self.link.publish(wire.up_topic(self.id, wire.STATUS), payload)
        self.rig.loop.call_later(self._hb_s, lambda: self._heartbeat(beats))

    def _say_presence(self, more: Body) -> None:
        body = {"v": 1, "type": "presence", "boot": self.rig.uptime.boot, **more}
        self.link.publish(wire.up_topic(self.id, wire.PRESENCE), wire.compact(body), retain=True)

    def _will(self) -> tuple[str, bytes]:
        body: Body = {"v": 1, "type": "presence", "boot": self.rig.uptime.boot, "state": "lost"}
        return wire.up_topic(self.id, wire.PRESENCE), wire.compact(body)

    def _take_seq(self) -> int:
        self._seq += 1
        return self._seq - 1

    def _on_time(self) -> None:
        self.take_reading()
        every_s = self.spec.every_s or self.usual_every_s
        self.rig.loop.call_later(every_s / self.rig.speed, self._on_time)
