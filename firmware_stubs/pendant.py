"""A pretend pendant: a press or a fall is repeated until somebody is known to have it, and it says so."""

from __future__ import annotations

from typing import Final

from firmware_stubs import wire
from firmware_stubs.command import run_one
from firmware_stubs.device import Device
from firmware_stubs.journal import Kept
from firmware_stubs.wire import Body

# The wire contract's own times: every 5 s twelve times, then every 30 s, until `received`.
QUICK_S, QUICK_TIMES, SLOW_S = 5.0, 12, 30.0
STILL_TRYING_S, SECOND_PATH_S = 10.0, 60.0
COURSES: Final = {"press": "sos", "fall": "fall"}
# SCAIP: 0003 personal trigger, 0005 fall; 0010 raised by hand, 0009 by itself.
SCAIP: Final[dict[str, Body]] = {
    "sos": {"dty": "0003", "stc": "0010", "lco": "000", "pri": 1},
    "fall": {"dty": "0005", "stc": "0009", "lco": "000", "pri": 1},
}
WORDS: Final = {
    "received": "Your alarm has been received.",
    "being_handled": "Somebody is looking at your alarm.",
    "help_coming": "Help is coming.",
    "resolved": "Your alarm is closed.",
    "cannot_reach_anyone": "We cannot reach anyone. Please call 999 if you need help now.",
}


class Stub(Device):
    """A pendant with a button and fall detection. Courses: `press`, `fall`; else it only reports itself."""

    caps = ("alarm", "fall", "status")
    usual_model = "alongside-pendant1"

    def body_course(self) -> str:
        """Its own courses are alarms, which no body has."""
        return "steady" if self.spec.course in COURSES else super().body_course()

    def begin(self) -> None:
        """Raise the alarm of the course; with `every_s` in the plan, again and again."""
        kind = COURSES.get(self.spec.course or "")
        if kind is None:
            return
        self.raise_alarm(kind)
        if self.spec.every_s:
            self.rig.loop.call_later(self.spec.every_s / self.rig.speed, self.begin)

    def begin_once(self) -> None:
        """Press the button, or fall, once."""
        self.raise_alarm(COURSES.get(self.spec.course or "", "sos"))

    def raise_alarm(self, kind: str) -> str:
        """Keep and send an alarm of `kind` (`sos` or `fall`); returns its alarm id."""
        alarm = "a-" + wire.ulid()
        body: Body = {
            **self.head(),
            "alarm": alarm,
            "phase": "raise",
            "kind": kind,
            "raised": wire.local_time(wire.utc_now()),
            "scaip": SCAIP[kind],
            "voice": False,
        }
        self.keep(wire.ALARM, body)
        message_id = str(body["id"])
        self._tell_later(message_id, STILL_TRYING_S, "Still trying to reach help.")
        self._tell_later(message_id, SECOND_PATH_S, "Calling by the second path.")
        return alarm

    def again_after_s(self, kept: Kept, tries: int) -> float:
        """Alarms keep the contract's times, without spread; anything else waits like every device."""
        if kept.channel != wire.ALARM:
            return super().again_after_s(kept, tries)
        return QUICK_S if tries <= QUICK_TIMES else SLOW_S

    def again(self, kept: Kept) -> Body:
        """A repeat is a message of its own about the same alarm; a used id would hide it as a duplicate."""
        if kept.channel != wire.ALARM:
            return kept.body
        return {**kept.body, **self.head(), "phase": "repeat"}

    def alarm_state(self, said: Body) -> None:
        """Any state proves that the alarm arrived: stop repeating, and tell the person in words."""
        state, alarm = said.get("state"), said.get("alarm")
        if not isinstance(state, str) or state not in WORDS:
            return
        for kept in list(self.waiting.values()):
            if kept.body.get("alarm") == alarm:
                self.settled(kept, None)
        words = said.get("say")
        self.rig.show(self.id, f"{state}: {words if isinstance(words, str) else WORDS[state]}")

    def _tell_later(self, message_id: str, after_s: float, words: str) -> None:
        def tell() -> None:
            if message_id in self.waiting:
                self.rig.show(self.id, words)

        self.rig.loop.call_later(after_s, tell)


if __name__ == "__main__":
    raise SystemExit(run_one("pendant"))
